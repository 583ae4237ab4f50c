package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmRun;

/** The agent is killed at several places of a report on a real Slurm, one after the other; what is told in the end is what was used. */
class RealKillsTest extends RealUsageSite {
    private static final Instant DAY = PREVIOUS.atDay(10).atStartOfDay().toInstant(ZoneOffset.UTC);
    private Path killer;

    @Test
    void aReportThatIsKilledIsCarriedOn() throws Exception {
        allocations("one", "two");
        lab.addJobs(List.of(run(1, "hpc_one", "alice", 600), run(2, "hpc_one", "bob", 60), run(3, "hpc_two", "alice", 7)));
        // an agent that starts sacct is killed by it, if the file has the agent's number and how many starts are left
        killer = Files.writeString(folder.resolve("killer"), "");
        site.backend("slurm_bin_path", programs("case $0 in */sacct) read pid left <%1$s && echo $pid $((left - 1)) >%1$s && [ $left = 1 ] && kill -9 $pid;; esac; exec "
                .formatted(killer)).toString());
        site.property("report.window_days", "31");

        killedAtSacct(1);
        killedAtSacct(2);
        assertThat(told()).isEmpty();
        killedAtRequest("set_usage", 1);
        assertThat(told().keySet()).allMatch(key -> key.split(" ").length == 3).isNotEmpty();
        killedAtRequest("set_user_usages", 1);
        killedAtRequest("set_user_usages", 4);

        assertThat(report()).isZero();
        Map<String, Long> used = new TreeMap<>();
        for (String tres : List.of("billing", "cpu", "mem", "node")) {
            used.put("hpc_one " + PREVIOUS + " " + tres + " alice", 600L);
            used.put("hpc_one " + PREVIOUS + " " + tres + " bob", 60L);
            used.put("hpc_two " + PREVIOUS + " " + tres + " alice", 7L);
        }
        assertThat(told()).isEqualTo(withTotals(used));
        int posts = (int) site.waldur.requests().stream().filter(request -> request.method().equals("POST")).count();
        assertThat(report()).isZero();
        assertThat(site.waldur.requests().stream().filter(request -> request.method().equals("POST"))).hasSize(posts);
        assertThat(site.deadLetters()).isEmpty();
    }

    private static SlurmRun run(int id, String account, String user, long seconds) {
        return SlurmRun.ran(id, account, user, DAY, DAY.plusSeconds(seconds), "billing=1,cpu=1,mem=1M,node=1");
    }

    /** Killed when it starts sacct for the n-th time; sacct goes on alone. */
    private void killedAtSacct(int start) throws Exception {
        Process agent = site.start("report");
        Files.writeString(killer, agent.pid() + " " + start + "\n");
        dies(agent);
        Files.writeString(killer, "");
    }

    /** Killed when Waldur gets the n-th of such requests: Waldur heeds it, and nobody hears the answer. */
    private void killedAtRequest(String action, int which) throws Exception {
        AtomicInteger number = new AtomicInteger();
        CompletableFuture<Process> agent = new CompletableFuture<>();
        site.waldur.beforeRequest(request -> {
            if (request.path().endsWith("/" + action + "/") && number.incrementAndGet() == which) {
                agent.join().destroyForcibly();
            }
        });
        agent.complete(site.start("report"));
        dies(agent.join());
        site.waldur.beforeRequest(request -> { });
    }

    private static void dies(Process agent) throws InterruptedException {
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).as("SIGKILL").isEqualTo(137);
    }
}
