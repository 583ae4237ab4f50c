package org.waldur.siteagent.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurRequest;

/**
 * What a cycle of membership_sync costs. Between both simulators: Slurm processes, requests and heap of a cycle that has nothing to do. On a real
 * Slurm: {@link IdleMembers} and {@link NewMembers}. It is started by {@code src/bench/members}.
 */
public final class MembersBenchmark {
    static final int MEMBERS = 6;

    /** Of one cycle or of some. */
    private record Count(long processes, List<WaldurRequest> requests) {
        /** The requests by method and path, without what is different for each resource. */
        SortedMap<String, Long> kinds() {
            return requests.stream().collect(Collectors.groupingBy(r -> r.method() + " " + r.path().replaceAll("[0-9a-f]{32}", "*"), TreeMap::new, Collectors.counting()));
        }
    }

    /** @param first the first of a process @param next one more in the same process @param heap in megabytes */
    private record Idle(int accounts, Count first, Count two, double seconds, int heap) {
        long next(ToLongFunction<Count> of) {
            return of.applyAsLong(two) - of.applyAsLong(first);
        }
    }

    private MembersBenchmark() {
    }

    /**
     * @param args the distribution; the Python that has the incumbent, or {@code -}; numbers of accounts, with commas between; accounts on the real
     *             Slurm; numbers of resources for the incumbent, few and some; users to add to one account; accounts, and users to add to each
     */
    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        Bench bench = Bench.of("members-benchmark", args[0], args[1]);
        int[] sizes = Arrays.stream(args[2].split(",")).mapToInt(Integer::parseInt).toArray();
        List<Integer> rest = Arrays.stream(args).skip(3).map(Integer::valueOf).toList();
        System.out.printf("%nA cycle without news between both simulators, %d members in each account%n", MEMBERS);
        System.out.printf("%9s %-24s %10s %8s %8s %9s %10s%n", "accounts", "cycle", "processes", "GET", "POST", "seconds", "heap");
        SortedMap<String, long[]> kinds = new TreeMap<>();
        for (int size = 0; size < sizes.length; size++) {
            Idle idle = idle(bench, sizes[size]);
            print(idle);
            SortedMap<String, Long> first = idle.first().kinds();
            for (Map.Entry<String, Long> kind : idle.two().kinds().entrySet()) {
                kinds.computeIfAbsent(kind.getKey(), k -> new long[sizes.length])[size] = kind.getValue() - first.getOrDefault(kind.getKey(), 0L);
            }
        }
        System.out.printf("%nIts requests, by kind%n%-66s", "");
        Arrays.stream(sizes).forEach(size -> System.out.printf(" %7d", size));
        System.out.println();
        kinds.forEach((kind, counts) -> System.out.printf("%-66s%s%n", kind, Arrays.stream(counts).mapToObj(" %7d"::formatted).collect(Collectors.joining())));
        if (new IdleMembers(bench).run(sizes, rest.get(0), rest.get(1), rest.get(2))) {
            new NewMembers(bench).run(rest.get(3), rest.get(4), rest.get(5));
        }
        bench.clean();
    }

    private static Idle idle(Bench bench, int accounts) throws Exception {
        try (SlurmSimulator slurm = SlurmSimulator.start(bench.fresh("slurm"), "lab");
                Teams teams = new Teams(accounts, i -> Allocations.users(i, accounts, MEMBERS))) {
            if (slurm.run("sacctmgr", "-i", "load", "file=" + teams.loadFile(bench.folder(), true)).rc() != 0) {
                throw new IllegalStateException("the simulated Slurm is not filled");
            }
            Path config = teams.config(bench.folder(), slurm.binPath());
            Path state = bench.fresh("state");
            bench.run(bench.ours("membership_sync", config), Map.of("STATE_DIRECTORY", state.toString()));
            nothingToDo(bench, config, state);
            count(slurm, teams, 0);
            int before = slurm.commands().size();
            bench.service("membership-sync", config, state, 1);
            Count first = count(slurm, teams, before);
            List<Double> seconds = bench.service("membership-sync", config, state, 2);
            Count two = count(slurm, teams, before + (int) first.processes());
            return new Idle(accounts, first, two, seconds.get(1), bench.heap("membership_sync", config));
        }
    }

    private static Count count(SlurmSimulator slurm, Teams teams, int before) {
        return new Count(slurm.commands().size() - before, teams.market.requests());
    }

    /** Fails if there is a plan: what is measured then is no cycle without news. */
    static void nothingToDo(Bench bench, Path config, Path state) throws Exception {
        bench.run(List.of(bench.distribution().resolve("bin/waldur-site-agent").toString(), "plan", "-m", "membership_sync", "-c", config.toString()),
                Map.of("STATE_DIRECTORY", state.toString()));
    }

    private static void print(Idle idle) {
        ToLongFunction<Count> gets = count -> Market.reads(count.requests());
        ToLongFunction<Count> posts = count -> count.requests().size() - Market.reads(count.requests());
        String line = "%9s %-24s %10d %8d %8d %9s %10s%n";
        System.out.printf(line, idle.accounts(), "first of a process", idle.first().processes(), gets.applyAsLong(idle.first()), posts.applyAsLong(idle.first()), "", idle.heap() + " MB");
        System.out.printf(line, "", "each other", idle.next(Count::processes), idle.next(gets), idle.next(posts), "%.2f".formatted(idle.seconds()), "");
    }
}
