package org.waldur.siteagent.simulator;

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
 */
public record SlurmAssociation(String account, String user, String parent, String share, Map<String, Long> grpTresMins,
        OptionalLong grpSubmitJobs, boolean defaultAccount, int lft, int rgt) {

    static SlurmAssociation of(Association node) {
        return new SlurmAssociation(node.account, node.user, node.parent == null ? "" : node.parent.account, node.sharesText(),
                Map.copyOf(node.grpTresMins), node.grpSubmitJobs, node.defaultAccount, node.lft, node.rgt);
    }
}
