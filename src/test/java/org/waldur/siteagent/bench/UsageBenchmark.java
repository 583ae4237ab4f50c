package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
            return Market.reads(requests);
        }

        private long windows() {
            return calls.stream().filter(call -> call.startsWith("sacct ")).map(call -> call.replaceAll(".*(--starttime=\\S+).*", "$1")).distinct().count();
        }
    }

    private final Bench bench;
    private final Path folder;

    private UsageBenchmark(Bench bench) {
        this.bench = bench;
        folder = bench.folder();
    }

    /**
     * @param args the distribution; the Python that has the incumbent, or {@code -}; accounts, and jobs, on the real Slurm;
     *             numbers of rows, with commas between, to measure memory with; numbers of resources to count with
     */
    public static void main(String[] args) throws Exception {
        UsageBenchmark benchmark = new UsageBenchmark(Bench.of("usage-benchmark", args[0], args[1]));
        for (String rows : args[4].split(",")) {
            benchmark.memory(Integer.parseInt(rows));
        }
        System.out.printf("%n%-10s %9s %-10s %9s %8s %10s %8s %8s%n", "agent", "resources", "cycle", "processes", "of sacct", "windows", "GET", "POST");
        for (int i = 5; i < args.length; i++) {
            benchmark.countOurs(Integer.parseInt(args[i]));
        }
        benchmark.onRealSlurm(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        benchmark.bench.clean();
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
                Cycle done = cycle(bench.ours("report", config), state, () -> slurm.commands().stream().skip(before).map(command -> String.join(" ", command.argv())).toList(), allocations);
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
            System.out.printf("%-24s %10d   %d MB%n", "the agent, one cycle", rows, bench.heap("report", config));
        } finally {
            Files.delete(printed);
        }
    }

    private static void job(SlurmSimulator slurm, int id, int account, int accounts, Instant end) {
        slurm.addJob(SlurmRun.ran(id, Allocations.account(account), Allocations.users(account, accounts, Allocations.USERS).get(id % 3), end.minusSeconds(1000 + id % 500), end,
                "billing=4,cpu=4,gres/gpu=1,mem=8192M,node=1"));
    }

    private static void print(String agent, int resources, String cycle, long[] counts) {
        System.out.printf("%-10s %9d %-10s %9d %8d %10d %8d %8d%n", agent, resources, cycle, counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    private interface Calls {
        List<String> made() throws IOException;
    }

    private Cycle cycle(List<String> command, Path state, Calls calls, Allocations allocations) throws Exception {
        double seconds = bench.run(command, Map.of("STATE_DIRECTORY", state.toString()));
        return new Cycle(calls.made(), allocations.market.requests(), seconds);
    }

    private void onRealSlurm(int accounts, int jobs) throws Exception {
        try (Lab lab = Lab.up(bench).orElseThrow()) {
            lab.fill(accounts, Allocations.USERS, jobs);
            CountedPrograms programs = CountedPrograms.of(lab.bin(), folder);
            if (bench.python().isPresent()) {
                incumbent(programs, 10, Math.min(100, accounts), 1000);
            }
            System.out.printf("%nOn a real Slurm with %d accounts and %d jobs of this month, which is what is reported%n", accounts, jobs);
            try (Allocations allocations = new Allocations(accounts)) {
                seconds(allocations, programs, accounts);
            }
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
            List<String> command = Incumbent.cycle(bench.python().orElseThrow(), "report", allocations.config(folder, programs.bin(), 2));
            Cycle done = cycle(command, folder, programs::calls, allocations);
            return (again ? cycle(command, folder, programs::calls, allocations) : done).counts();
        }
    }

    private void seconds(Allocations allocations, CountedPrograms programs, int accounts) throws Exception {
        Path config = allocations.config(folder, programs.bin(), 1);
        Path state = Files.createTempDirectory(folder, "state");
        System.out.printf("%-44s %10s %10s %14s %10s%n", "", "seconds", "processes", "bare commands", "ratio");
        Cycle first = cycle(bench.ours("report", config), state, programs::calls, allocations);
        if (!allocations.isTold(accounts)) {
            throw new IllegalStateException("not all is told; see " + folder);
        }
        double all = bench.bare(first.calls(), programs.real(), ROUNDS);
        line("a process, first cycle: " + (first.requests().size() - first.reads()) + " requests to tell all", first.seconds(), first.calls().size(), all);
        line("a process, all read, nothing new", Collections.min(processes(config, Optional.empty())), first.calls().size(), all);
        programs.calls();
        Cycle unchanged = cycle(bench.ours("report", config), state, programs::calls, allocations);
        double few = bench.bare(unchanged.calls(), programs.real(), ROUNDS);
        line("a process, nothing changed", Collections.min(processes(config, Optional.of(state))), unchanged.calls().size(), few);
        double allRead = Collections.min(bench.service("report", config, state, 2 * ROUNDS, "anew"));
        line("the service, all read, nothing new", allRead, first.calls().size(), all);
        double nothing = Collections.min(bench.service("report", config, state, 2 * ROUNDS));
        line("the service, nothing changed", nothing, unchanged.calls().size(), few);
        double each = oneByOne(programs) * accounts / SAMPLE;
        System.out.printf(Locale.ROOT, "%-44s %10.1f %10d %14s %10s  %.0f : 1 to all read, %.0f : 1 to nothing changed (from %d accounts)%n", "a sacct for each account, all of this month",
                each, accounts, "", "", each / allRead, each / nothing, SAMPLE);
        if (bench.python().isPresent()) {
            double sample = incumbentSeconds(programs) * accounts / SAMPLE;
            System.out.printf(Locale.ROOT, "%-44s %10.1f %10d %14s %10s  %.0f : 1 to all read, %.0f : 1 to nothing changed (from %d accounts)%n", "the incumbent, nothing changed", sample,
                    3 * accounts, "", "", sample / allRead, sample / nothing, SAMPLE);
        }
    }

    private List<Double> processes(Path config, Optional<Path> state) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Path used = state.isPresent() ? state.get() : Files.createTempDirectory(folder, "state");
            seconds.add(bench.run(bench.ours("report", config), Map.of("STATE_DIRECTORY", used.toString())));
        }
        return seconds;
    }

    private double oneByOne(CountedPrograms programs) throws Exception {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);
        List<String> calls = IntStream.rangeClosed(1, SAMPLE).mapToObj(i -> "sacct --parsable2 --noconvert --allocations --allusers --duplicates --accounts=" + Allocations.account(i)
                + " --starttime=" + month.atDay(1) + "T00:00:00 --endtime=" + month.plusMonths(1).atDay(1) + "T00:00:00"
                + " --format=Cluster,JobIDRaw,Account,User,Start,End,ElapsedRaw,Suspended,TimelimitRaw,AllocTRES").toList();
        return bench.bare(calls, programs.real(), ROUNDS);
    }

    private double incumbentSeconds(CountedPrograms programs) throws Exception {
        try (Allocations allocations = new Allocations(SAMPLE)) {
            Path config = allocations.config(folder, programs.bin(), 1);
            bench.run(Incumbent.cycle(bench.python().orElseThrow(), "report", config), Map.of());
            double seconds = bench.run(Incumbent.cycle(bench.python().orElseThrow(), "report", config), Map.of());
            programs.calls();
            return seconds;
        }
    }

    private static void line(String what, double seconds, int processes, double bare) {
        System.out.printf(Locale.ROOT, "%-44s %10.2f %10d %14.2f %8.2f : 1%n", what, seconds, processes, bare, seconds / bare);
    }
}
