package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.RandomRuns;
import org.waldur.siteagent.simulator.SlurmRun;

/**
 * What is told to Waldur of two months of jobs in a real slurmdbd, against what sreport counts for the same days. A table of both is written
 * to {@code target/usage-against-sreport.txt}.
 */
class RealSlurmUsageTest extends RealUsageSite {
    private static final long SEED = Long.getLong("slurm.contract.seed", 1);
    private static final int JOBS = Integer.getInteger("slurm.contract.jobs", 300);
    private static final String HELD = "billing=3,cpu=2,gres/gpu=1,mem=10M,node=1";
    private static final int RUNAWAY = 900_004;
    private static final Instant FIRST = begin(PREVIOUS);

    /** All days but today are over for it: what runs reaches to midnight. */
    @Test
    void jobsOfTwoMonthsAreReportedAsSreportCountsThem() throws IOException {
        allocations("plain-1", "plain-2", "mixed", "odd");
        List<SlurmRun> plain = random(1, "hpc_plain-1", "hpc_plain-2").stream().filter(run -> run.suspensions().isEmpty())
                .filter(run -> run.end() != null || !run.user().equals("dave")).toList();
        List<SlurmRun> mixed = random(100_000, "hpc_mixed");
        List<SlurmRun> odd = odd();
        List<SlurmRun> jobs = new ArrayList<>(plain);
        jobs.addAll(mixed);
        jobs.addAll(odd);
        lab.addJobs(jobs);
        slurmctldKnows(jobs.stream().filter(run -> run.end() == null && run.start() != null && run.id() != RUNAWAY).map(SlurmRun::id).toList());
        // what they did before is theirs all the same
        lab.sacctmgr("remove", "user", "dave", "account=hpc_plain-1,hpc_plain-2");
        site.now(TODAY.minusSeconds(1).toString());
        assertThat(report()).isZero();

        SortedMap<String, Long> told = told();
        SortedMap<String, Long> sreport = sreport();
        SortedMap<String, Long> ran = withTotals(seconds(jobs, true));
        SortedMap<String, Long> held = withTotals(seconds(jobs, false));
        write(told, sreport);
        assertThat(only(told, "hpc_plain.*")).as("seed %d: never suspended", SEED).isEqualTo(only(sreport, "hpc_plain.*")).isEqualTo(only(ran, "hpc_plain.*")).hasSizeGreaterThan(80);
        assertThat(only(told, "hpc_mixed.*")).as("seed %d: all kinds", SEED).isEqualTo(only(ran, "hpc_mixed.*")).isNotEqualTo(only(held, "hpc_mixed.*"));
        assertThat(only(sreport, "hpc_mixed.* cpu.*")).as("seed %d: sreport leaves out suspensions of CPUs", SEED).isEqualTo(only(ran, "hpc_mixed.* cpu.*"));
        assertThat(only(sreport, "hpc_mixed.* (mem|node|billing|gres/gpu).*")).as("seed %d: sreport charges suspensions of all else", SEED)
                .isEqualTo(only(held, "hpc_mixed.* (mem|node|billing|gres/gpu).*"));
        oddAreAsTheyAre(told, sreport);
    }

    /** Jobs all over the two months, and as many around the night between them. */
    private static List<SlurmRun> random(int number, String... accounts) {
        List<SlurmRun> runs = new ArrayList<>();
        Random random = new Random(SEED + number);
        Instant eve = begin(CURRENT).minus(2, ChronoUnit.DAYS);
        runs.addAll(new RandomRuns(random, FIRST, days(FIRST), List.of(accounts), Site.TEAM).numberedFrom(number).all(JOBS / 2));
        runs.addAll(new RandomRuns(random, eve, Math.min(4, days(eve)), List.of(accounts), Site.TEAM).numberedFrom(number + 50_000).all(JOBS / 4));
        return runs.stream().map(run -> run.end() == null ? run.limitedTo(SlurmRun.UNLIMITED) : run).toList();
    }

    private static int days(Instant from) {
        return (int) ChronoUnit.DAYS.between(from, TODAY);
    }

    /** One job for each way in which sreport counts otherwise. */
    private static List<SlurmRun> odd() {
        Instant start = begin(PREVIOUS).plus(20, ChronoUnit.DAYS).plusSeconds(80_000);
        SlurmRun over = SlurmRun.ran(900_001, "hpc_odd", "alice", start, start.plusSeconds(10_000), HELD);
        SlurmRun open = SlurmRun.ran(900_002, "hpc_odd", "bob", start, null, HELD).limitedTo(SlurmRun.UNLIMITED);
        return List.of(over.suspended(start.plusSeconds(5_000), start.plusSeconds(8_000)), open.suspended(start.plusSeconds(5_000), null),
                SlurmRun.ran(900_003, "hpc_odd", "carol", start, start.plusSeconds(10_000), "billing=3,cpu=2,gres/gpu:a100=1,gres/gpu:v100=2,mem=10M,node=1"),
                SlurmRun.ran(RUNAWAY, "hpc_odd", "dave", start, null, HELD).limitedTo(SlurmRun.UNLIMITED));
    }

    private static void oddAreAsTheyAre(SortedMap<String, Long> told, SortedMap<String, Long> sreport) {
        String month = "hpc_odd " + PREVIOUS;
        long toMonthEnd = begin(CURRENT).getEpochSecond() - begin(PREVIOUS).plus(20, ChronoUnit.DAYS).plusSeconds(80_000).getEpochSecond();
        assertThat(told).as("suspended for 3000 of 10,000 s").containsEntry(month + " cpu alice", 2 * 7_000L).containsEntry(month + " node alice", 7_000L);
        assertThat(sreport).containsEntry(month + " cpu alice", 2 * 7_000L).containsEntry(month + " node alice", 10_000L);
        assertThat(told).as("suspended since its 5000th second").containsEntry(month + " cpu bob", 2 * 5_000L).containsEntry(month + " mem bob", 10 * 5_000L)
                .doesNotContainKey("hpc_odd " + CURRENT + " mem bob");
        assertThat(sreport).containsEntry(month + " cpu bob", 2 * 5_000L).containsEntry(month + " mem bob", 10 * toMonthEnd);
        assertThat(told).as("GPUs by their types only").containsEntry(month + " gres/gpu carol", 3 * 10_000L);
        assertThat(sreport).doesNotContainKey(month + " gres/gpu carol").containsEntry(month + " cpu carol", 2 * 10_000L);
        assertThat(told.keySet()).as("squeue does not know it, and never did").noneMatch(key -> key.endsWith(" dave") && key.startsWith("hpc_odd"));
        assertThat(sreport).containsEntry(month + " cpu dave", 2 * toMonthEnd);
    }

    /** {@code account month tres user} to TRES-seconds, plainly: second by second would be the same. */
    private static Map<String, Long> seconds(List<SlurmRun> runs, boolean suspensionsLeftOut) {
        Map<String, Long> sums = new TreeMap<>();
        for (SlurmRun run : runs) {
            for (YearMonth month : List.of(PREVIOUS, CURRENT)) {
                long seconds = overlap(month, run.start() == null ? TODAY : run.start(), run.end());
                for (SlurmRun.Suspension time : suspensionsLeftOut ? run.suspensions() : List.<SlurmRun.Suspension>of()) {
                    seconds -= overlap(month, time.from(), time.to());
                }
                for (String entry : run.allocTres().isEmpty() ? new String[0] : run.allocTres().split(",")) {
                    String[] tres = entry.split("=");
                    if (TRES.contains(tres[0])) {
                        sums.merge(run.account() + " " + month + " " + tres[0] + " " + run.user(), seconds * Long.parseLong(tres[1].replace("M", "")), Long::sum);
                    }
                }
            }
        }
        return sums;
    }

    /** Seconds of a month, as far as its days are over. @param to null: it is not over */
    private static long overlap(YearMonth month, Instant from, Instant to) {
        long begin = Math.max(from.getEpochSecond(), begin(month).getEpochSecond());
        long end = Math.min(Math.min(to == null ? Long.MAX_VALUE : to.getEpochSecond(), TODAY.getEpochSecond()), begin(month.plusMonths(1)).getEpochSecond());
        return Math.max(0, end - begin);
    }

    /** The same as sreport counts it. */
    private SortedMap<String, Long> sreport() {
        Map<String, Long> sums = new TreeMap<>();
        for (YearMonth month : List.of(PREVIOUS, CURRENT)) {
            Instant end = begin(month.plusMonths(1)).isBefore(TODAY) ? begin(month.plusMonths(1)) : TODAY;
            for (String tres : TRES) {
                lab.sreport("cluster", "AccountUtilizationByUser", "-t", "seconds", "--tres=" + tres, "-P", "-n", "start=" + date(begin(month)), "end=" + date(end))
                        .lines().map(line -> line.split("\\|")).filter(row -> !row[2].isEmpty())
                        .forEach(row -> sums.merge(row[1] + " " + month + " " + tres + " " + row[2], Long.parseLong(row[5]), Long::sum));
            }
        }
        return withTotals(sums);
    }

    private static SortedMap<String, Long> only(SortedMap<String, Long> sums, String pattern) {
        SortedMap<String, Long> some = new TreeMap<>(sums);
        some.keySet().removeIf(Predicate.not(key -> key.matches(pattern)));
        return some;
    }

    private static void write(SortedMap<String, Long> told, SortedMap<String, Long> sreport) throws IOException {
        SortedMap<String, Long> all = new TreeMap<>(told);
        all.putAll(sreport);
        StringBuilder table = new StringBuilder("%-40s %18s %18s %16s%n".formatted("TRES-seconds", "told to Waldur", "sreport", "difference"));
        all.keySet().forEach(key -> table.append("%-40s %18d %18d %16d%n".formatted(key, told.getOrDefault(key, 0L), sreport.getOrDefault(key, 0L),
                sreport.getOrDefault(key, 0L) - told.getOrDefault(key, 0L))));
        Files.writeString(Path.of("target", "usage-against-sreport.txt"), table);
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private static String date(Instant day) {
        return day.toString().substring(0, 10);
    }
}
