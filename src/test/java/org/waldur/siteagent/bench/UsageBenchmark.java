package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.usage.ReaderBenchmark;

/**
 * What a cycle of the report costs: Slurm processes and requests between both simulators, and seconds on a real Slurm, against the bare
 * commands that it needs, against a sacct for each account, and against the incumbent if its Python is given. It is started by
 * {@code src/bench/usage}.
 */
public final class UsageBenchmark {
    private static final int ROUNDS = 3;
    /** Accounts that sacct is asked about one by one, and resources of the incumbent; all of them would take hours. */
    private static final int SAMPLE = 20;

    /** @param calls of Slurm's programs, in their order */
    private record Cycle(List<String> calls, List<WaldurRequest> requests, double seconds) {
        /** Processes, those of sacct, windows, requests that read, requests that write. */
        long[] counts() {
            return new long[] {calls.size(), calls.stream().filter(call -> call.startsWith("sacct ")).count(), windows(), reads(), requests.size() - reads()};
        }

        long reads() {
            return requests.stream().filter(request -> request.method().equals("GET")).count();
        }

        private long windows() {
            return calls.stream().filter(call -> call.startsWith("sacct ")).map(call -> call.replaceAll(".*(--starttime=\\S+).*", "$1")).distinct().count();
        }
    }

    private final Path distribution;
    private final Optional<Path> python;
    private final Path folder = Files.createTempDirectory("usage-benchmark");

    private UsageBenchmark(Path distribution, Optional<Path> python) throws IOException {
        this.distribution = distribution;
        this.python = python;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * @param args the distribution; the Python that has the incumbent, or {@code -}; accounts, and jobs, on the real Slurm;
     *             numbers of rows, with commas between, to measure memory with; numbers of resources to count with
     */
    public static void main(String[] args) throws Exception {
        UsageBenchmark benchmark = new UsageBenchmark(Path.of(args[0]).toAbsolutePath(),
                args[1].equals("-") ? Optional.empty() : Optional.of(Path.of(args[1]).toAbsolutePath()));
        for (String rows : args[4].split(",")) {
            benchmark.memory(Integer.parseInt(rows));
        }
        System.out.printf("%n%-10s %9s %-10s %9s %8s %10s %8s %8s%n", "agent", "resources", "cycle", "processes", "of sacct", "windows", "GET", "POST");
        for (int i = 5; i < args.length; i++) {
            benchmark.countOurs(Integer.parseInt(args[i]));
        }
        benchmark.onRealSlurm(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        try (Stream<Path> files = Files.walk(benchmark.folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private void countOurs(int resources) throws Exception {
        Path state = Files.createTempDirectory(folder, "state");
        try (SlurmSimulator slurm = SlurmSimulator.start(Files.createTempDirectory(folder, "slurm"), "lab"); Allocations allocations = new Allocations(resources)) {
            for (int i = 1; i <= resources; i++) {
                String account = Allocations.account(i);
                slurm.run("sacctmgr", "--immediate", "add", "account", "name=" + account, "description=" + account, "organization=" + account, "parent=root");
                job(slurm, i, i, resources, Instant.now());
            }
            // a window without any job is asked for twice
            for (int day = 1; day < 64; day++) {
                job(slurm, 3 * resources + day, 1, resources, Instant.now().minus(day, ChronoUnit.DAYS));
            }
            Path config = allocations.config(folder, slurm.binPath(), 2);
            for (String cycle : List.of("first", "changed", "unchanged")) {
                for (int i = 1; cycle.equals("changed") && i <= resources; i++) {
                    job(slurm, resources + i, i, resources, Instant.now());
                }
                int before = slurm.commands().size();
                Cycle done = cycle(ours(config), state, () -> slurm.commands().stream().skip(before).map(command -> String.join(" ", command.argv())).toList(), allocations);
                print("ours", resources, cycle, done.counts());
            }
        }
    }

    /** The smallest heap that is enough for a cycle in which sacct prints so many rows for one day. */
    private void memory(int rows) throws Exception {
        Path printed = ReaderBenchmark.write(rows);
        try (SlurmSimulator slurm = SlurmSimulator.start(Files.createTempDirectory(folder, "slurm"), "lab"); Allocations allocations = new Allocations(10)) {
            Path bin = CountedPrograms.of(slurm.binPath(), folder).bin();
            Files.writeString(bin.resolve("sacct"), "#!/bin/sh\ncase \"$*\" in *--starttime=" + YearMonth.now(ZoneOffset.UTC) + "-01T*) cat " + printed + ";; *) head -n 1 "
                    + printed + ";; esac\n");
            Path config = allocations.config(folder, bin, 1);
            int megabytes = 16;
            while (!isEnough(megabytes, config)) {
                megabytes *= 2;
            }
            System.out.printf("%-24s %10d   %d MB%n", "the agent, one cycle", rows, megabytes);
        } finally {
            Files.delete(printed);
        }
    }

    private boolean isEnough(int megabytes, Path config) throws Exception {
        try {
            run(ours(config), Map.of("STATE_DIRECTORY", Files.createTempDirectory(folder, "state").toString(), "AGENT_JAVA_OPTS", "-Xmx" + megabytes + "m"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void job(SlurmSimulator slurm, int id, int account, int accounts, Instant end) {
        slurm.addJob(SlurmRun.ran(id, Allocations.account(account), Allocations.users(account, accounts).get(id % 3), end.minusSeconds(1000 + id % 500), end,
                "billing=4,cpu=4,gres/gpu=1,mem=8192M,node=1"));
    }

    private static void print(String agent, int resources, String cycle, long[] counts) {
        System.out.printf("%-10s %9d %-10s %9d %8d %10d %8d %8d%n", agent, resources, cycle, counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    private List<String> ours(Path config) {
        return List.of(distribution.resolve("bin/waldur-site-agent").toString(), "-m", "report", "--once", "-c", config.toString());
    }

    private interface Calls {
        List<String> made() throws IOException;
    }

    private Cycle cycle(List<String> command, Path state, Calls calls, Allocations allocations) throws Exception {
        double seconds = run(command, Map.of("STATE_DIRECTORY", state.toString()));
        return new Cycle(calls.made(), allocations.requests(), seconds);
    }

    /** Gives the seconds that it took. */
    private double run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + "; see " + log);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void onRealSlurm(int accounts, int jobs) throws Exception {
        Path lab = Files.createDirectory(folder.resolve("lab"));
        Files.setPosixFilePermissions(lab, PosixFilePermissions.fromString("rwxr-xr-x"));
        run(List.of("src/slurm-lab/slurm-lab", "up", lab.toString()), Map.of("TZ", "UTC"));
        try {
            run(List.of("src/bench/fill-slurm", lab.toString(), Integer.toString(accounts), "3", Integer.toString(jobs)), Map.of());
            CountedPrograms programs = CountedPrograms.of(lab.resolve("bin"), folder);
            if (python.isPresent()) {
                incumbent(programs, 10, Math.min(100, accounts), 1000);
            }
            System.out.printf("%nOn a real Slurm with %d accounts and %d jobs of this month, which is what is reported%n", accounts, jobs);
            try (Allocations allocations = new Allocations(accounts)) {
                seconds(allocations, programs, accounts);
            }
        } finally {
            run(List.of("src/slurm-lab/slurm-lab", "down", lab.toString()), Map.of());
        }
    }

    /** Counts with few and with some resources; with many it would take too long, and they are computed. */
    private void incumbent(CountedPrograms programs, int few, int some, int many) throws Exception {
        for (int i = 0; i < 2; i++) {
            String cycle = List.of("first", "unchanged").get(i);
            List<long[]> found = new ArrayList<>();
            for (int resources : new int[] {few, some}) {
                found.add(incumbent(programs, resources, i > 0));
                print("incumbent", resources, cycle, found.get(found.size() - 1));
            }
            long[] computed = new long[found.get(0).length];
            for (int each = 0; each < computed.length; each++) {
                computed[each] = found.get(1)[each] + (found.get(1)[each] - found.get(0)[each]) * (many - some) / (some - few);
            }
            print("computed", many, cycle, computed);
        }
    }

    private long[] incumbent(CountedPrograms programs, int resources, boolean again) throws Exception {
        try (Allocations allocations = new Allocations(resources)) {
            List<String> command = Incumbent.cycle(python.orElseThrow(), "report", allocations.config(folder, programs.bin(), 2));
            Cycle done = cycle(command, folder, programs::calls, allocations);
            return (again ? cycle(command, folder, programs::calls, allocations) : done).counts();
        }
    }

    private void seconds(Allocations allocations, CountedPrograms programs, int accounts) throws Exception {
        Path config = allocations.config(folder, programs.bin(), 1);
        Path state = Files.createTempDirectory(folder, "state");
        System.out.printf("%-44s %10s %10s %14s %10s%n", "", "seconds", "processes", "bare commands", "ratio");
        Cycle first = cycle(ours(config), state, programs::calls, allocations);
        if (!allocations.isTold(accounts)) {
            throw new IllegalStateException("not all is told; see " + folder);
        }
        double all = bare(first.calls(), programs);
        line("a process, first cycle: " + (first.requests().size() - first.reads()) + " requests to tell all", first.seconds(), first.calls().size(), all);
        line("a process, all read, nothing new", Collections.min(processes(config, Optional.empty())), first.calls().size(), all);
        programs.calls();
        Cycle unchanged = cycle(ours(config), state, programs::calls, allocations);
        double few = bare(unchanged.calls(), programs);
        line("a process, nothing changed", Collections.min(processes(config, Optional.of(state))), unchanged.calls().size(), few);
        double allRead = Collections.min(service(config, state, "anew"));
        line("the service, all read, nothing new", allRead, first.calls().size(), all);
        double nothing = Collections.min(service(config, state));
        line("the service, nothing changed", nothing, unchanged.calls().size(), few);
        double each = oneByOne(programs) * accounts / SAMPLE;
        System.out.printf(Locale.ROOT, "%-44s %10.1f %10d %14s %10s  %.0f : 1 to all read, %.0f : 1 to nothing changed (from %d accounts)%n", "a sacct for each account, all of this month",
                each, accounts, "", "", each / allRead, each / nothing, SAMPLE);
        if (python.isPresent()) {
            double sample = incumbentSeconds(programs) * accounts / SAMPLE;
            System.out.printf(Locale.ROOT, "%-44s %10.1f %10d %14s %10s  %.0f : 1 to all read, %.0f : 1 to nothing changed (from %d accounts)%n", "the incumbent, nothing changed", sample,
                    3 * accounts, "", "", sample / allRead, sample / nothing, SAMPLE);
        }
    }

    private List<Double> processes(Path config, Optional<Path> state) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Path used = state.isPresent() ? state.get() : Files.createTempDirectory(folder, "state");
            seconds.add(run(ours(config), Map.of("STATE_DIRECTORY", used.toString())));
        }
        return seconds;
    }

    /** Seconds of some cycles in one process, which Java has had time to make fast. */
    private List<Double> service(Path config, Path state, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Xmx128m", "-cp", System.getProperty("java.class.path"), "org.waldur.siteagent.cli.AgentCycles", config.toString(), "routes", "report",
                Integer.toString(2 * ROUNDS)));
        command.addAll(List.of(more));
        Path out = Files.createTempFile(folder, "service", ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("STATE_DIRECTORY", state.toString());
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException(command + " failed; see " + folder);
        }
        return Files.readAllLines(out).stream().map(Double::valueOf).toList();
    }

    private double oneByOne(CountedPrograms programs) throws Exception {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);
        List<String> calls = IntStream.rangeClosed(1, SAMPLE).mapToObj(i -> "sacct --parsable2 --noconvert --allocations --allusers --duplicates --accounts=" + Allocations.account(i)
                + " --starttime=" + month.atDay(1) + "T00:00:00 --endtime=" + month.plusMonths(1).atDay(1) + "T00:00:00"
                + " --format=Cluster,JobIDRaw,Account,User,Start,End,ElapsedRaw,Suspended,TimelimitRaw,AllocTRES").toList();
        return bare(calls, programs);
    }

    private double incumbentSeconds(CountedPrograms programs) throws Exception {
        try (Allocations allocations = new Allocations(SAMPLE)) {
            Path config = allocations.config(folder, programs.bin(), 1);
            run(Incumbent.cycle(python.orElseThrow(), "report", config), Map.of());
            double seconds = run(Incumbent.cycle(python.orElseThrow(), "report", config), Map.of());
            programs.calls();
            return seconds;
        }
    }

    private static void line(String what, double seconds, int processes, double bare) {
        System.out.printf(Locale.ROOT, "%-44s %10.2f %10d %14.2f %8.2f : 1%n", what, seconds, processes, bare, seconds / bare);
    }

    /** The same commands one after the other in a shell, the best of some rounds. */
    private double bare(List<String> calls, CountedPrograms programs) throws Exception {
        Path script = Files.createTempFile(folder, "bare", ".sh");
        Files.write(script, calls.stream().map(call -> programs.real() + "/" + call + " >/dev/null").toList());
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.min(best, run(List.of("sh", "-e", script.toString()), Map.of("TZ", "UTC", "SLURM_TIME_FORMAT", "%s")));
        }
        return best;
    }
}
