package org.waldur.siteagent.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.waldur.siteagent.simulator.SlurmRun;

/** Jobs with all that happens to jobs, much of it right at midnight of the billing time zone, a second before or a second after. */
final class RandomJobs {
    private static final List<String> ACCOUNTS = List.of("hpc_a", "hpc_b", "root");
    private static final List<String> USERS = List.of("amy", "bob", "eve");
    private final Random random;
    private final LocalDate first;
    private final int days;
    private final ZoneId zone;
    private final List<TrueJob> jobs = new ArrayList<>();
    private int id;

    RandomJobs(Random random, LocalDate first, int days, ZoneId zone) {
        this.random = random;
        this.first = first;
        this.days = days;
        this.zone = zone;
    }

    List<TrueJob> some(int number) {
        for (int i = 0; i < number; i++) {
            switch (random.nextInt(10)) {
                case 0 -> waiting();
                case 1 -> requeued();
                case 2 -> resized();
                case 3 -> together();
                case 4 -> endless();
                default -> add(interrupted(run(++id, moment())));
            }
        }
        return jobs;
    }

    /** Within the days, often at midnight. */
    Instant moment() {
        LocalDate day = first.plusDays(random.nextInt(days));
        return switch (random.nextInt(3)) {
            case 0 -> day.atStartOfDay(zone).toInstant();
            case 1 -> day.atStartOfDay(zone).toInstant().plusSeconds(random.nextInt(3) - 1);
            default -> day.atStartOfDay(zone).toInstant().plusSeconds(random.nextInt(86_400));
        };
    }

    /** A later one, or the same. */
    private Instant after(Instant moment) {
        Instant later = random.nextInt(3) == 0 ? moment() : moment.plusSeconds(switch (random.nextInt(5)) {
            case 0 -> random.nextInt(3);
            case 1 -> random.nextInt(86_400);
            case 2 -> random.nextInt(40 * 86_400);
            default -> random.nextInt(7200);
        });
        return later.isBefore(moment) ? moment : later;
    }

    private Instant between(Instant from, Instant to) {
        Instant at = random.nextInt(3) == 0 ? moment() : from.plusSeconds(random.nextLong(to.getEpochSecond() - from.getEpochSecond() + 1));
        return at.isBefore(from) ? from : at.isAfter(to) ? to : at;
    }

    private SlurmRun run(int number, Instant start) {
        Instant end = after(start);
        SlurmRun run = SlurmRun.ran(number, pick(ACCOUNTS), pick(USERS), start, end, tres()).submitted(start.minusSeconds(random.nextInt(3) * 40_000L));
        long minutes = (end.getEpochSecond() - start.getEpochSecond()) / 60 + 1;
        return run.limitedTo(pick(List.of(SlurmRun.UNLIMITED, SlurmRun.PARTITION_LIMIT, 0L, minutes, minutes * 2)));
    }

    private SlurmRun interrupted(SlurmRun run) {
        SlurmRun suspended = run;
        Instant from = run.start();
        for (int i = random.nextInt(4); i > 0 && from.isBefore(run.end()); i--) {
            from = between(from, run.end());
            Instant to = between(from, run.end());
            suspended = suspended.suspended(from, to);
            from = to;
        }
        return suspended;
    }

    /** As it is over; now and then because it is cancelled, or sent back to the queue, while it is suspended. Gives when that was. */
    private Instant add(SlurmRun run) {
        boolean suspendedAtItsEnd = random.nextInt(8) == 0 && run.end().isAfter(run.start());
        TrueJob job = suspendedAtItsEnd ? new TrueJob(run.suspended(run.end(), run.end()), after(run.end().plusSeconds(1))) : TrueJob.of(run);
        jobs.add(job);
        return job.over();
    }

    private void waiting() {
        SlurmRun run = SlurmRun.pending(++id, pick(ACCOUNTS), pick(USERS), moment());
        run = random.nextInt(3) == 0 ? run.eligibleAt(null) : run;
        jobs.add(TrueJob.of(random.nextBoolean() ? run : run.ended(after(run.submit()), "CANCELLED by 0")));
    }

    private void requeued() {
        SlurmRun run = run(++id, moment());
        for (int i = random.nextInt(3); i >= 0; i--) {
            Instant over = add(interrupted(run).inState("REQUEUED"));
            Instant submit = over.plusSeconds(1);
            Instant start = after(submit);
            run = SlurmRun.ran(id, run.account(), run.user(), start, after(start), run.allocTres()).submitted(submit).limitedTo(SlurmRun.UNLIMITED);
        }
        add(interrupted(run));
    }

    /** A row for each size, the next one begins when the one before ends. */
    private void resized() {
        SlurmRun run = run(++id, moment());
        for (int i = random.nextInt(3); i >= 0; i--) {
            jobs.add(TrueJob.of(interrupted(run).inState("RESIZING")));
            Instant start = run.end();
            run = SlurmRun.ran(id, run.account(), run.user(), start, after(start), tres()).submitted(start).limitedTo(SlurmRun.UNLIMITED);
        }
        jobs.add(TrueJob.of(interrupted(run)));
    }

    /** Tasks of an array, or components of a heterogeneous job. */
    private void together() {
        int leader = ++id;
        boolean array = random.nextBoolean();
        for (int i = 0; i < 3; i++) {
            SlurmRun run = interrupted(run(i == 0 ? leader : ++id, moment()));
            add(array ? run.task(leader, i) : run.component(leader, i));
        }
    }

    /** Runs on, or is suspended and stays so. */
    private void endless() {
        SlurmRun over = interrupted(run(++id, moment()));
        SlurmRun open = SlurmRun.ran(id, over.account(), over.user(), over.start(), null, over.allocTres()).submitted(over.submit()).limitedTo(SlurmRun.UNLIMITED);
        for (SlurmRun.Suspension suspension : over.suspensions()) {
            open = open.suspended(suspension.from(), suspension.to());
        }
        jobs.add(TrueJob.of(random.nextBoolean() ? open : open.suspended(over.end(), null)));
    }

    private String tres() {
        int cpus = 1 + random.nextInt(128);
        String mem = pick(List.of(random.nextInt(500_000) + "M", "1.50G", "1.50K", "0.25T", "3072", "0"));
        return "billing=" + cpus * 3 + ",cpu=" + cpus + ",mem=" + mem + ",node=" + (1 + random.nextInt(3)) + pick(List.of("", ",gres/gpu=4",
                ",gres/gpu:a100=2,gres/gpu:v100=1", ",gres/gpu:a100=2,gres/gpu:v100=1,gres/gpu=3", ",license/matlab=2", ",license/comsol@host=1,license/matlab=1"));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
