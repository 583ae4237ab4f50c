package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Map;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.PreparedOrder;

/**
 * The resources of an offering, each of which may claim an account.
 *
 * @param allocations all that are not terminated
 * @param names       by resource: how its accounts would be called
 */
public record ImportClaim(Offering offering, List<Allocation> allocations, Map<String, PreparedOrder.Names> names) {
    /** Whether an account of one offering may be meant by the other, too. An offering that names no cluster has the only one. */
    boolean sharesClusterWith(ImportClaim other) {
        return sharesSlurmdbdWith(other) && offering.backend().clusterName().equals(other.offering.backend().clusterName());
    }

    /** As far as can be told: the same sacctmgr speaks to the same slurmdbd. */
    boolean sharesSlurmdbdWith(ImportClaim other) {
        return offering.backend().slurmBinPath().equals(other.offering.backend().slurmBinPath());
    }
}
