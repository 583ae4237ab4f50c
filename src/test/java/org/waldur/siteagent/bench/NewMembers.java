package org.waldur.siteagent.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many users who join at once, on a real Slurm: a cycle as root, who may use {@code sacctmgr load}, and as an Operator, against a command for each. */
final class NewMembers {
    /** Changes that are made one by one; all of them would take too long. */
    private static final int SAMPLE = 400;
    /** A user of every Debian, who is nobody to Slurm. */
    private static final String OPERATOR = "backup";
    private final Bench bench;

    NewMembers(Bench bench) {
        this.bench = bench;
    }

    /** @param many users of one account @param accounts with so many users each */
    void run(int many, int accounts, int users) throws Exception {
        Optional<Lab> there = Lab.up(bench);
        if (there.isEmpty()) {
            return;
        }
        try (Lab lab = there.get()) {
            lab.sacctmgr("-i", "add", "account", "staff", "description=staff", "organization=staff");
            lab.sacctmgr("-i", "add", "user", OPERATOR, "account=staff", "adminlevel=operator");
            System.out.printf("%nUsers who join on a real Slurm%n%-30s %-9s %10s %9s %9s   %s%n", "", "as", "processes", "that write", "seconds", "one a change : ours");
            join(lab, 1, many);
            join(lab, accounts, users);
        }
    }

    private static List<String> team(int account, int members) {
        return IntStream.range(0, members).mapToObj(i -> "u%06d_%d".formatted(account, i)).toList();
    }

    private void join(Lab lab, int accounts, int members) throws Exception {
        try (Teams teams = new Teams(accounts, i -> team(i, members))) {
            lab.sacctmgr("-i", "load", "file=" + teams.loadFile(bench.folder(), false));
            int changes = accounts * members;
            List<String> one = IntStream.rangeClosed(1, accounts).boxed().flatMap(i -> team(i, members).stream()
                    .map(user -> "sacctmgr -i add user name=" + user + " account=" + Allocations.account(i) + " fairshare=parent")).limit(Math.max(SAMPLE, accounts == 1 ? members : 0)).toList();
            double sample = bench.bare(one, lab.bin(), 1);
            check(lab, teams, one.size());
            double each = sample * changes / one.size();
            String what = members + " users to " + (accounts == 1 ? "one account" : "each of " + accounts);
            System.out.printf("%-30s %-9s %10d %10d %9.1f   %s%n", what, "root", changes, changes, each, one.size() == changes ? "" : "computed from " + one.size() + " of them");
            ours(lab, teams, what, changes, each, "root", "");
            ours(lab, teams, what, changes, each, OPERATOR, "setpriv --reuid=" + OPERATOR + " --regid=" + OPERATOR + " --clear-groups");
        }
    }

    private void ours(Lab lab, Teams teams, String what, int changes, double oneByOne, String user, String prefix) throws Exception {
        CountedPrograms programs = CountedPrograms.of(lab.bin(), bench.folder(), prefix);
        Path getent = CountedPrograms.executable(Files.writeString(bench.fresh("host").resolve("getent"),
                "#!/bin/sh\nshift\nfor user in \"$@\"; do echo \"$user:x:100000:100000::/home/$user:/bin/sh\"; done\n"));
        double seconds = bench.service("membership-sync", teams.config(bench.folder(), programs.bin()), bench.fresh("state"), 1, "host.getent=" + getent,
                "agent.root=" + user.equals("root"), "agent.user=" + user).get(0);
        List<String> calls = programs.calls();
        long writes = calls.stream().filter(call -> call.contains("--immediate")).count();
        check(lab, teams, changes);
        System.out.printf("%-30s %-9s %10d %10d %9.1f   processes %.0f, those that write %.0f, seconds %.0f%n", "  the agent", user.equals("root") ? "root" : "Operator", calls.size(), writes,
                seconds, (double) changes / calls.size(), (double) changes / writes, oneByOne / seconds);
    }

    /** Fails unless there are so many users; then takes them out again. */
    private static void check(Lab lab, Teams teams, int users) throws Exception {
        String accounts = IntStream.rangeClosed(1, teams.accounts).mapToObj(Allocations::account).collect(Collectors.joining(","));
        List<String> found = new ArrayList<>(lab.sacctmgr("-n", "-P", "show", "association", "account=" + accounts, "format=user"));
        found.removeIf(String::isBlank);
        if (found.size() != users) {
            throw new IllegalStateException(found.size() + " users instead of " + users);
        }
        lab.sacctmgr("-i", "remove", "user", "where", "account=" + accounts);
    }
}
