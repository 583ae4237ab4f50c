package org.waldur.siteagent.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        System.out.printf("%nUsers who join on a real Slurm that is new each time%n%-30s %-9s %10s %10s %9s   %s%n", "", "as", "processes", "that write", "seconds", "one a change : ours");
        join(1, many);
        join(accounts, users);
    }

    private static List<String> team(int account, int members) {
        return IntStream.range(0, members).mapToObj(i -> "u%06d_%d".formatted(account, i)).toList();
    }

    private void join(int accounts, int members) throws Exception {
        try (Teams teams = new Teams(accounts, i -> team(i, members))) {
            int changes = accounts * members;
            List<String> one = IntStream.rangeClosed(1, accounts).boxed().flatMap(i -> team(i, members).stream()
                    .map(user -> "sacctmgr -i add user name=" + user + " account=" + Allocations.account(i) + " fairshare=parent")).limit(accounts == 1 ? members : SAMPLE).toList();
            double each;
            try (Lab lab = lab(teams)) {
                each = bench.bare(one, lab.bin(), 1) * changes / one.size();
                check(lab, one.size());
            }
            String what = members + " users to " + (accounts == 1 ? "one account" : "each of " + accounts);
            System.out.printf("%-30s %-9s %10d %10d %9.1f   %s%n", what, "root", changes, changes, each, one.size() == changes ? "" : "computed from " + one.size() + " of them");
            for (String user : List.of("root", OPERATOR)) {
                try (Lab lab = lab(teams)) {
                    ours(lab, teams, changes, each, user);
                }
            }
        }
    }

    /** With the accounts, and nobody in them. */
    private Lab lab(Teams teams) throws Exception {
        Lab lab = Lab.up(bench).orElseThrow();
        lab.sacctmgr("-i", "add", "account", "staff", "description=staff", "organization=staff");
        lab.sacctmgr("-i", "add", "user", OPERATOR, "account=staff", "adminlevel=operator");
        lab.sacctmgr("-i", "load", "file=" + teams.loadFile(bench.folder(), false));
        return lab;
    }

    private void ours(Lab lab, Teams teams, int changes, double oneByOne, String user) throws Exception {
        String prefix = user.equals("root") ? "" : "setpriv --reuid=" + user + " --regid=" + user + " --clear-groups";
        CountedPrograms programs = CountedPrograms.of(lab.bin(), bench.folder(), prefix);
        Path getent = CountedPrograms.executable(Files.writeString(bench.fresh("host").resolve("getent"),
                "#!/bin/sh\nshift\nfor user in \"$@\"; do echo \"$user:x:100000:100000::/home/$user:/bin/sh\"; done\n"));
        double seconds = bench.service("membership-sync", teams.config(bench.folder(), programs.bin()), bench.fresh("state"), 1, "host.getent=" + getent,
                "agent.root=" + user.equals("root"), "agent.user=" + user).get(0);
        List<String> calls = programs.calls();
        long writes = calls.stream().filter(call -> call.contains("--immediate")).count();
        check(lab, changes);
        System.out.printf("%-30s %-9s %10d %10d %9.1f   processes %.0f, those that write %.0f, seconds %.0f%n", "  the agent", user.equals("root") ? "root" : "Operator", calls.size(), writes,
                seconds, (double) changes / calls.size(), (double) changes / writes, oneByOne / seconds);
    }

    /** Fails unless there are so many of them. */
    private static void check(Lab lab, int users) throws Exception {
        long found = lab.sacctmgr("-n", "-P", "show", "association", "format=account,user").stream().filter(row -> row.matches("alloc_\\d+\\|.+")).count();
        if (found != users) {
            throw new IllegalStateException(found + " users instead of " + users);
        }
    }
}
