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

    /**
     * A run that was suspended, of which only a part lies in the window.
     *
     * @param asked the moment at which slurmdbd gave it
     */
    private record Part(JobRun run, long asked) {
    }

    private final Window window;
    private final LiveJobs live;
    private final Holders holders;
    private final Listener listener;
    private final Consumption.Sum sum = new Consumption.Sum();
    private final Map<String, Part> interrupted = new TreeMap<>();
    private final Map<String, LiveJobs.Runaway> runaways = new HashMap<>();
    /** Of parts that are suspended at this moment: for how many seconds of the window they were before that. */
    private final Map<String, Long> paused = new TreeMap<>();
    private long latest;
    private boolean empty = true;
    private boolean lasting;
    private boolean open;

    WindowCount(Window window, LiveJobs live, Holders holders, Listener listener) {
        this.window = window;
        this.live = live;
        this.holders = holders;
        this.listener = listener;
    }

    /** A run as sacct gives it without {@code --truncate}. */
    void add(JobRun given) {
        empty = false;
        lasting |= !given.open();
        // one that is cut at its limit will be over one day, and then is counted as it ran
        open |= given.open() && from(given) < to(given) && live.ids().contains(given.id());
        JobRun run = given.open() ? judged(given) : given;
        long from = from(run);
        long to = to(run);
        if (to <= from) {
            return;
        }
        if (run.suspended() == 0) {
            count(run, to - from);
        } else if (from == run.start() && to == run.end()) {
            count(run, to - from - run.suspended());
        } else if (interrupted.put(key(run.id(), from), new Part(run, given.end())) != null) {
            throw new UsageUnknown("slurmdbd has two runs of job " + run.id() + " at the same time; see sacctmgr show runaway");
        }
    }

    private JobRun judged(JobRun given) {
        LiveJobs.Runaway judged = live.judge(given);
        if (judged.why().isEmpty()) {
            latest = Math.max(latest, given.end());
            return given;
        }
        runaways.put(given.key(), judged);
        return until(given, judged.countedTo());
    }

    /** The run cut at a moment; what it was suspended is believed to have been before that. */
    private static JobRun until(JobRun run, long moment) {
        return new JobRun(run.id(), run.owner(), run.start(), Math.max(run.start(), moment), true, run.paused(), run.elapsed(), run.suspended(), run.limit(), run.tres());
    }

    private void count(JobRun run, long seconds) {
        if (seconds > 0) {
            String key = holders.key(run.account(), run.start());
            JobRun counted = key.equals(run.account()) ? run : run.in(key);
            sum.add(counted, seconds);
            listener.counted(window, counted, seconds);
        }
    }

    private static String key(long id, long from) {
        return id + ":" + from;
    }

    /** Ids of the jobs that sacct is to be asked about once more, with {@code --truncate} for this window. */
    List<Long> interrupted() {
        return interrupted.values().stream().map(part -> part.run.id()).distinct().toList();
    }

    /** A run as sacct gives it with {@code --truncate} for this window, and its State. Runs that were counted already are none of our business. */
    void addTruncated(JobRun truncated) {
        String key = key(truncated.id(), truncated.start());
        // a job that was resized may have another run that ended in the very second
        if (!interrupted.containsKey(key) || truncated.end() <= truncated.start()) {
            return;
        }
        if (truncated.paused()) {
            paused.put(key, truncated.suspended());
        } else {
            count(key, truncated.suspended());
        }
    }

    /**
     * Ids of those that are suspended at this moment. Slurm's {@code --truncate} takes the suspension that has not ended for running time,
     * so sacct is to be asked a third time, with {@code --truncate} for their whole life: that tells how long the others were.
     */
    List<Long> paused() {
        return paused.keySet().stream().map(key -> interrupted.get(key).run.id()).distinct().toList();
    }

    /** A run as sacct gives it with {@code --truncate} for its whole life, and its State. One that goes on by now stays Unknown. */
    void addWhole(JobRun whole) {
        for (String key : List.copyOf(paused.keySet())) {
            Part part = interrupted.get(key);
            JobRun run = part.run;
            if (run.id() == whole.id() && run.start() == whole.start() && whole.end() > whole.start() && whole.paused()) {
                long begin = part.asked - Math.max(0, run.suspended() - whole.suspended());
                count(key, paused.remove(key) + Math.max(0, to(run) - Math.max(begin, from(run))));
            }
        }
    }

    /** Counts a part, whose end is that of the first answer: whatever has happened since then is for the next reading. */
    private void count(String key, long suspended) {
        JobRun run = interrupted.remove(key).run;
        count(run, to(run) - from(run) - suspended);
    }

    private long from(JobRun run) {
        return Math.max(run.start(), window.from());
    }

    private long to(JobRun run) {
        return Math.min(run.end(), window.to());
    }

    /** Throws {@link UsageUnknown} if sacct has not said of each interrupted run how long it ran here. */
    Consumption total() {
        if (!interrupted.isEmpty()) {
            throw new UsageUnknown("sacct does not say how long these jobs ran between " + window.getStart() + " and " + window.getEnd() + ", although they were suspended: "
                    + new ArrayList<>(interrupted()).subList(0, Math.min(10, interrupted().size())));
        }
        return sum.total();
    }

    /** Whether sacct gave no run at all, which it also does when slurmdbd could not read its database. */
    public boolean isEmpty() {
        return empty;
    }

    /** Whether sacct gave runs that are over, and that it will therefore always give. */
    boolean isLasting() {
        return lasting;
    }

    /** Whether a run that is not over, and that slurmctld knows, belongs to this window, so that its sum may still change. */
    boolean isOpen() {
        return open;
    }

    /** Up to when, by the clock of slurmdbd, runs that are not over were counted; 0 if there are none. */
    long latest() {
        return latest;
    }

    Map<String, LiveJobs.Runaway> runaways() {
        return runaways;
    }
}
