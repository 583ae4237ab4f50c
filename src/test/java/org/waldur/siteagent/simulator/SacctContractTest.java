package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.slurm.RealSlurm;

/**
 * The same random jobs in the simulator and in the database of a real slurmdbd: sacct prints the same, line by line.
 * {@code -Dslurm.contract.seed=N} for others than the usual ones.
 */
@ExtendWith(RealSlurm.class)
class SacctContractTest {
    private static final List<String> ACCOUNTS = List.of("saone", "satwo", "sathree");
    /** An account that is removed; what its jobs were is still known. */
    private static final String GONE = "sagone";
    private static final List<String> USERS = List.of("sauser", "sbuser");
    private static final int DAYS = 4;
    private static final String FIELDS = "Cluster,JobID,JobIDRaw,Account,User,State,Submit,Start,End,Elapsed,ElapsedRaw,Suspended,TimelimitRaw,AllocTRES";

    @TempDir
    Path folder;

    private static void prepare(RealSlurm.Lab lab) {
        lab.clear();
        lab.clearJobs();
        lab.sacctmgr("add", "account", String.join(",", ACCOUNTS));
        lab.sacctmgr("add", "user", String.join(",", USERS), "account=" + String.join(",", ACCOUNTS));
    }

    @Test
    void simulatorAndSlurmPrintTheSame(RealSlurm.Lab lab) throws Exception {
        long seed = Long.getLong("slurm.contract.seed", 1);
        Random random = new Random(seed);
        Instant first = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS);
        RandomRuns world = new RandomRuns(random, first, DAYS, ACCOUNTS, USERS);
        List<SlurmRun> runs = new ArrayList<>(world.all(Integer.getInteger("slurm.contract.jobs", 300)));
        runs.add(SlurmRun.ran(100_000, GONE, USERS.get(0), first.plusSeconds(500), first.plusSeconds(200_000), "cpu=1,mem=10M,node=1"));
        prepare(lab);
        lab.sacctmgr("add", "account", GONE);
        lab.sacctmgr("add", "user", USERS.get(0), "account=" + GONE);
        lab.addJobs(runs);
        lab.sacctmgr("remove", "account", "where", "name=" + GONE);
        try (SlurmSimulator simulator = SlurmSimulator.start(folder, "lab")) {
            runs.forEach(simulator::addJob);
            for (int i = 0; i < Integer.getInteger("slurm.contract.windows", 150); i++) {
                List<String> arguments = arguments(random, world, runs);
                assertThat(bothIn(lab, simulator, arguments)).as("seed %d: sacct %s", seed, String.join(" ", arguments)).isEqualTo("");
            }
        } finally {
            lab.clearJobs();
            lab.clear();
        }
    }

    /** What both print; empty if it is the same. Asked within one second: for both it is the same now. */
    private static String bothIn(RealSlurm.Lab lab, SlurmSimulator simulator, List<String> arguments) {
        for (int i = 0; i < 50; i++) {
            long before = Instant.now().getEpochSecond();
            String real = lab.sacct(arguments.toArray(String[]::new));
            simulator.clock(Clock.fixed(Instant.ofEpochSecond(before), ZoneOffset.UTC));
            SlurmCommand simulated = simulator.run(Map.of("TZ", "UTC", "SLURM_TIME_FORMAT", "%s"),
                    Stream.concat(Stream.of("sacct"), arguments.stream()).toArray(String[]::new));
            assertThat(simulated.rc()).as(simulated.err()).isZero();
            if (Instant.now().getEpochSecond() == before) {
                return simulated.out().equals(real) ? "" : difference(real.lines().toList(), simulated.out().lines().toList());
            }
        }
        throw new IllegalStateException("no sacct within one second");
    }

    private static String difference(List<String> real, List<String> simulated) {
        return "only Slurm:\n" + real.stream().filter(line -> !simulated.contains(line)).collect(Collectors.joining("\n"))
                + "\nonly the simulator:\n" + simulated.stream().filter(line -> !real.contains(line)).collect(Collectors.joining("\n"))
                + "\nSlurm prints " + real.size() + " lines, the simulator " + simulated.size();
    }

    private static List<String> arguments(Random random, RandomRuns world, List<SlurmRun> runs) {
        Instant one = world.time();
        Instant other = random.nextInt(10) == 0 ? one : random.nextInt(10) == 0 ? Instant.now().plusSeconds(5000) : world.time();
        List<String> arguments = new ArrayList<>(List.of("--parsable2", "--noconvert", "--allocations", "--allusers", "--duplicates",
                "--starttime=" + text(one.isBefore(other) ? one : other), "--endtime=" + text(one.isBefore(other) ? other : one),
                "--format=" + FIELDS));
        if (random.nextBoolean()) {
            arguments.add("--truncate");
        }
        if (random.nextInt(3) == 0) {
            arguments.add("--accounts=" + List.of("saone", "saone,sathree", "SATWO,nosuch", "nosuch", "", GONE).get(random.nextInt(6)));
        }
        if (random.nextInt(3) == 0) {
            arguments.add("--jobs=" + random.ints(1 + random.nextInt(20), 0, runs.size()).mapToObj(i -> Integer.toString(runs.get(i).id()))
                    .collect(Collectors.joining(",")));
        }
        if (random.nextInt(3) == 0) {
            arguments.add("--clusters=" + (random.nextInt(4) == 0 ? "nosuch" : "lab"));
        }
        if (random.nextInt(5) == 0) {
            arguments.add("--noheader");
        }
        return arguments;
    }

    private static String text(Instant time) {
        return time.toString().substring(0, 19);
    }
}
