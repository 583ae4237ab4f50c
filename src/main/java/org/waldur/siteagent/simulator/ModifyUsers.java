package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code sacctmgr modify user}: default account, admin level, and limits of the user's associations. */
final class ModifyUsers {
    private static final Map<String, String> CONDITIONS = Words.keys("name names user users", "account accounts", "cluster clusters",
            "partition partitions");
    private static final Map<String, String> SETTINGS =
            Words.keys("defaultaccount", "adminlevel", LimitWords.SHARES, LimitWords.TRES_MINUTES, LimitWords.SUBMIT, LimitWords.QOS,
                    LimitWords.QOS_MORE, LimitWords.QOS_LESS, LimitWords.DEFAULT_QOS);
    private final SlurmWorld world;
    private final Output output;

    ModifyUsers(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void run(List<Option> options) {
        Clauses clauses = Clauses.of(options);
        Words where = Words.parse(clauses.where(), CONDITIONS, Set.of("name", "account", "cluster", "partition"));
        Words set = Words.parse(clauses.set(), SETTINGS, Set.of());
        Optional<LimitWords> limits = LimitWords.of(set, world, output);
        if (limits.isEmpty()) {
            return;
        }
        if (where.repeated) {
            output.rc(1);
        } else if (set.values.isEmpty()) {
            output.fail(" You didn't give me anything to set");
        } else if (!world.callerIs(SlurmUser.AdminLevel.OPERATOR) && !ownDefaultAccount(where, set)) {
            output.denied();
        } else {
            if (set.has("defaultaccount") || set.has("adminlevel")) {
                users(where, set);
            }
            if (!limits.get().isEmpty()) {
                associations(where, limits.get());
            }
        }
    }

    /** What everybody may change. */
    private boolean ownDefaultAccount(Words where, Words set) {
        return where.list("name").equals(List.of(world.caller)) && set.values.keySet().equals(Set.of("defaultaccount"));
    }

    private void users(Words where, Words set) {
        List<String> users = world.users.keySet().stream().filter(user -> where.matches("name", user)
                && (where.has("name") || !where.has("account")
                        || world.associationsOf(user).stream().anyMatch(node -> matches(where, node)))).toList();
        if (users.isEmpty()) {
            output.nothing("modified");
            return;
        }
        if (set.has("defaultaccount")) {
            String account = set.text("defaultaccount", "");
            String cluster = where.has("cluster") ? where.list("cluster").get(0) : world.cluster;
            List<String> strangers = users.stream()
                    .filter(user -> !cluster.equals(world.cluster) || world.associations(account, user).isEmpty()).toList();
            if (!strangers.isEmpty()) {
                output.out(" Can't modify because these users aren't associated with new default account '%s'...", account);
                strangers.forEach(user -> output.out("  U = %s C = %s", user, cluster));
                output.rc(1);
                return;
            }
            users.forEach(user -> world.associations(account, user).forEach(world::makeDefault));
        }
        if (set.has("adminlevel")) {
            String level = set.text("adminlevel", "");
            users.forEach(user -> world.users.put(user, level(level)));
        }
        output.out(" Modified users...");
        users.forEach(user -> output.out("  %s", user));
    }

    private static SlurmUser.AdminLevel level(String text) {
        for (SlurmUser.AdminLevel level : SlurmUser.AdminLevel.values()) {
            if (level.text.equalsIgnoreCase(text)) {
                return level;
            }
        }
        throw new UnknownArgument("adminlevel=" + text, "None, Operator, Administrator");
    }

    private boolean matches(Words where, Association node) {
        return where.matches("name", node.user) && where.matches("account", node.account) && where.matches("cluster", world.cluster)
                && where.matches("partition", node.partition);
    }

    private void associations(Words where, LimitWords limits) {
        List<Association> nodes = world.associations(node -> !node.isAccount() && matches(where, node));
        if (nodes.isEmpty()) {
            output.nothing("modified");
            return;
        }
        if (new DefaultQosCheck(world, output).change(nodes, nodes, limits)) {
            output.out(" Modified user associations...");
            for (Association node : nodes) {
                limits.applyOthers(node);
                output.out("  C = %-10.10s A = %-20s U = %-9s%s", world.cluster, node.account, node.user, node.partitionText());
            }
        }
    }
}
