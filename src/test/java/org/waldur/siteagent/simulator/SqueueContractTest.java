package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.waldur.siteagent.slurm.RealSlurm;

/** squeue of a real Slurm names each job that is not over by the id that sacct calls raw, except runaways. */
@ExtendWith(RealSlurm.class)
class SqueueContractTest {
    private static final String[] SQUEUE = {"--all", "--array", "--noheader", "--states=all", "--format=%A", "--clusters=lab"};

    private static final Set<String> RUNAWAY = Set.of("1000000");

    @BeforeEach
    @AfterEach
    void clear(RealSlurm.Lab lab) throws Exception {
        lab.program("scancel", "--user=root");
        await(() -> lab.squeue("--noheader", "--format=%A").isEmpty());
        // what slurmctld has to say of them would otherwise come after they are removed
        await(() -> RUNAWAY.containsAll(open(lab, "RUNNING", "SUSPENDED", "PENDING")));
        lab.clearJobs();
    }

    @Test
    void whatIsNotOverIsInTheQueueUnderItsRawId(RealSlurm.Lab lab) throws Exception {
        String array = submit(lab, "--array=1-4%2");
        String component = submit(lab, ":", "--ntasks=1");
        String suspended = submit(lab);
        submit(lab, "--hold");
        await(() -> open(lab, "RUNNING").size() == 5);
        lab.program("scontrol", "suspend", suspended);
        await(() -> open(lab, "SUSPENDED").equals(Set.of(suspended)));
        Set<String> jobs = open(lab, "RUNNING", "SUSPENDED");
        assertThat(jobs).hasSize(5).contains(suspended, component, Integer.toString(Integer.parseInt(component) + 1));
        lab.addJobs(List.of(SlurmRun.ran(1_000_000, "root", "root", Instant.now().minusSeconds(5000), null, "cpu=1,mem=1M,node=1")));
        assertThat(open(lab, "RUNNING", "SUSPENDED")).hasSize(6).containsAll(RUNAWAY);
        Set<String> queue = lab.squeue(SQUEUE).lines().collect(Collectors.toCollection(TreeSet::new));
        assertThat(queue).containsAll(jobs).contains(array).doesNotContainAnyElementsOf(RUNAWAY);
        assertThat(lab.squeue(SQUEUE).lines().filter(array::equals)).as("a line for each task that waits").hasSize(2);
    }

    private static String submit(RealSlurm.Lab lab, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--parsable", "--account=root", "--ntasks=1", "--output=/dev/null"));
        arguments.addAll(Arrays.asList(options));
        arguments.add("--wrap=sleep 600");
        return lab.program("sbatch", arguments.toArray(String[]::new)).strip();
    }

    private static Set<String> open(RealSlurm.Lab lab, String... states) {
        return lab.sacct("-nPXaD", "--starttime=now-1day", "--endtime=now+1day", "--format=JobIDRaw,State,End").lines().map(line -> line.split("\\|"))
                .filter(row -> List.of(states).contains(row[1]) && row[2].equals("Unknown")).map(row -> row[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void await(Supplier<Boolean> condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        while (!condition.get()) {
            assertThat(Instant.now()).as("deadline").isBefore(end);
            Thread.sleep(100);
        }
    }
}
