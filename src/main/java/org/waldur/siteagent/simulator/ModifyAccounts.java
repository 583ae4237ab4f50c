package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code sacctmgr modify account}. Without a name it changes every account, root too: so does the real one. */
final class ModifyAccounts {
    private static final Map<String, String> CONDITIONS = Words.keys("name names account accounts", "cluster clusters");
    private static final Map<String, String> SETTINGS = Words.keys("parent", "description", "organization", LimitWords.SHARES,
            LimitWords.TRES_MINUTES, LimitWords.SUBMIT, LimitWords.QOS, LimitWords.QOS_MORE, LimitWords.QOS_LESS, LimitWords.DEFAULT_QOS);
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
        if (set.has("parent") && limits.get().hasQos()) {
            throw new UnknownArgument("parent= with qos= or defaultqos=", "one of them in a command");
        }
        List<SlurmAccount> described = set.has("description") || set.has("organization") ? describe(where, set) : List.of();
        if (!set.has("parent") && limits.get().isEmpty() || modify(where, set, limits.get())) {
            described.forEach(row -> world.accounts.put(row.name(), row));
        }
    }

    /** Prints what is described anew. */
    private List<SlurmAccount> describe(Words where, Words set) {
        List<SlurmAccount> rows = world.accounts.values().stream().filter(row -> where.matches("name", row.name())).toList();
        if (rows.isEmpty()) {
            output.nothing("modified");
            return List.of();
        }
        output.out(" Modified accounts...");
        rows.forEach(row -> output.out("  %s", row.name()));
        return rows.stream().map(row -> new SlurmAccount(row.name(), Names.stored(set.text("description", row.description())),
                Names.stored(set.text("organization", row.organization())))).toList();
    }

    /** Whether the command stands: a refused QoS undoes all of it. */
    private boolean modify(Words where, Words set, LimitWords limits) {
        String parent = set.text("parent", "root");
        if (!world.accounts.containsKey(parent)) {
            output.fail(" Parent Account %s doesn't exist.", parent);
            return true;
        }
        List<Association> nodes = world.associations(node -> node.isAccount() && where.matches("name", node.account)
                && where.matches("cluster", world.cluster) && (!limits.isEmpty() || node != world.root));
        List<String> lines = new ArrayList<>();
        for (Association node : nodes) {
            lines.add("  C = %-10.10s A = %s%s".formatted(world.cluster, node.account, node.parent == null ? "" : " of " + node.parent.account));
            inheritors(node, !limits.qos().isEmpty(), limits.defaultQos() != null, lines);
        }
        List<Association> looked = world.associations(node -> where.matches("name", node.account) && where.matches("cluster", world.cluster));
        if (!new DefaultQosCheck(world, output).change(nodes, looked, limits)) {
            return false;
        }
        if (set.has("parent")) {
            nodes = move(nodes, world.account(parent).orElse(null), lines);
        }
        if (nodes.isEmpty()) {
            output.nothing("modified");
            return true;
        }
        output.out(" Modified account associations...");
        lines.forEach(line -> output.out("%s", line));
        nodes.forEach(limits::applyOthers);
        return true;
    }

    /** Lines of the users whom a change of the list, or of the default, reaches. */
    private void inheritors(Association node, boolean list, boolean byDefault, List<String> lines) {
        for (Association child : node.children) {
            boolean getsList = list && child.qos.isEmpty();
            boolean getsDefault = byDefault && child.defaultQos.isEmpty();
            if (child.deleted || !getsList && !getsDefault) {
                continue;
            }
            if (child.isAccount()) {
                inheritors(child, getsList, getsDefault, lines);
            } else {
                lines.add("  C = %-10s A = %-20s U = %-9s%s".formatted(world.cluster, child.account, child.user, child.partitionText()));
            }
        }
    }

    /**
     * Moves below a new parent, as its leftmost child; what is that already is left out of the command, with all that it sets. A
     * parent that is below the moved one is first lifted to its side.
     *
     * @param lines a line for each node; those of the nodes that are left out go
     */
    private List<Association> move(List<Association> nodes, Association parent, List<String> lines) {
        List<NestedSet> ranges = nodes.stream().map(world::numbers).toList();
        List<Association> moved = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Association node = nodes.get(i);
            if (parent != null && node != parent && node.parent != null && parent.children.indexOf(node) != 0) {
                // slurmdbd read the ranges before the first move, and does not read them again
                world.move(node, parent, ranges.get(i).contains(world.numbers(parent)));
                moved.add(node);
                kept.add(lines.get(i));
            }
        }
        lines.clear();
        lines.addAll(kept);
        return moved;
    }
}
