package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.MembershipChange.SetUserLimits;
import org.waldur.siteagent.plan.Portions;

/** Users of one account who get the same limits. */
public record UserLimitBatch(String account, String limits, List<SetUserLimits> changes) {

    static List<UserLimitBatch> of(List<SetUserLimits> changes) {
        Map<List<String>, List<SetUserLimits>> same = new LinkedHashMap<>();
        changes.forEach(c -> same.computeIfAbsent(List.of(c.account(), c.limits()), k -> new ArrayList<>()).add(c));
        List<UserLimitBatch> batches = new ArrayList<>();
        same.forEach((key, all) -> Portions.of(all).forEach(part -> batches.add(new UserLimitBatch(key.get(0), key.get(1), part))));
        return batches;
    }

    public List<String> users() {
        return changes.stream().map(SetUserLimits::user).toList();
    }

    /** What all of them concern, as the routes name it. */
    public String orders() {
        return Cycle.join(changes);
    }
}
