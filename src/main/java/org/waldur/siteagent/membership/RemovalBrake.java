package org.waldur.siteagent.membership;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.config.MembershipSettings.Brake;

/** Which removals wait for the operator, and why. */
final class RemovalBrake {
    private final Brake brake;
    private final Map<String, SortedSet<String>> before;
    private final int leaving;
    private final int there;

    private RemovalBrake(Brake brake, List<MemberPlan> members, Map<String, SortedSet<String>> before) {
        this.brake = brake;
        this.before = before;
        this.leaving = members.stream().mapToInt(m -> m.leaving().size()).sum();
        this.there = members.stream().mapToInt(m -> m.found().size()).sum();
    }

    /**
     * By account, in order; empty where the removals may be made.
     *
     * @param members of all accounts of an offering
     * @param before  by account: who was held in an earlier cycle. He goes on to be held, or the additions of that cycle would let him go: with all
     *                usernames spelt in another way nobody would be left of the old ones, and in the next cycle all of the new ones would
     */
    static Map<String, Optional<String>> holds(Brake brake, List<MemberPlan> members, Map<String, SortedSet<String>> before) {
        RemovalBrake all = new RemovalBrake(brake, members, before);
        Map<String, Optional<String>> holds = new TreeMap<>();
        members.stream().filter(m -> !m.leaving().isEmpty()).forEach(m -> holds.put(m.account(), all.hold(m)));
        return holds;
    }

    private Optional<String> hold(MemberPlan members) {
        int going = members.leaving().size();
        int found = members.found().size();
        if (members.doubt().isPresent()) {
            return members.doubt();
        }
        if (brake.offering().isExceeded(leaving, there)) {
            return Optional.of(leaving + " of " + there + " members of all accounts would go, which is more than " + brake.offering());
        }
        if (members.ordered()) {
            return Optional.empty();
        }
        if (members.emptied()) {
            return Optional.of("the team is empty, and there are " + found + " users in the account");
        }
        if (going == found) {
            return Optional.of(found == 1 ? "it is the last user of the account" : "nobody of the " + found + " users of the account would stay");
        }
        SortedSet<String> since = new TreeSet<>(before.getOrDefault(members.account(), Collections.emptySortedSet()));
        since.retainAll(members.leaving());
        if (!since.isEmpty()) {
            return Optional.of("the removal of " + String.join(", ", since) + " was held in an earlier cycle, and nobody has released it");
        }
        return brake.account().isExceeded(going, found)
                ? Optional.of(going + " of " + found + " users of the account would go, which is more than " + brake.account()) : Optional.empty();
    }
}
