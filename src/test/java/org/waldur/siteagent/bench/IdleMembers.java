package org.waldur.siteagent.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cycles without news on a real Slurm with many accounts, of which Waldur knows few, some and all, beside the incumbent. */
final class IdleMembers {
    private static final int ROUNDS = 3;
    private final Bench bench;

    IdleMembers(Bench bench) {
        this.bench = bench;
    }

    private record Cost(double processes, double requests, double seconds) {
        /** What so many resources cost, from what few and some do. */
        static Cost computed(Cost few, int fewResources, Cost some, int someResources, int resources) {
            double factor = (double) (resources - someResources) / (someResources - fewResources);
            return new Cost(some.processes + (some.processes - few.processes) * factor, some.requests + (some.requests - few.requests) * factor,
                    some.seconds + (some.seconds - few.seconds) * factor);
        }
    }

    /**
     * Gives false if there is no real Slurm here.
     *
     * @param sizes    numbers of resources of which each is measured with our agent
     * @param accounts on the cluster
     * @param few      resources of the incumbent's first cycle
     * @param some     resources of its second; what more cost it is computed
     */
    boolean run(int[] sizes, int accounts, int few, int some) throws Exception {
        Optional<Lab> there = Lab.up(bench);
        if (there.isEmpty()) {
            System.out.println("\nThere is no real Slurm here, so nothing is measured on one (root, and Debian's packages)");
            return false;
        }
        try (Lab lab = there.get()) {
            lab.fill(accounts, MembersBenchmark.MEMBERS, 1, "own");
            System.out.printf("%nA cycle without news on a real Slurm with %d accounts of %d users each, a process each time%n", accounts, MembersBenchmark.MEMBERS);
            System.out.printf("%-10s %9s %10s %9s %9s   %s%n", "agent", "resources", "processes", "requests", "seconds", "incumbent : ours");
            int[] all = Arrays.stream(sizes).filter(size -> size <= accounts && size != few && size != some).toArray();
            Cost atFew = compare(lab, accounts, few, null);
            Cost atSome = compare(lab, accounts, some, null);
            for (int size : all) {
                compare(lab, accounts, size, atFew == null || size < some ? null : Cost.computed(atFew, few, atSome, some, size));
            }
            service(lab, accounts);
        }
        return true;
    }

    /** Gives what the incumbent needs, if there is one. @param computed if it is not to be measured */
    private Cost compare(Lab lab, int accounts, int resources, Cost computed) throws Exception {
        CountedPrograms programs = CountedPrograms.of(lab.bin(), bench.folder());
        try (Teams teams = teams(lab, resources, accounts)) {
            Path config = teams.config(bench.folder(), programs.bin());
            Path state = bench.fresh("state");
            List<Cost> costs = new ArrayList<>();
            bench.run(bench.ours("membership_sync", config), Map.of("STATE_DIRECTORY", state.toString()));
            MembersBenchmark.nothingToDo(bench, config, state);
            for (int round = 0; round < ROUNDS; round++) {
                costs.add(cost(bench.ours("membership_sync", config), state, programs, teams));
            }
            Cost ours = Collections.min(costs, (one, other) -> Double.compare(one.seconds, other.seconds));
            Cost theirs = computed;
            if (computed == null && bench.python().isPresent()) {
                theirs = cost(Incumbent.cycle(bench.python().get(), "membership_sync", config), state, programs, teams);
                MembersBenchmark.nothingToDo(bench, config, state);
            }
            if (theirs != null) {
                print(computed == null ? "incumbent" : "computed", resources, theirs, "");
            }
            print("ours", resources, ours, theirs == null ? "" : "processes %.0f, requests %.1f, seconds %.0f".formatted(theirs.processes / ours.processes,
                    theirs.requests / ours.requests, theirs.seconds / ours.seconds));
            return theirs;
        }
    }

    private static Teams teams(Lab lab, int resources, int accounts) throws Exception {
        Teams teams = new Teams(resources, i -> Allocations.users(i, accounts, MembersBenchmark.MEMBERS));
        lab.sacctmgr("-i", "modify", "account", "where", "name=bench_customer", "set", "description=" + teams.customerMarker());
        return teams;
    }

    private Cost cost(List<String> command, Path state, CountedPrograms programs, Teams teams) throws Exception {
        programs.calls();
        teams.market.requests();
        double seconds = bench.run(command, Map.of("STATE_DIRECTORY", state.toString()));
        return new Cost(programs.calls().size(), teams.market.requests().size(), seconds);
    }

    private static void print(String agent, int resources, Cost cost, String ratio) {
        System.out.printf("%-10s %9d %10.0f %9.0f %9.1f   %s%n", agent, resources, cost.processes, cost.requests, cost.seconds, ratio);
    }

    /** With all accounts, in a process that stays, against the bare commands. */
    private void service(Lab lab, int accounts) throws Exception {
        CountedPrograms programs = CountedPrograms.of(lab.bin(), bench.folder());
        try (Teams teams = teams(lab, accounts, accounts)) {
            Path config = teams.config(bench.folder(), programs.bin());
            Path state = bench.fresh("state");
            bench.service("membership-sync", config, state, 1);
            int first = programs.calls().size();
            double seconds = Collections.min(bench.service("membership-sync", config, state, ROUNDS));
            List<String> calls = programs.calls();
            int each = (calls.size() - first) / (ROUNDS - 1);
            double bare = bench.bare(calls.subList(calls.size() - each, calls.size()), programs.real(), ROUNDS);
            System.out.printf("%-10s %9d %10d %9s %9.1f   the bare commands %.1f s, %.1f times%n", "service", accounts, each, "", seconds, bare, seconds / bare);
        }
    }
}
