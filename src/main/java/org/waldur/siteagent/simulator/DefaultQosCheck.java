package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;

/**
 * sacctmgr's look at the associations of a command that changes QoS: who may not use his default QoS makes it void. It says so on
 * stderr and exits with 0.
 */
final class DefaultQosCheck {
    private final SlurmWorld world;
    private final Output output;

    DefaultQosCheck(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    private record Before(Association node, List<String> qos, Map<String, Boolean> changes, String defaultQos) {
        void restore() {
            node.qos = qos;
            node.qosChanges = changes;
            node.defaultQos = defaultQos;
        }
    }

    /**
     * Changes the QoS of these nodes.
     *
     * @param looked the associations that fit the command's conditions, users of the accounts too
     * @return whether it was done; else all is as it was
     */
    boolean change(List<Association> nodes, List<Association> looked, LimitWords limits) {
        if (!limits.hasQos()) {
            return true;
        }
        List<Before> before = nodes.stream().map(node -> new Before(node, node.qos, node.qosChanges, node.defaultQos)).toList();
        nodes.forEach(limits::applyQos);
        List<Association> without = looked.stream().filter(node -> !mayUseDefault(node, limits)).toList();
        if (without.isEmpty()) {
            return true;
        }
        output.err(" These associations don't have access to their default qos.");
        output.err(" Please give them access before they the default can be set to this.");
        without.forEach(node -> output.err("  DefQOS = %-10s C = %-10s A = %-20s%s", node.effectiveDefaultQos(), world.cluster, node.account,
                node.isAccount() ? " " : " U = %-9s".formatted(node.user) + node.partitionText()));
        before.forEach(Before::restore);
        return false;
    }

    private static boolean mayUseDefault(Association node, LimitWords limits) {
        boolean named = limits.defaultQos() != null && !limits.defaultQos().isEmpty();
        String wanted = named ? limits.defaultQos() : node.effectiveDefaultQos();
        return wanted.isEmpty() || node.effectiveQos().contains(wanted);
    }
}
