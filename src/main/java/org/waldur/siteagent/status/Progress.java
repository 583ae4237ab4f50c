package org.waldur.siteagent.status;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.waldur.siteagent.config.Mode;

/**
 * Whether each mode gets on. A mode makes progress when a cycle of it begins or ends, and when a request or a command in it has ended; each of
 * these has a deadline, so whoever makes none for longer than that and his period hangs.
 */
public final class Progress {
    /** More than the deadline of any command or request. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(15);
    private final Map<Mode, Duration> limits = new TreeMap<>();
    private final Map<Mode, Long> last = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /**
     * @param periods  the modes that run, and how often
     * @param nanoTime as {@link System#nanoTime}: a clock that nobody sets
     */
    public Progress(Map<Mode, Duration> periods, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        periods.forEach((mode, period) -> limits.put(mode, period.plus(LONGEST_STEP)));
        limits.keySet().forEach(this::made);
    }

    /** The mode has done something. */
    public void made(Mode mode) {
        last.put(mode, nanoTime.getAsLong());
    }

    /** Which mode hangs, and for how long; empty: none does. */
    public Optional<String> stuck() {
        return limits.keySet().stream().filter(mode -> idle(mode).compareTo(limits.get(mode)) > 0)
                .map(mode -> mode.key() + " has done nothing for " + Status.age(idle(mode))).findFirst();
    }

    private Duration idle(Mode mode) {
        return Duration.ofNanos(nanoTime.getAsLong() - last.get(mode));
    }

    /** How long it may take at the most until some mode makes progress again, as long as all is well. */
    public Duration gap() {
        return limits.values().stream().min(Duration::compareTo).orElse(LONGEST_STEP);
    }
}
