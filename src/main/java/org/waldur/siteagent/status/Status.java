package org.waldur.siteagent.status;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.record.DeadLetter;

/**
 * How the agent is, as it stands in the state directory, whichever process wrote it there.
 *
 * @param letters what failed for good and is not over
 */
public record Status(Instant at, List<ModeStatus> modes, List<DeadLetter> letters) {
    private static final int MISSED = 3;
    private static final Duration GRACE = Duration.ofMinutes(10);

    /** The worst comes last. */
    public enum State {
        /** No cycle has ended: nobody runs this mode here, or not for long. */
        NEVER,
        GOOD,
        /** Something waits for an operator. */
        HELD,
        /** The last cycle wrote dead letters. */
        FAILED,
        /** No cycle has ended for three periods and ten minutes, although one did before. */
        OVERDUE;

        /** As it is written and read by programs. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param age of the last cycle that ended; empty: none did */
    public record ModeStatus(Mode mode, State state, Optional<Duration> age, Optional<CycleStatus> cycles) {
        /** The last cycle that ended. */
        public Optional<CycleStatus.Outcome> last() {
            return cycles.map(CycleStatus::last);
        }

        static ModeStatus of(Mode mode, Duration period, Optional<CycleStatus> cycles, Instant now) {
            Optional<CycleStatus.Outcome> last = cycles.map(CycleStatus::last);
            Optional<Duration> age = last.flatMap(outcome -> moment(outcome.ended())).map(ended -> Duration.between(ended, now));
            boolean late = age.isPresent() && age.get().compareTo(period.multipliedBy(MISSED).plus(GRACE)) > 0;
            boolean held = last.stream().flatMap(outcome -> outcome.plans().stream()).flatMap(plan -> plan.held().stream()).anyMatch(CycleStatus.Held::operator);
            State state = last.isEmpty() ? State.NEVER : late ? State.OVERDUE : !last.get().isGood() ? State.FAILED : held ? State.HELD : State.GOOD;
            return new ModeStatus(mode, state, age, cycles);
        }
    }

    /**
     * Reads the state directory.
     *
     * @param periods the modes to look at, and how often their cycles are
     */
    public static Status read(Path stateDir, Map<Mode, Duration> periods, List<DeadLetter> letters, Instant now) {
        CycleFiles files = new CycleFiles(stateDir);
        List<ModeStatus> modes = periods.keySet().stream().sorted().map(mode -> ModeStatus.of(mode, periods.get(mode), files.read(mode), now)).toList();
        return new Status(now, modes, List.copyOf(letters));
    }

    /** The worst of all modes and dead letters. */
    public State state() {
        Stream<State> ofLetters = letters.stream().map(letter -> letter.held() ? State.HELD : State.FAILED);
        return Stream.concat(modes.stream().map(ModeStatus::state), ofLetters).max(Comparator.naturalOrder()).orElse(State.NEVER);
    }

    /** Whether cycles come when they should: one has ended, and none is overdue. */
    public boolean isReady() {
        return modes.stream().anyMatch(mode -> mode.state() != State.NEVER) && modes.stream().noneMatch(mode -> mode.state() == State.OVERDUE);
    }

    /** Empty for what is no moment. */
    static Optional<Instant> moment(String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Like {@code 3 min}: the largest unit that fits. */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
