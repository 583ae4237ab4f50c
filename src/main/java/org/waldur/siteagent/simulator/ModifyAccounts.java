package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code sacctmgr modify account}. Without a name it changes every account, root too: so does the real one. */
final class ModifyAccounts {
    private static final Map<String, String> CONDITIONS = Words.keys("name names account accounts", "cluster clusters");
    private static final Map<String, String> SETTINGS = Words.keys("parent", "description", "organization", LimitWords.SHARES,
            LimitWords.TRES_MINUTES, LimitWords.SUBMIT, LimitWords.QOS);
    private final SlurmWorld world;
    private final Output output;

    ModifyAccounts(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void run(List<Option> options) {
        Clauses clauses = Clauses.of(options);
        Words where = Words.parse(clauses.where(), CONDITIONS, Set.of("name", "cluster"));
        Words set = Words.parse(clauses.set(), SETTINGS, Set.of());
        Optional<LimitWords> limits = LimitWords.of(set, world, output);
        if (limits.isEmpty()) {
            return;
        }
        if (set.values.isEmpty()) {
            output.fail(" You didn't give me anything to set");
            return;
        }
        if (!world.callerIs(SlurmUser.AdminLevel.OPERATOR)) {
            output.denied();
            return;
        }
        if (set.has("description") || set.has("organization")) {
            describe(where, set);
        }
        if (set.has("parent") || !limits.get().isEmpty()) {
            modify(where, set, limits.get());
        }
    }

    private void describe(Words where, Words set) {
        List<SlurmAccount> rows = world.accounts.values().stream().filter(row -> where.matches("name", row.name())).toList();
        if (rows.isEmpty()) {
            output.nothing("modified");
            return;
        }
        output.out(" Modified accounts...");
        for (SlurmAccount row : rows) {
            output.out("  %s", row.name());
            world.accounts.put(row.name(), new SlurmAccount(row.name(),
                    Names.stored(set.text("description", row.description())), Names.stored(set.text("organization", row.organization()))));
        }
    }

    private void modify(Words where, Words set, LimitWords limits) {
        String parent = set.text("parent", "root");
        if (!world.accounts.containsKey(parent)) {
            output.fail(" Parent Account %s doesn't exist.", parent);
            return;
        }
        Association above = world.account(parent).orElse(null);
        List<Association> nodes = world.associations(node -> node.isAccount() && where.matches("name", node.account)
                && where.matches("cluster", world.cluster)
                && (!limits.isEmpty() || above != null && node != above && node != world.root && node.parent != above));
        if (nodes.isEmpty()) {
            output.nothing("modified");
            return;
        }
        output.out(" Modified account associations...");
        for (Association node : nodes) {
            output.out("  C = %-10.10s A = %s%s", world.cluster, node.account, node.parent == null ? "" : " of " + node.parent.account);
            if (limits.qos() != null) {
                inheritors(node);
            }
        }
        if (set.has("parent") && above != null) {
            move(nodes, above);
        }
        nodes.forEach(limits::applyTo);
    }

    /** Users whom a change of QoS reaches. */
    private void inheritors(Association node) {
        for (Association child : node.children) {
            if (child.deleted) {
                continue;
            }
            if (child.qos.isEmpty() && child.isAccount()) {
                inheritors(child);
            } else if (child.qos.isEmpty()) {
                output.out("  C = %-10s A = %-20s U = %-9s", world.cluster, child.account, child.user);
            }
        }
    }

    /** Moves below a new parent; a parent that is below the moved one is first lifted to its side. */
    private void move(List<Association> nodes, Association parent) {
        List<int[]> ranges = nodes.stream().map(node -> new int[] {node.lft, node.rgt}).toList();
        for (int i = 0; i < nodes.size(); i++) {
            Association node = nodes.get(i);
            if (node.parent == null || node == parent || node.parent == parent) {
                continue;
            }
            // slurmdbd read the ranges before the first move, and does not read them again
            world.move(node, parent, ranges.get(i)[0] <= parent.lft && parent.lft <= ranges.get(i)[1]);
        }
    }
}
