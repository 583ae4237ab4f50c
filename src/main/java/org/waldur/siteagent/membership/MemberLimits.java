package org.waldur.siteagent.membership;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.Limits;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.plan.MembershipChange.SetUserLimits;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.TresLimits;

/** Limits of single members within an account. What somebody else has set, and Waldur has no word of, stays. */
final class MemberLimits {
    private final Map<String, Component> components;
    private final Cluster cluster;

    MemberLimits(Map<String, Component> components, Cluster cluster) {
        this.components = components;
        this.cluster = cluster;
    }

    /**
     * By user, in TRES-minutes, as far as the cluster knows the TRES. Users who are not in the account are left out.
     *
     * @param before what we have set earlier; it is still what is wanted of a user whose amounts Slurm cannot hold
     */
    SortedMap<String, SortedMap<String, Long>> wanted(Map<String, Map<String, BigDecimal>> amounts, Set<String> members, Map<String, SortedMap<String, Long>> before) {
        SortedMap<String, SortedMap<String, Long>> wanted = new TreeMap<>();
        amounts.forEach((user, ofUser) -> {
            if (members.contains(user)) {
                SortedMap<String, Long> limits = limits(ofUser).orElseGet(() -> new TreeMap<>(before.getOrDefault(user, new TreeMap<>())));
                limits.keySet().removeIf(tres -> !cluster.knows(tres));
                wanted.put(user, limits);
            }
        });
        wanted.values().removeIf(Map::isEmpty);
        return wanted;
    }

    private Optional<SortedMap<String, Long>> limits(Map<String, BigDecimal> amounts) {
        try {
            return Optional.of(Limits.ofUser(components, amounts));
        } catch (Limits.InvalidLimit e) {
            return Optional.empty();
        }
    }

    /** What is ours to clear one day: what is wanted, and what is still there of what was. */
    SortedMap<String, SortedMap<String, Long>> remembering(String account, Map<String, SortedMap<String, Long>> wanted, Map<String, SortedMap<String, Long>> before) {
        SortedMap<String, SortedMap<String, Long>> remembered = new TreeMap<>();
        before.forEach((user, limits) -> limits.forEach((tres, minutes) -> {
            if (minutes.equals(cluster.userLimits(account, user).get(tres))) {
                remembered.computeIfAbsent(user, u -> new TreeMap<>()).put(tres, minutes);
            }
        }));
        wanted.forEach((user, limits) -> remembered.computeIfAbsent(user, u -> new TreeMap<>()).putAll(limits));
        return remembered;
    }

    /** @param before what we have set earlier: it is cleared where Waldur has it no longer and nobody has changed it since */
    List<SetUserLimits> plan(String account, Set<String> members, Map<String, SortedMap<String, Long>> wanted, Map<String, SortedMap<String, Long>> before) {
        List<SetUserLimits> changes = new ArrayList<>();
        SortedSet<String> users = new TreeSet<>(members);
        Set<String> concerned = new HashSet<>(wanted.keySet());
        concerned.addAll(before.keySet());
        users.retainAll(concerned);
        for (String user : users) {
            SortedMap<String, Long> found = cluster.userLimits(account, user);
            SortedMap<String, Long> now = wanted.getOrDefault(user, new TreeMap<>());
            SortedMap<String, Long> difference = TresLimits.difference(now, found);
            before.getOrDefault(user, new TreeMap<>()).forEach((tres, minutes) -> {
                if (!now.containsKey(tres) && minutes.equals(found.get(tres))) {
                    difference.put(tres, TresLimits.CLEAR);
                }
            });
            if (!difference.isEmpty()) {
                changes.add(new SetUserLimits(account, user, difference, "Waldur's limits of this user differ from the cluster's",
                        List.of("wanted " + TresLimits.format(now), "found " + TresLimits.format(found))));
            }
        }
        return changes;
    }
}
