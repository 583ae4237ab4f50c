package org.waldur.siteagent.simulator;

import java.util.Comparator;

/** The tree of associations, for people. */
final class TreeText {
    private TreeText() {
    }

    static String of(SlurmWorld world) {
        StringBuilder text = new StringBuilder();
        add(text, world, world.root, "");
        return text.toString();
    }

    private static void add(StringBuilder text, SlurmWorld world, Association node, String indent) {
        text.append(indent).append(node.isAccount() ? node.account : "user " + node.user)
                .append(node.partition.isEmpty() ? "" : " in " + node.partition);
        if (node.defaultAccount) {
            text.append(" (default account)");
        }
        if (node.isAccount() && node != world.root && world.accounts.containsKey(node.account)) {
            text.append("  \"").append(world.accounts.get(node.account).description()).append('"');
        }
        if (!node.grpTresMins.isEmpty()) {
            text.append("  GrpTRESMins=").append(TresLimits.format(node.grpTresMins));
        }
        node.grpSubmitJobs.ifPresent(jobs -> text.append("  GrpSubmitJobs=").append(jobs));
        if (!node.ownQos().isEmpty() && node != world.root) {
            text.append("  QOS=").append(String.join(",", node.ownQos()));
        }
        if (!node.defaultQos.isEmpty()) {
            text.append("  DefaultQOS=").append(node.defaultQos);
        }
        text.append('\n');
        node.children.stream().filter(child -> !child.deleted).sorted(Comparator.<Association, Boolean>comparing(Association::isAccount)
                        .thenComparing(child -> child.user).thenComparing(child -> child.account))
                .forEach(child -> add(text, world, child, indent + "  "));
    }
}
