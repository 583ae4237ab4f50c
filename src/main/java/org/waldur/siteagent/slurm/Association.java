package org.waldur.siteagent.slurm;

import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * One row of {@code sacctmgr show association}. Names are in lower case, as slurmdbd keeps them.
 *
 * @param user          empty: the account itself
 * @param parent        account above; empty for root. On a row of a user, his account
 * @param grpTresMins   limits set on this very row, in TRES-minutes
 * @param grpSubmitJobs 0: nobody may submit; empty: no limit
 */
public record Association(
        String account,
        String user,
        String partition,
        String parent,
        SortedMap<String, Long> grpTresMins,
        OptionalLong grpSubmitJobs) {
}
