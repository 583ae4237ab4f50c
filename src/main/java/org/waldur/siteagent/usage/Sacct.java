package org.waldur.siteagent.usage;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.exec.Stopping;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.slurm.Accounts;

/** What the routes that read usage compute with. Bean {@code sacct}; what it keeps between two cycles is in files only. */
public final class Sacct {
    private static final Logger LOG = LoggerFactory.getLogger("usage");
    private final UsageFiles files;
    private final Clock clock;
    private final boolean dryRun;
    private final WindowCount.Listener listener;
    private volatile LongConsumer rows = number -> { };

    /**
     * @param dryRun   no file is written
     * @param listener hears of each run that is counted
     */
    Sacct(Path stateDir, Clock clock, boolean dryRun, WindowCount.Listener listener) {
        this.files = new UsageFiles(stateDir);
        this.clock = clock;
        this.dryRun = dryRun;
        this.listener = listener;
    }

    public Sacct(Path stateDir, Clock clock, boolean dryRun) {
        this(stateDir, clock, dryRun, (window, run, seconds) -> { });
    }

    /** One that writes no file, and tells what it counts. */
    public Sacct(Path stateDir, Clock clock, Explanation explanation) {
        this(stateDir, clock, true, explanation);
    }

    /** Tells somebody how many rows of sacct were read, each time that some were. */
    public Sacct onRows(LongConsumer listening) {
        rows = listening;
        return this;
    }

    /** Nothing is read yet. A cycle keeps what it has read, because several offerings may be served by one cluster. */
    public Map<String, Reading> none() {
        return new ConcurrentHashMap<>();
    }

    /** What this cycle has already read of the cluster of an offering; null if it has not. */
    public Reading read(Map<String, Reading> readings, Offering offering) {
        return readings.get(cluster(offering));
    }

    /** Offerings for which this is the same are served by one reading. */
    static String cluster(Offering offering) {
        return offering.backend().slurmBinPath() + " " + offering.backend().clusterName().orElse("") + " " + offering.billingTimezone();
    }

    /**
     * Begins to read a cluster. If only some accounts are read, nothing that is remembered is used, and nothing is remembered.
     *
     * @param holders  of all accounts that somebody is to be told the usage of
     * @param squeue   what {@code squeue --array --states=all --format=%A} printed, right before
     * @param only     accounts with commas between; empty: all of the cluster
     * @param days     in a window
     * @param anew     hours after which finished days are read again; 0: at once
     * @param grace    minutes that a run may go on after its time limit
     */
    public Reading begin(Map<String, Reading> readings, Offering offering, List<YearMonth> months, Accounts accounts, Holders holders, String squeue, String only, int days,
            int anew, int grace) {
        Instant now = clock.instant();
        UsageFiles.Jobs jobs = files.jobs(accounts.cluster());
        LiveJobs live = new LiveJobs(now.getEpochSecond(), LiveJobs.ids(squeue), jobs.asked(), jobs.runaways(), Duration.ofMinutes(grace).toSeconds());
        Reading reading = new Reading(accounts, offering.billingTimezone(), now, live, holders, !only.isBlank());
        months.forEach(month -> reading.add(month, only.isBlank() ? finished(accounts.cluster(), month, offering.billingTimezone(), now, anew) : Finished.none(now), days));
        readings.put(cluster(offering), reading);
        return reading;
    }

    private Finished finished(String cluster, YearMonth month, ZoneId zone, Instant now, int anew) {
        Finished finished = files.finished(cluster, month, zone, now);
        if (finished.isFresh(now, Duration.ofHours(anew))) {
            return finished;
        }
        if (anew > 0 && !finished.windows().isEmpty()) {
            LOG.info("All of {} is read again, because records may have come late; that is done every {} hours", month, anew);
        }
        return finished.anew(now);
    }

    /** Whether a window is still worth reading: another one of its month is not Unknown. */
    public boolean mayBeKnown(Reading reading, Window window) {
        return !reading.isUnknown(window);
    }

    /** Counts a window; throws {@link UsageUnknown} for what cannot be believed. */
    public WindowCount count(Reading reading, Window window, CommandOutput output) {
        listener.begin(window);
        WindowCount count = new WindowCount(window, reading.live(), reading.holders(), listener);
        LongAdder seen = new LongAdder();
        SacctReader.read(output, reading.accounts().cluster(), run -> {
            seen.increment();
            count.add(run);
        });
        rows.accept(seen.sum());
        return count;
    }

    /** Comma lists of the jobs that sacct is to be asked about with {@code --truncate} for the window. */
    public List<String> interrupted(WindowCount count) {
        return lists(count.interrupted());
    }

    /** Comma lists of the jobs that sacct is to be asked about with {@code --truncate} for their whole life. */
    public List<String> paused(WindowCount count) {
        return lists(count.paused());
    }

    private static List<String> lists(List<Long> ids) {
        return Portions.of(ids).stream().map(part -> String.join(",", part.stream().map(String::valueOf).toList())).toList();
    }

    public void truncated(Reading reading, WindowCount count, CommandOutput output) {
        SacctReader.read(output, reading.accounts().cluster(), count::addTruncated);
    }

    public void whole(Reading reading, WindowCount count, CommandOutput output) {
        SacctReader.read(output, reading.accounts().cluster(), count::addWhole);
    }

    public void counted(Reading reading, Window window, WindowCount count) {
        reading.counted(window, count);
        listener.end(count);
    }

    /** A window is Unknown, and so is its month. That the agent stops is no failure. */
    public void unknown(Reading reading, Window window, Throwable cause) {
        String why = cause.getMessage();
        reading.unknown(window, why);
        LOG.atLevel(cause instanceof Stopping ? Level.DEBUG : Level.ERROR).log("What was used in {} is unknown, and nothing of it is told to Waldur: {}", window.month(), why);
    }

    /** All windows were asked for. Runaways are said, and what is finished is remembered. */
    public void end(Reading reading) {
        reading.end();
        Map<String, Long> runaways = new HashMap<>();
        for (LiveJobs.Runaway runaway : reading.runaways()) {
            JobRun run = runaway.run();
            runaways.put(run.key(), runaway.countedTo());
            LOG.warn("Job {} of {} in {} is running for slurmdbd, and {}: it is counted up to {} and no further; see sacctmgr show runaway", run.id(), run.user(),
                    run.account(), runaway.why(), Instant.ofEpochSecond(runaway.countedTo()));
        }
        if (dryRun || reading.isPartial()) {
            return;
        }
        String cluster = reading.accounts().cluster();
        reading.news().forEach((month, finished) -> files.write(cluster, month, reading.zone(), finished));
        files.keepOnly(cluster, Set.copyOf(reading.known().keySet()));
        // otherwise nobody knows which runs are runaways, and those that are would be counted up to now
        if (reading.sawOpenRuns()) {
            files.write(cluster, new UsageFiles.Jobs(reading.countedTo(), runaways));
        }
    }
}
