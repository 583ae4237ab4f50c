package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.waldur.siteagent.slurm.RealSlurm;

/** What sreport counts for days that are over, against the rows of sacct of those days, clipped by us. */
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

    /** Account, user and TRES to TRES-seconds, as sreport counts a day. */
    static Map<String, Long> sreport(RealSlurm.Lab lab, Instant day) {
        Map<String, Long> sums = new TreeMap<>();
        for (String tres : TRES) {
            lab.sreport("cluster", "AccountUtilizationByUser", "-t", "seconds", "--tres=" + tres, "-P", "-n", "start=" + date(day),
                    "end=" + date(day.plus(1, ChronoUnit.DAYS))).lines().map(line -> line.split("\\|")).filter(row -> !row[2].isEmpty())
                    .forEach(row -> sums.merge(row[1] + "|" + row[2] + "|" + row[4], Long.parseLong(row[5]), Long::sum));
        }
        sums.values().removeIf(seconds -> seconds == 0);
        return sums;
    }

    /** The same, from the rows that sacct prints for the day. */
    static Map<String, Long> clipped(RealSlurm.Lab lab, Instant day) {
        long from = day.getEpochSecond();
        long to = Math.min(from + RandomRuns.DAY, Instant.now().getEpochSecond());
        Map<String, Long> sums = new TreeMap<>();
        lab.sacct("--parsable2", "--noheader", "--noconvert", "--allocations", "--allusers", "--duplicates", "--starttime=" + date(day),
                "--endtime=" + date(day.plus(1, ChronoUnit.DAYS)), "--format=Account,User,Start,End,AllocTRES").lines().forEach(line -> {
                    String[] row = line.split("\\|", -1);
                    if (row[2].matches("\\d+")) {
                        long start = Math.max(from, Long.parseLong(row[2]));
                        long end = row[3].equals("Unknown") ? to : Math.min(to, Long.parseLong(row[3]));
                        for (String entry : row[4].split(",")) {
                            String[] tres = entry.split("=");
                            if (TRES.contains(tres[0]) && end > start) {
                                sums.merge(row[0] + "|" + row[1] + "|" + tres[0], (end - start) * Long.parseLong(tres[1].replace("M", "")), Long::sum);
                            }
                        }
                    }
                });
        sums.values().removeIf(seconds -> seconds == 0);
        return sums;
    }

    private static String date(Instant day) {
        return day.toString().substring(0, 10);
    }
}
