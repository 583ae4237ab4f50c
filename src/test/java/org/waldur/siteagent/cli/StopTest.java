package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmFault;

/** Told to stop while a command writes, by Ctrl-C or by the system: that one is finished, nothing else begins, and the next run carries on. */
class StopTest {
    private static final Duration WRITES = Duration.ofSeconds(2);
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM TERM"})
    void theCommandInHandIsFinishedAndNothingElseBegins(String signals) throws Exception {
        try (Site site = new Site(folder)) {
            String order = site.waldur.create(site.offering, "One", "proj-1", "cust-1", Map.of("cpu", 10));
            CountDownLatch begun = new CountDownLatch(1);
            site.slurm.inject(SlurmFault.hang(argv -> {
                boolean adds = argv.contains("add");
                if (adds) {
                    begun.countDown();
                }
                return adds;
            }, WRITES));
            Process agent = site.start();
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            for (String signal : signals.split(" ")) {
                signal(signal, signal.equals("INT") ? foreground(agent) : List.of(agent.toHandle()));
            }
            assertThat(agent.waitFor(20, TimeUnit.SECONDS)).as("it ends soon after the command").isTrue();
            assertThat(site.slurm.commands().stream().map(SlurmCommand::argv).filter(argv -> argv.contains("--immediate"))).hasSize(1);
            assertThat(site.associations()).contains("hpc_cust-1||").doesNotContain("hpc_proj-1||");
            List<String> audit = Files.readAllLines(site.stateDir().resolve("audit.jsonl"));
            assertThat(audit.get(audit.size() - 1)).contains("\"when\":\"after\"", "\"result\":0", "hpc_cust-1");

            assertThat(site.cycle()).isZero();
            assertThat(site.waldur.order(order)).containsEntry("state", "done");
            assertThat(site.associations()).contains("hpc_one||cpu=600000", "hpc_one|alice|").doesNotHaveDuplicates();
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    /** Who restarts a service is not to be called by its monitoring. */
    @Test
    void aReportThatIsStoppedIsNoError() throws Exception {
        try (Site site = new Site(folder)) {
            site.allocation("One", Map.of("cpu", 10));
            CountDownLatch begun = new CountDownLatch(1);
            site.slurm.inject(SlurmFault.hang(argv -> {
                boolean asks = argv.get(0).equals("sacct") && argv.contains("--allocations");
                if (asks) {
                    begun.countDown();
                }
                return asks;
            }, WRITES));
            Process agent = site.start("report");
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            signal("TERM", List.of(agent.toHandle()));
            assertThat(agent.waitFor(20, TimeUnit.SECONDS)).as("it ends soon after the command").isTrue();
            assertThat(Files.readString(site.log())).contains("is unknown, and nothing of it is told to Waldur: the agent stops").doesNotContain(" ERROR ");
            assertThat(site.waldur.usages()).isEmpty();
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    /** Whom Ctrl-C in a terminal would reach: the agent and those of its children that are in its process group. */
    private static List<ProcessHandle> foreground(Process agent) throws IOException {
        String group = group(agent.toHandle());
        return Stream.concat(Stream.of(agent.toHandle()), agent.descendants()).filter(process -> {
            try {
                return group(process).equals(group);
            } catch (IOException e) {
                return false;
            }
        }).toList();
    }

    /** Field 5 of proc(5), stat; the name before it may hold blanks. */
    private static String group(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2];
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            new ProcessBuilder("/bin/kill", "-s", name, String.valueOf(process.pid())).start().waitFor();
        }
    }
}
