package org.waldur.siteagent.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs of jobs around some days, with what happens to jobs; many begin or end at a full day. */
public final class RandomRuns {
    static final long DAY = 86_400;
    private static final List<String> OVER = List.of("COMPLETED", "COMPLETED", "FAILED", "TIMEOUT", "CANCELLED by 0", "CANCELLED by 1234",
            "NODE_FAIL", "PREEMPTED", "OUT_OF_MEMORY");
    private final Random random;
    private final Instant first;
    private final int days;
    private final List<String> accounts;
    private final List<String> users;
    private final List<SlurmRun> runs = new ArrayList<>();
    private int id;

    /** @param first a midnight */
    public RandomRuns(Random random, Instant first, int days, List<String> accounts, List<String> users) {
        this.random = random;
        this.first = first;
        this.days = days;
        this.accounts = accounts;
        this.users = users;
    }

    /** Ids are above this one. */
    public RandomRuns numberedFrom(int number) {
        id = number;
        return this;
    }

    /** Everything that can happen. */
    public List<SlurmRun> all(int jobs) {
        for (int i = 0; i < jobs; i++) {
            String account = pick(accounts);
            String user = pick(users);
            switch (random.nextInt(12)) {
                case 0 -> waiting(account, user);
                case 1 -> array(account, user);
                case 2 -> several(account, user);
                case 3 -> resized(account, user);
                case 4 -> runs.add(open(ran(++id, account, user)));
                default -> runs.add(over(suspended(ran(++id, account, user))));
            }
        }
        return runs;
    }

    /** Only such as were never suspended. */
    public List<SlurmRun> unsuspended(int jobs) {
        return all(jobs).stream().filter(run -> run.suspensions().isEmpty()).toList();
    }

    /** A time within the days, to the second or at midnight. */
    Instant time() {
        return random.nextInt(4) == 0 ? first.plusSeconds(DAY * random.nextInt(days + 1)) : first.plusSeconds(random.nextLong(DAY * days));
    }

    private SlurmRun ran(int number, String account, String user) {
        Instant start = time();
        Instant end = switch (random.nextInt(6)) {
            case 0 -> start;
            case 1 -> later(start, 2 * DAY);
            case 2 -> start.plusSeconds(DAY);
            default -> later(start, 20_000);
        };
        SlurmRun run = SlurmRun.ran(number, account, user, start, end, tres()).limitedTo(
                pickOf(0L, 5L, 1440L, 525_600L, SlurmRun.UNLIMITED, SlurmRun.PARTITION_LIMIT));
        run = random.nextInt(3) == 0 ? run.submitted(start.minusSeconds(random.nextLong(3 * DAY))) : run;
        return random.nextInt(3) == 0 ? run.eligibleAt(later(run.submit(), start.getEpochSecond() - run.submit().getEpochSecond() + 1)) : run;
    }

    private SlurmRun over(SlurmRun run) {
        return run.end() == null ? run : run.inState(pick(OVER));
    }

    private SlurmRun suspended(SlurmRun run) {
        SlurmRun suspended = run;
        Instant from = run.start();
        while (random.nextInt(3) == 0 && run.end().isAfter(from)) {
            from = later(from, run.end().getEpochSecond() - from.getEpochSecond() + 1);
            Instant to = later(from, run.end().getEpochSecond() - from.getEpochSecond() + 1);
            if (!suspended.suspensions().isEmpty() && !from.isAfter(suspended.suspensions().get(suspended.suspensions().size() - 1).from())) {
                break;
            }
            suspended = suspended.suspended(from, to);
            from = to;
        }
        return suspended;
    }

    private SlurmRun open(SlurmRun run) {
        SlurmRun open = SlurmRun.ran(run.id(), run.account(), run.user(), run.start(), null, run.allocTres()).submitted(run.submit());
        SlurmRun before = suspended(run);
        for (SlurmRun.Suspension time : before.suspensions()) {
            open = open.suspended(time.from(), time.to());
        }
        return random.nextInt(3) == 0 && run.end().isBefore(Instant.now()) ? open.suspended(run.end().plusSeconds(1), null) : open;
    }

    private void waiting(String account, String user) {
        SlurmRun run = SlurmRun.pending(++id, account, user, time());
        run = random.nextInt(3) == 0 ? run.eligibleAt(null) : random.nextInt(3) == 0 ? run.eligibleAt(later(run.submit(), DAY)) : run;
        runs.add(random.nextBoolean() ? run : run.ended(later(run.submit(), DAY), "CANCELLED by 0"));
    }

    private void array(String account, String user) {
        int array = ++id;
        for (int task = 1; task < 4; task++) {
            runs.add(over(suspended(ran(task == 3 ? array : ++id, account, user))).task(array, task));
        }
    }

    /** Components of a heterogeneous job, or runs of one that was requeued. */
    private void several(String account, String user) {
        int leader = ++id;
        if (random.nextBoolean()) {
            runs.add(over(ran(leader, account, user)).component(leader, 0));
            runs.add(over(ran(++id, account, user)).component(leader, 1));
            return;
        }
        Instant start = time();
        for (int run = 0; run < 3; run++) {
            Instant end = later(start, 9_000);
            SlurmRun next = SlurmRun.ran(leader, account, user, start, end, tres());
            runs.add(run < 2 ? next.inState("REQUEUED") : random.nextBoolean() ? next
                    : SlurmRun.pending(leader, account, user, end.plusSeconds(1)));
            start = end.plusSeconds(120 + random.nextInt(4000));
        }
    }

    private void resized(String account, String user) {
        SlurmRun before = ran(++id, account, user);
        runs.add(before.inState("RESIZING"));
        runs.add(SlurmRun.ran(id, account, user, before.end(), later(before.end(), 5_000), tres()).submitted(before.end().plusSeconds(1))
                .eligibleAt(before.end()));
    }

    private String tres() {
        int cpus = 1 + random.nextInt(64);
        String plain = "billing=" + cpus * 2 + ",cpu=" + cpus + ",mem=" + random.nextInt(500_000) + "M,node=" + (1 + random.nextInt(2));
        return plain + switch (random.nextInt(5)) {
            case 0 -> ",gres/gpu=" + (1 + random.nextInt(8));
            case 1 -> ",gres/gpu=3,gres/gpu:a100=2,gres/gpu:v100=1";
            case 2 -> ",license/matlab=" + random.nextInt(5);
            default -> "";
        };
    }

    private Instant later(Instant time, long atMost) {
        return time.plusSeconds(random.nextLong(Math.max(1, atMost)));
    }

    @SafeVarargs
    private <T> T pickOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
