package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A row of {@code sacctmgr show association}.
 *
 * @param user           empty for the account itself
 * @param parent         the account above; of a user's row: its account; empty for root
 * @param share          {@code parent} or a number
 * @param grpTresMins    TRES to minutes (of mem: MB-minutes); unsigned
 * @param grpSubmitJobs  empty: no limit
 * @param defaultAccount whether this is the user's default account
 * @param partition      empty: all partitions
 * @param qos            what is set on this very row, by name, as the dump with WOPInfo shows it; empty: inherited
 * @param defaultQos     what is set on this very row; empty: inherited
 */
public record SlurmAssociation(String account, String user, String parent, String share, Map<String, Long> grpTresMins,
        OptionalLong grpSubmitJobs, boolean defaultAccount, int lft, int rgt, String partition, List<String> qos, String defaultQos) {

    static SlurmAssociation of(SlurmWorld world, Association node) {
        NestedSet numbers = world.numbers(node);
        return new SlurmAssociation(node.account, node.user, node.parent == null ? "" : node.parent.account, node.sharesText(),
                Map.copyOf(node.grpTresMins), node.grpSubmitJobs, node.defaultAccount, numbers.lft(), numbers.rgt(),
                node.partition, List.copyOf(node.ownQos()), node.defaultQos);
    }
}
