package org.waldur.siteagent.slurm;

import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * An account on a cluster: its row of {@code sacctmgr show association}. Names are in lower case, as slurmdbd keeps them.
 *
 * @param parent        account above; empty for root
 * @param grpTresMins   limits set on this very row, in TRES-minutes
 * @param grpSubmitJobs 0: nobody may submit; empty: no limit
 * @param qos           QoS set on this very row; none: it has those of the account above
 * @param defaultQos    set on this very row; empty: it has that of the account above
 */
public record Association(String account, String parent, SortedMap<String, Long> grpTresMins, OptionalLong grpSubmitJobs, SortedSet<String> qos,
        String defaultQos) {

    Association beneath(String parent) {
        return new Association(account, parent, grpTresMins, grpSubmitJobs, qos, defaultQos);
    }
}
