package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code sacctmgr add user}: every user into every account; what exists is skipped, what is unknown is reported and left out. */
final class AddUsers {
    private static final Map<String, String> KEYS = Words.keys("name names user users", "account accounts", "cluster clusters",
            "partition partitions", "defaultaccount", LimitWords.SHARES, LimitWords.TRES_MINUTES, LimitWords.SUBMIT, LimitWords.QOS,
            LimitWords.QOS_MORE, LimitWords.QOS_LESS, LimitWords.DEFAULT_QOS);
    private final SlurmWorld world;
    private final Output output;

    AddUsers(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void run(List<Option> options) {
        Words words = Words.parse(options, KEYS, Set.of("name", "account", "cluster", "partition"));
        Optional<LimitWords> limits = LimitWords.withoutHint(words, world, output);
        if (limits.isEmpty()) {
            return;
        }
        String wanted = words.text("defaultaccount", "");
        Set<String> accounts = new LinkedHashSet<>(words.list("account"));
        if (!wanted.isEmpty()) {
            accounts.remove(wanted);
            accounts.add(wanted);
        }
        if (!words.has("name")) {
            output.fail(" Need name of user to add.");
            return;
        }
        if (accounts.isEmpty()) {
            output.fail(" Need name of account to add user to.");
            return;
        }
        if (!AddAccounts.clusterKnown(world, words, output)) {
            return;
        }
        List<String> newUsers = new ArrayList<>();
        List<Association> nodes = new ArrayList<>();
        Set<String> reported = new HashSet<>();
        List<String> partitions = words.has("partition") ? words.list("partition") : List.of("");
        for (String user : words.list("name")) {
            if (user.isEmpty()) {
                output.fail(" No blank names are allowed when adding.");
                continue;
            }
            if (!world.users.containsKey(user)) {
                if (!wanted.isEmpty() && !world.accounts.containsKey(wanted)) {
                    unknown(wanted, ".");
                    continue;
                }
                newUsers.add(user);
            }
            for (String account : accounts) {
                if (known(account, reported)) {
                    partitions.stream().filter(partition -> world.association(account, user, partition).isEmpty())
                            .forEach(partition -> nodes.add(world.create(account, user, partition)));
                }
            }
        }
        if (nodes.isEmpty()) {
            if (newUsers.isEmpty()) {
                output.nothing("new added.");
            } else {
                output.fail(" No associations or wckeys created.");
            }
            return;
        }
        print(limits.get(), newUsers, nodes, wanted);
        commit(limits.get(), newUsers, nodes, wanted);
    }

    private boolean known(String account, Set<String> reported) {
        boolean known = world.account(account).isPresent();
        if (!known && reported.add(account)) {
            unknown(account, world.accounts.containsKey(account) ? " on cluster " + world.cluster : ".");
        }
        return known;
    }

    private void unknown(String account, String where) {
        output.fail(" This account '%s' doesn't exist%s\n        Contact your admin to add this account.", account, where);
    }

    private void print(LimitWords limits, List<String> newUsers, List<Association> nodes, String wanted) {
        if (!newUsers.isEmpty()) {
            output.out(" Adding User(s)");
            newUsers.forEach(user -> output.out("  %s", user));
            if (!wanted.isEmpty()) {
                output.out(" Settings =\n  Default Account = %s", wanted);
            }
        }
        output.out(" Associations =");
        nodes.forEach(node -> output.out("  U = %-9.9s A = %-10.10s C = %-10.10s%s", node.user, node.account, world.cluster,
                node.partition.isEmpty() ? "" : " P = %-10.10s".formatted(node.partition)));
        output.out(" Non Default Settings");
        limits.print(output, null);
    }

    private void commit(LimitWords limits, List<String> newUsers, List<Association> nodes, String wanted) {
        if (!world.callerIs(SlurmUser.AdminLevel.OPERATOR)) {
            output.fail(" Problem adding users: Access/permission denied");
            return;
        }
        Set<String> keys = new HashSet<>();
        if (newUsers.stream().anyMatch(user -> SlurmWorld.hasKey(world.users, user) || !keys.add(SlurmWorld.key(user)))) {
            output.fail(" Problem adding users: Unspecified error");
            return;
        }
        newUsers.forEach(user -> world.users.put(user, SlurmUser.AdminLevel.NONE));
        Map<Association, Association> parents = new HashMap<>();
        nodes.forEach(node -> parents.put(node, world.account(node.account).orElseThrow()));
        nodes.forEach(limits::applyTo);
        world.add(nodes.stream().filter(node -> newUsers.contains(node.user)).toList(), parents);
        world.add(nodes.stream().filter(node -> !newUsers.contains(node.user)).toList(), parents);
        for (Association node : nodes) {
            if (node.account.equals(wanted)) {
                world.makeDefault(node);
            }
        }
        nodes.forEach(node -> world.ensureDefault(node.user));
    }
}
