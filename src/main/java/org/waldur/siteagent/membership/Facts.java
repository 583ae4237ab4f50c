package org.waldur.siteagent.membership;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.slurm.Cluster;

/**
 * All that a plan of {@code membership_sync} rests on.
 *
 * @param allocations all resources of the offering that are not terminated
 * @param teams       by project; one that is not there was not asked for, and is as good as Unknown
 * @param others      service and course accounts
 * @param userLimits  resource to user to component to Waldur's amount; empty: this server has none, or does not tell them
 * @param before      by resource: what accounts had before we changed them
 * @param names       by resource: how its accounts are to be called, where that was asked
 * @param strangers   users whom the machine does not know
 */
public record Facts(Offering offering, List<Allocation> allocations, Map<String, Team> teams, OtherAccounts others,
        Optional<Map<String, Map<String, Map<String, BigDecimal>>>> userLimits, Map<String, Before> before, Map<String, PreparedOrder.Names> names,
        Set<String> strangers, Cluster cluster) {
}
