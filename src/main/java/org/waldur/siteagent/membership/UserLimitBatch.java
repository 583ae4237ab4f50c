package org.waldur.siteagent.membership;

import java.util.List;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.MembershipChange.SetUserLimits;
import org.waldur.siteagent.plan.Portions;

/** Users of one account who get the same limits. */
public record UserLimitBatch(String account, String limits, List<SetUserLimits> changes) {

    static List<UserLimitBatch> of(List<SetUserLimits> changes) {
        return Portions.alike(changes, c -> List.of(c.account(), c.limits())).stream()
                .map(part -> new UserLimitBatch(part.get(0).account(), part.get(0).limits(), part)).toList();
    }

    public List<String> users() {
        return changes.stream().map(SetUserLimits::user).toList();
    }

    /** What all of them concern, as the routes name it. */
    public String orders() {
        return Cycle.join(changes);
    }
}
