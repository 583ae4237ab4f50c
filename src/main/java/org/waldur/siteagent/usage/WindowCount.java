package org.waldur.siteagent.usage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what ran within one window, to the second. sacct gives each run as a whole, so it is clipped here ({@code --truncate} would cost
 * slurmdbd a query per job). Only of runs that were suspended and reach over a border of the window is more to be asked: when that was.
 */
public final class WindowCount {
    /** Somebody who wants to know what a sum is made of. A window may be begun again, and only the last time holds. */
    interface Listener {
        default void begin(Window window) {
        }

        void counted(Window window, JobRun run, long seconds);

        default void end(WindowCount count) {
        }
    }

    private final Window window;
    private final LiveJobs live;
    private final Listener listener;
    private final Consumption.Sum sum = new Consumption.Sum();
    private final Map<String, JobRun> interrupted = new TreeMap<>();
    private final Map<String, LiveJobs.Runaway> runaways = new HashMap<>();
    /** Seconds of the window in which interrupted runs that are suspended now were not, as far as their open suspension is not counted. */
    private final Map<String, Long> paused = new TreeMap<>();
    private long rows;
    private boolean open;

    WindowCount(Window window, LiveJobs live, Listener listener) {
        this.window = window;
        this.live = live;
        this.listener = listener;
    }

    /** A run as sacct gives it without {@code --truncate}. */
    void add(JobRun given) {
        rows++;
        JobRun run = given;
        if (given.open()) {
            LiveJobs.Runaway judged = live.judge(given);
            if (!judged.why().isEmpty()) {
                runaways.put(given.key(), judged);
                run = until(given, judged.countedTo());
            }
        }
        long from = Math.max(run.start(), window.from());
        long to = Math.min(run.end(), window.to());
        if (to <= from) {
            return;
        }
        open |= run.open() && run == given;
        if (run.suspended() == 0) {
            count(run, to - from);
        } else if (from == run.start() && to == run.end()) {
            count(run, Math.max(0, to - from - run.suspended()));
        } else {
            interrupted.put(key(run.id(), from), run);
        }
    }

    /** The run cut at a moment; what it was suspended is believed to have been before that. */
    private static JobRun until(JobRun run, long moment) {
        return new JobRun(run.id(), run.owner(), run.start(), Math.max(run.start(), moment), true, run.paused(), run.elapsed(), run.suspended(), run.limit(), run.tres());
    }

    private void count(JobRun run, long seconds) {
        if (seconds > 0) {
            sum.add(run, seconds);
            listener.counted(window, run, seconds);
        }
    }

    private static String key(long id, long from) {
        return id + ":" + from;
    }

    /** Ids of the jobs that sacct is to be asked about once more, with {@code --truncate} for this window. */
    List<Long> interrupted() {
        return interrupted.values().stream().map(JobRun::id).distinct().toList();
    }

    /** A run as sacct gives it with {@code --truncate} for this window, and its State. Runs that were counted already are none of our business. */
    void addTruncated(JobRun truncated) {
        String key = key(truncated.id(), truncated.start());
        JobRun run = interrupted.get(key);
        if (run == null) {
            return;
        }
        if (truncated.paused()) {
            paused.put(key, truncated.elapsed());
        } else {
            interrupted.remove(key);
            count(run, Math.min(truncated.elapsed(), run.end() - Math.max(run.start(), window.from())));
        }
    }

    /**
     * Ids of those that are suspended at this moment. Slurm's {@code --truncate} takes the suspension that has not ended for running time,
     * so sacct is to be asked a third time, with {@code --truncate} for their whole life: that tells how long the others were.
     */
    List<Long> paused() {
        return paused.keySet().stream().map(key -> interrupted.get(key).id()).distinct().toList();
    }

    /** A run as sacct gives it with {@code --truncate} for its whole life. */
    void addWhole(JobRun whole) {
        for (String key : List.copyOf(paused.keySet())) {
            JobRun run = interrupted.get(key);
            if (run.id() == whole.id() && run.start() == whole.start()) {
                long begin = run.end() - Math.max(0, run.suspended() - whole.suspended());
                long overlap = Math.max(0, Math.min(run.end(), window.to()) - Math.max(begin, window.from()));
                interrupted.remove(key);
                count(run, Math.max(0, paused.remove(key) - overlap));
            }
        }
    }

    /** Throws {@link UsageUnknown} if sacct has not said of each interrupted run how long it ran here. */
    Consumption total() {
        if (!interrupted.isEmpty()) {
            throw new UsageUnknown("sacct does not say how long these jobs ran between " + window.getStart() + " and " + window.getEnd() + ", although they were suspended: "
                    + new ArrayList<>(interrupted()).subList(0, Math.min(10, interrupted.size())));
        }
        return sum.total();
    }

    /** Whether sacct gave nothing at all, which it also does when slurmdbd could not read its database. */
    public boolean isEmpty() {
        return rows == 0;
    }

    /** Whether a run that is not over belongs to this window, so that its sum may still change. */
    boolean isOpen() {
        return open;
    }

    Map<String, LiveJobs.Runaway> runaways() {
        return runaways;
    }
}
