package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.waldur.siteagent.config.MembershipSettings.Brake;

/** Which removals wait for the operator, and why. */
final class RemovalBrake {
    private final Brake brake;
    private final int leaving;
    private final int there;

    /** @param members of all accounts of an offering */
    RemovalBrake(Brake brake, List<MemberPlan> members) {
        this.brake = brake;
        this.leaving = members.stream().mapToInt(m -> m.leaving().size()).sum();
        this.there = members.stream().mapToInt(m -> m.found().size()).sum();
    }

    /** By account, in order; empty where the removals may be made. */
    static Map<String, Optional<String>> holds(Brake brake, List<MemberPlan> members) {
        RemovalBrake all = new RemovalBrake(brake, members);
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
        return brake.account().isExceeded(going, found)
                ? Optional.of(going + " of " + found + " users of the account would go, which is more than " + brake.account()) : Optional.empty();
    }
}
