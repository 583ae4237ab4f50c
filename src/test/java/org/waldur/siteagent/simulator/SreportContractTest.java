package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.waldur.siteagent.slurm.RealSlurm;

/** What sreport counts for days that are over, against the rows of sacct of those days. */
@ExtendWith(RealSlurm.class)
class SreportContractTest {
    private static final List<String> ACCOUNTS = List.of("srone", "srtwo");
    private static final List<String> USERS = List.of("srann", "srben");
    private static final List<String> TRES = List.of("cpu", "mem", "node", "billing", "gres/gpu");
    private static final int DAYS = 4;
    private final Instant first = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS);

    @BeforeEach
    void prepare(RealSlurm.Lab lab) {
        lab.clear();
        lab.clearJobs();
        lab.sacctmgr("add", "account", String.join(",", ACCOUNTS));
        lab.sacctmgr("add", "user", String.join(",", USERS), "account=" + String.join(",", ACCOUNTS));
    }

    @AfterEach
    void clear(RealSlurm.Lab lab) {
        lab.clearJobs();
        lab.clear();
    }

    @Test
    void ofJobsThatWereNeverSuspendedBothCountTheSame(RealSlurm.Lab lab) {
        long seed = Long.getLong("slurm.contract.seed", 1);
        lab.addJobs(new RandomRuns(new Random(seed), first, DAYS, ACCOUNTS, USERS).unsuspended(Integer.getInteger("slurm.contract.jobs", 300)));
        for (int day = 0; day < DAYS; day++) {
            Instant from = first.plus(day, ChronoUnit.DAYS);
            Map<String, Long> clipped = clipped(lab, from);
            assertThat(sreport(lab, from)).as("seed %d, %s", seed, from).isEqualTo(clipped);
            assertThat(clipped).as("seed %d, %s", seed, from).hasSize(ACCOUNTS.size() * USERS.size() * TRES.size());
        }
    }

    /** A suspended job gives its CPUs back for sreport, but nothing else. That is how Elapsed counts, too, for the whole job. */
    @Test
    void ofSuspendedJobsSreportLeavesOutTheCpusOnly(RealSlurm.Lab lab) {
        long seed = Long.getLong("slurm.contract.seed", 1);
        lab.addJobs(new RandomRuns(new Random(seed), first, DAYS, ACCOUNTS, USERS).all(Integer.getInteger("slurm.contract.jobs", 300)).stream()
                .filter(run -> !run.state().equals("SUSPENDED")).toList());
        for (int day = 0; day < DAYS; day++) {
            Instant from = first.plus(day, ChronoUnit.DAYS);
            Map<String, Long> occupied = clipped(lab, from);
            Map<String, Long> ran = ran(lab, from);
            assertThat(ran).isNotEqualTo(occupied);
            Map<String, Long> expected = new TreeMap<>(occupied);
            expected.replaceAll((key, seconds) -> key.endsWith("|cpu") ? ran.get(key) : seconds);
            assertThat(sreport(lab, from)).as("seed %d, %s", seed, from).isEqualTo(expected);
        }
    }

    /** sacct takes a suspension that lasts for running when it clips; sreport knows better, and so does sacct of the whole job. */
    @Test
    void aSuspensionThatLastsCountsForTruncateOnly(RealSlurm.Lab lab) {
        lab.addJobs(List.of(SlurmRun.ran(1, ACCOUNTS.get(0), USERS.get(0), first.plusSeconds(1000), null, "billing=3,cpu=2,mem=10M,node=1")
                .suspended(first.plusSeconds(4000), null)));
        String key = ACCOUNTS.get(0) + "|" + USERS.get(0) + "|";
        assertThat(sreport(lab, first)).isEqualTo(Map.of(key + "cpu", 2 * 3000L, key + "mem", 10 * 85_400L, key + "node", 85_400L,
                key + "billing", 3 * 85_400L));
        assertThat(ran(lab, first)).containsEntry(key + "cpu", 2 * 85_400L);
        assertThat(lab.sacct("-nPXaD", "--starttime=" + date(first), "--endtime=now", "--format=ElapsedRaw,End")).isEqualTo("3000|Unknown\n");
    }

    /** Account, user and TRES to TRES-seconds, as sreport counts a day. */
    private static Map<String, Long> sreport(RealSlurm.Lab lab, Instant day) {
        Map<String, Long> sums = new TreeMap<>();
        for (String tres : TRES) {
            lab.sreport("cluster", "AccountUtilizationByUser", "-t", "seconds", "--tres=" + tres, "-P", "-n", "start=" + date(day),
                    "end=" + date(day.plus(1, ChronoUnit.DAYS))).lines().map(line -> line.split("\\|")).filter(row -> !row[2].isEmpty())
                    .forEach(row -> sums.merge(row[1] + "|" + row[2] + "|" + row[4], Long.parseLong(row[5]), Long::sum));
        }
        sums.values().removeIf(seconds -> seconds == 0);
        return sums;
    }

    /** The same, from the rows that sacct prints for the day, from start to end. */
    private static Map<String, Long> clipped(RealSlurm.Lab lab, Instant day) {
        long from = day.getEpochSecond();
        long to = from + RandomRuns.DAY;
        Map<String, Long> sums = new TreeMap<>();
        rows(lab, day, "Account,User,AllocTRES,Start,End").filter(row -> row[3].matches("\\d+")).forEach(row -> {
            long end = row[4].equals("Unknown") ? to : Math.min(to, Long.parseLong(row[4]));
            count(sums, row, end - Math.max(from, Long.parseLong(row[3])));
        });
        return sums;
    }

    /** The same, from what sacct itself clips. */
    private static Map<String, Long> ran(RealSlurm.Lab lab, Instant day) {
        Map<String, Long> sums = new TreeMap<>();
        rows(lab, day, "Account,User,AllocTRES,ElapsedRaw", "--truncate").forEach(row -> count(sums, row, Long.parseLong(row[3])));
        return sums;
    }

    private static Stream<String[]> rows(RealSlurm.Lab lab, Instant day, String format, String... more) {
        List<String> arguments = List.of("--parsable2", "--noheader", "--noconvert", "--allocations", "--allusers", "--duplicates",
                "--starttime=" + date(day), "--endtime=" + date(day.plus(1, ChronoUnit.DAYS)), "--format=" + format);
        return lab.sacct(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new)).lines().map(line -> line.split("\\|", -1));
    }

    /** @param row account, user, AllocTRES */
    private static void count(Map<String, Long> sums, String[] row, long seconds) {
        for (String entry : seconds <= 0 ? new String[0] : row[2].split(",")) {
            String[] tres = entry.split("=");
            if (TRES.contains(tres[0])) {
                sums.merge(row[0] + "|" + row[1] + "|" + tres[0], seconds * Long.parseLong(tres[1].replace("M", "")), Long::sum);
            }
        }
        sums.values().removeIf(sum -> sum == 0);
    }

    private static String date(Instant day) {
        return day.toString().substring(0, 10);
    }
}
