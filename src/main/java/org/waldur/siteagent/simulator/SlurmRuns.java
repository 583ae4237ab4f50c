package org.waldur.siteagent.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The runs that slurmdbd has recorded, and which of the jobs slurmctld knows. */
final class SlurmRuns {
    private static final String ONE_CPU = "billing=1,cpu=1,mem=1024M,node=1";

    /** Now, for jobs that are not over. */
    Clock clock = Clock.systemUTC();
    private final Map<Key, SlurmRun> runs = new LinkedHashMap<>();
    private final Set<Integer> forgotten = new HashSet<>();
    /** Jobs that are over for slurmdbd and still cleaned up by slurmctld, until when. */
    private final Map<SlurmJob, Instant> completing = new HashMap<>();
    private int lastJob;

    private record Key(int id, Instant submit) {
    }

    /** Now, in full seconds. */
    Instant now() {
        return Instant.ofEpochSecond(clock.instant().getEpochSecond());
    }

    /** Adds a run; one with the same id and time of submission is replaced. */
    void put(SlurmRun run) {
        lastJob = Math.max(lastJob, run.id());
        runs.put(new Key(run.id(), run.submit()), run);
    }

    int submit(String account, String user, String state) {
        Instant now = now();
        SlurmRun run = state.equals("PENDING") ? SlurmRun.pending(lastJob + 1, account, user, now)
                : SlurmRun.ran(lastJob + 1, account, user, now, null, ONE_CPU).submitted(now);
        put(state.equals("SUSPENDED") ? run.suspended(now, null) : run.inState(state));
        return lastJob;
    }

    Collection<SlurmRun> all() {
        return runs.values();
    }

    void clear() {
        runs.clear();
        completing.clear();
        forgotten.clear();
    }

    /** slurmctld does not know this job any more: a runaway. */
    void forget(int id) {
        forgotten.add(id);
    }

    /** What slurmctld knows, by id. */
    List<SlurmJob> known() {
        return jobs(run -> !forgotten.contains(run.id()));
    }

    /** What keeps a user from being removed, by id: runaways, too. */
    List<SlurmJob> active() {
        return jobs(run -> true);
    }

    private List<SlurmJob> jobs(Predicate<SlurmRun> which) {
        completing.values().removeIf(end -> !end.isAfter(Instant.now()));
        Stream<SlurmJob> open = runs.values().stream().filter(run -> run.end() == null).filter(which)
                .map(run -> new SlurmJob(run.id(), run.account(), run.user(), run.state()));
        return Stream.concat(open, completing.keySet().stream()).sorted(Comparator.comparingInt(SlurmJob::id)).toList();
    }

    /** Ends a job. @param stays how long slurmctld shows it as COMPLETING */
    void cancel(SlurmJob job, Duration stays) {
        List<SlurmRun> open = runs.values().stream().filter(run -> run.id() == job.id() && run.end() == null).toList();
        for (SlurmRun run : open) {
            Instant now = now();
            put(run.ended(run.start() != null && run.start().isAfter(now) ? run.start() : now, "CANCELLED by 0"));
            completing.put(new SlurmJob(job.id(), job.account(), job.user(), "COMPLETING"), Instant.now().plus(stays));
        }
    }
}
