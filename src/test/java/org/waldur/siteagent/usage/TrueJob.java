package org.waldur.siteagent.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.SlurmRun.Suspension;

/**
 * What really happens to one run of a job, and what slurmdbd knows of it at any moment.
 *
 * @param run  as it is when all is over; without an end it goes on for ever
 * @param over when slurmdbd hears that it is over: later than its end if it is cancelled while it is suspended
 */
record TrueJob(SlurmRun run, Instant over) {

    static TrueJob of(SlurmRun run) {
        return new TrueJob(run, run.end());
    }

    /** The row of the run at a moment; empty before it is submitted. */
    Optional<SlurmRun> at(Instant now) {
        if (run.submit().isAfter(now)) {
            return Optional.empty();
        }
        if (over != null && !over.isAfter(now)) {
            return Optional.of(run);
        }
        if (run.start() == null || run.start().isAfter(now)) {
            SlurmRun waiting = SlurmRun.pending(run.id(), run.account(), run.user(), run.submit()).eligibleAt(run.eligible());
            return Optional.of(waiting);
        }
        List<Suspension> so = new ArrayList<>();
        for (Suspension suspension : run.suspensions()) {
            boolean untilOver = over != null && over.isAfter(run.end()) && suspension == run.suspensions().get(run.suspensions().size() - 1);
            if (!suspension.from().isAfter(now)) {
                so.add(suspension.to() == null || suspension.to().isAfter(now) || untilOver ? new Suspension(suspension.from(), null) : suspension);
            }
        }
        boolean suspended = so.stream().anyMatch(s -> s.to() == null);
        return Optional.of(new SlurmRun(run.id(), run.jobId(), run.account(), run.user(), run.submit(), run.eligible(), run.start(), null, so,
                run.allocTres(), run.timelimit(), suspended ? "SUSPENDED" : "RUNNING"));
    }

    boolean ranAtAll() {
        return run.start() != null;
    }

    /** Whether it ran in the second that begins then, as far as that is known at a moment. */
    boolean ranIn(long second, Instant now) {
        return ranAtAll() && run.start().getEpochSecond() <= second && second < now.getEpochSecond()
                && (run.end() == null || second < run.end().getEpochSecond())
                && run.suspensions().stream().noneMatch(s -> s.from().getEpochSecond() <= second && (s.to() == null || second < s.to().getEpochSecond()));
    }
}
