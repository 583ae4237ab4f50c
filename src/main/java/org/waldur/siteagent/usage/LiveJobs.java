package org.waldur.siteagent.usage;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.waldur.siteagent.waldur.Text;

/**
 * Which jobs slurmctld knows, and up to when a run is counted that is not over in slurmdbd. slurmctld may have lost a job (a crash, a node
 * that failed) that slurmdbd would count for ever: a runaway. {@code sacctmgr show runaway} mends it, and takes back all of its usage.
 *
 * @param asked    when squeue was asked, in epoch seconds; sacct was asked after it
 * @param ids      raw ids of the jobs that it showed
 * @param before   when it was asked the time before that, or rather up to when runs were counted then; 0 if nobody knows
 * @param runaways runs that were found to be runaways, by {@link JobRun#key}, and up to when they are counted
 * @param grace    seconds that a run may go on after its time limit, as slurmctld allows some
 */
record LiveJobs(long asked, Set<Long> ids, long before, Map<String, Long> runaways, long grace) {
    /** A job that has only just begun may not have been there for squeue. */
    private static final long MARGIN = 60;

    /** A run that is not counted further. */
    record Runaway(JobRun run, long countedTo, String why) {
    }

    /** @param squeue the lines of {@code squeue --all --array --noheader --states=all --format=%A} */
    static Set<Long> ids(String squeue) {
        if (!squeue.isEmpty() && !squeue.endsWith("\n")) {
            throw new UsageUnknown("the answer of squeue is cut: its last line has no end");
        }
        Set<Long> ids = new HashSet<>();
        for (String line : squeue.split("\n")) {
            if (!line.isBlank()) {
                ids.add(id(line.strip()));
            }
        }
        return ids;
    }

    private static long id(String line) {
        if (line.length() > 18 || !line.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new UsageUnknown("squeue printed '" + Text.oneLine(line, 200) + "' where the id of a job belongs");
        }
        return Long.parseLong(line);
    }

    /** Whether a run that is not over is counted as long as slurmdbd says; if not, up to when, and why. */
    Runaway judge(JobRun run) {
        if (!ids.contains(run.id()) && run.start() < asked - MARGIN) {
            long seen = runaways.getOrDefault(run.key(), Math.max(run.start(), before));
            return new Runaway(run, Math.min(seen, run.end()), "squeue does not know it");
        }
        // with the grace, because up to there it was counted while it was not yet long past its limit
        long latest = run.limit() == JobRun.UNLIMITED ? Long.MAX_VALUE : run.start() + run.suspended() + run.limit() + grace;
        return latest < run.end() ? new Runaway(run, latest, "it is long past its time limit of " + run.limit() / 60 + " minutes")
                : new Runaway(run, run.end(), "");
    }
}
