package org.waldur.siteagent.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.waldur.siteagent.config.Offering;

/** Offerings of one cluster whose accounts could be taken for each other's. */
public final class Prefixes {
    private Prefixes() {
    }

    /** Each two offerings of which one's allocations are named like the other's. */
    public static List<Finding> of(List<Offering> offerings) {
        List<Finding> found = new ArrayList<>();
        for (int i = 0; i < offerings.size(); i++) {
            for (Offering other : offerings.subList(i + 1, offerings.size())) {
                Offering one = offerings.get(i);
                String first = one.backend().allocationPrefix().toLowerCase(Locale.ROOT);
                String second = other.backend().allocationPrefix().toLowerCase(Locale.ROOT);
                if (cluster(one).equals(cluster(other)) && (first.startsWith(second) || second.startsWith(first))) {
                    found.add(Finding.warning("prefixes", "accounts of " + one.name() + " and of " + other.name() + " are named alike on one cluster: " + first + " and " + second,
                            "give each offering an allocation_prefix that is no beginning of another one"));
                }
            }
        }
        return found.isEmpty() ? List.of(Finding.good("prefixes", "no two offerings name their accounts alike")) : found;
    }

    private static String cluster(Offering offering) {
        return offering.backend().slurmBinPath() + " " + offering.backend().clusterName().orElse("");
    }
}
