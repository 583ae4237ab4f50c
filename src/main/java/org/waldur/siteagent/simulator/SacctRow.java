package org.waldur.siteagent.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * A run as sacct shows it.
 *
 * @param start     epoch seconds; 0: unknown; {@link #NEVER}: it was over before it began
 * @param end       epoch seconds; 0: it is not over
 * @param elapsed   seconds that it ran
 * @param suspended seconds that it was suspended
 */
record SacctRow(SlurmRun run, long start, long end, long elapsed, long suspended) {
    static final long NEVER = -2;

    /** The whole run, up to now. */
    static SacctRow whole(SlurmRun run, long now) {
        long end = seconds(run.end());
        long start = end == 0 ? seconds(run.start()) : Math.min(seconds(run.start()), end);
        long suspended = run.suspensions().stream().mapToLong(time -> (time.to() == null ? now : seconds(time.to())) - seconds(time.from())).sum();
        long elapsed = start == 0 ? 0 : (end == 0 ? now : end) - start - suspended;
        return new SacctRow(run, start == 0 && end != 0 ? NEVER : start, end, Math.max(0, elapsed), suspended);
    }

    /** Clipped to a window. A suspension that is not over counts as running: slurmdbd 22.05 overlooks it. */
    static SacctRow clipped(SlurmRun run, long from, long to, long now) {
        long last = Math.min(to, now);
        long end = run.end() == null ? last : Math.min(seconds(run.end()), last);
        long start = seconds(run.start());
        start = run.end() == null ? start : Math.min(start, seconds(run.end()));
        start = start == 0 ? end : Math.max(start, from);
        long suspended = 0;
        for (SlurmRun.Suspension time : run.suspensions()) {
            boolean near = seconds(time.from()) < last && time.to() != null && seconds(time.to()) >= from;
            suspended += near ? Math.max(0, Math.min(end, seconds(time.to())) - Math.max(start, seconds(time.from()))) : 0;
        }
        return new SacctRow(run, start, end, Math.max(0, end - start - suspended), suspended);
    }

    static long seconds(Instant time) {
        return time == null ? 0 : time.getEpochSecond();
    }

    /** {@code 01:02:03}, or {@code 4-01:02:03} with days. */
    static String clockTime(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        String days = time.toDays() > 0 ? time.toDays() + "-" : "";
        return days + "%02d:%02d:%02d".formatted(time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart());
    }
}
