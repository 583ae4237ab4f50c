package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.waldur.siteagent.cli.AgentCycles;
import org.waldur.siteagent.simulator.SlurmUser.AdminLevel;
import org.waldur.siteagent.simulator.WaldurRequest;

/**
 * What a cycle of membership_sync costs between both simulators: Slurm processes and requests of a cycle that has nothing to do, commands to add
 * many users, and the heap that is enough. It is started by {@code src/bench/members}.
 */
public final class MembersBenchmark {
    private static final int MEMBERS = 6;
    /** Of the Python agent, per allocation: seven, and one for each member (measured on 1.0.7). */
    private static final int PROCESSES_OF_INCUMBENT = 7;
    private final Path distribution;
    private final Path folder = Files.createTempDirectory("members-benchmark");

    private MembersBenchmark(Path distribution) throws IOException {
        this.distribution = distribution;
    }

    /** @param args the distribution; numbers of accounts */
    public static void main(String[] args) throws Exception {
        MembersBenchmark benchmark = new MembersBenchmark(Path.of(args[0]).toAbsolutePath());
        System.out.printf("%n%-34s %10s %8s %8s %9s%n", "cycle", "processes", "GET", "POST", "seconds");
        for (String accounts : List.of(args).subList(1, args.length)) {
            benchmark.idle(Integer.parseInt(accounts));
        }
        for (boolean root : List.of(true, false)) {
            benchmark.onboard(1, 500, root);
            benchmark.onboard(200, 20, root);
        }
        try (Stream<Path> files = Files.walk(benchmark.folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private void idle(int accounts) throws Exception {
        try (Teams teams = new Teams(Files.createTempDirectory(folder, "slurm"), accounts, MEMBERS, true)) {
            Path config = teams.config(folder);
            Path state = Files.createTempDirectory(folder, "state");
            List<String> first = cycles(config, state, 1);
            print(accounts + " accounts, first", teams, first.get(0));
            List<String> seconds = cycles(config, state, 2);
            int half = teams.commands().size();
            List<WaldurRequest> requests = teams.requests();
            // of two cycles; the first of a process asks for the TRES and for what the server has
            System.out.printf("%-34s %10s %8d %8d %9s%n", accounts + " accounts, two without news", half, requests.stream().filter(r -> r.method().equals("GET")).count(),
                    requests.stream().filter(r -> !r.method().equals("GET")).count(), seconds.get(1));
            System.out.printf("%-34s %10d%n", "  the Python agent, one (computed)", accounts * (PROCESSES_OF_INCUMBENT + MEMBERS));
            int megabytes = 32;
            while (!isEnough(config, state, megabytes)) {
                megabytes *= 2;
            }
            System.out.printf("%-34s %10s%n", "  heap that is enough", megabytes + " MB");
        }
    }

    /** @param root else an Operator, who may not use {@code sacctmgr load} */
    private void onboard(int accounts, int members, boolean root) throws Exception {
        try (Teams teams = new Teams(Files.createTempDirectory(folder, "slurm"), accounts, members, false)) {
            if (!root) {
                teams.slurm.caller("agent", AdminLevel.OPERATOR);
            }
            List<String> seconds = cycles(teams.config(folder), Files.createTempDirectory(folder, "state"), 1, "host.getent=" + teams.slurm.binPath().resolve("getent"),
                    "agent.root=" + root, "agent.user=" + (root ? "root" : "agent"));
            List<String> commands = teams.commands();
            long writes = commands.stream().filter(c -> c.contains("--immediate")).count();
            System.out.printf("%-34s %10d %17s %9s%n", (root ? "root" : "Operator") + " adds " + members + " users to " + accounts, commands.size(), writes + " write", seconds.get(0));
            System.out.printf("%-34s %10s%n", "  one command a change", accounts * members + " (" + accounts * members / Math.max(1, writes) + " times)");
        }
    }

    private void print(String what, Teams teams, String seconds) {
        List<WaldurRequest> requests = teams.requests();
        System.out.printf("%-34s %10d %8d %8d %9s%n", what, teams.commands().size(), requests.stream().filter(r -> r.method().equals("GET")).count(),
                requests.stream().filter(r -> !r.method().equals("GET")).count(), seconds);
    }

    /** Seconds of each cycle, in a process that stays. */
    private List<String> cycles(Path config, Path state, int number, String... properties) throws Exception {
        ProcessBuilder process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), AgentCycles.class.getName(), config.toString(), distribution.resolve("routes").toString(), "membership-sync", String.valueOf(number))
                .redirectErrorStream(true);
        process.command().addAll(List.of(properties));
        process.environment().put("STATE_DIRECTORY", state.toString());
        Process running = process.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        running.waitFor();
        List<String> seconds = said.lines().filter(line -> line.matches("[0-9.E-]+")).map(line -> String.format("%.2f", Double.parseDouble(line))).toList();
        if (seconds.size() != number) {
            throw new IllegalStateException(said);
        }
        return seconds;
    }

    private boolean isEnough(Path config, Path state, int megabytes) throws Exception {
        ProcessBuilder process = new ProcessBuilder(distribution.resolve("bin/waldur-site-agent").toString(), "-m", "membership_sync", "--once", "-c", config.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        process.environment().putAll(Map.of("STATE_DIRECTORY", state.toString(), "AGENT_JAVA_OPTS", "-Xmx" + megabytes + "m"));
        Process running = process.start();
        if (!running.waitFor(10, TimeUnit.MINUTES)) {
            running.destroyForcibly();
            throw new IllegalStateException("no end after ten minutes");
        }
        return running.exitValue() == 0;
    }
}
