package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.slurm.Cluster;

/**
 * All that a plan of {@code membership_sync} rests on.
 *
 * @param allocations all resources of the offering that are not terminated
 * @param teams       by {@link Allocation#team()}; one that is not there was not asked for, and is as good as Unknown
 * @param others      service and course accounts
 * @param userLimits  limits of single members
 * @param before      by resource: what accounts had before we changed them
 * @param names       by resource: how its accounts are to be called, where that was asked
 * @param held        by account: users whose removal the brake has held in an earlier cycle, and nobody has released since
 * @param strangers   users whom the machine does not know
 */
public record Facts(Offering offering, List<Allocation> allocations, Map<String, Team> teams, OtherAccounts others,
        UserLimits userLimits, Map<String, Before> before, Map<String, PreparedOrder.Names> names,
        Map<String, SortedSet<String>> held, Set<String> strangers, Cluster cluster) {

    /** The same with names of accounts, by resource. */
    Facts named(Map<String, PreparedOrder.Names> more) {
        return new Facts(offering, allocations, teams, others, userLimits, before, more, held, strangers, cluster);
    }

    /** The same with users whom the machine does not know. */
    Facts without(Set<String> unknown) {
        return new Facts(offering, allocations, teams, others, userLimits, before, names, held, unknown, cluster);
    }

    /** The same with other allocations. */
    Facts selling(List<Allocation> others) {
        return new Facts(offering, others, teams, this.others, userLimits, before, names, held, strangers, cluster);
    }

    /** The same on another look at the cluster. */
    Facts on(Cluster now) {
        return new Facts(offering, allocations, teams, others, userLimits, before, names, held, strangers, now);
    }

    /** The same for an offering with other settings. */
    Facts of(Offering other) {
        return new Facts(other, allocations, teams, others, userLimits, before, names, held, strangers, cluster);
    }
}
