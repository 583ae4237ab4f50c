package org.waldur.siteagent.shadow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.HoldRemoval;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.MembershipChange.WaitForUsers;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;

/**
 * One thing that is not as we would have it.
 *
 * @param key   the same from cycle to cycle, however its figures go on
 * @param what  in one line
 * @param ours  a figure that we would tell Waldur; null: it is no figure
 * @param known the one that Waldur has; null: none
 */
public record Difference(String offering, String key, String what, boolean held, String reason, List<String> facts, BigDecimal ours, BigDecimal known) {

    /** All of a plan. What concerns several users is one for each of them, and what concerns several figures one for each of those. */
    public static List<Difference> of(Plan plan) {
        return plan.changes().stream().flatMap(change -> of(plan.offering(), change)).toList();
    }

    /** One that only a text tells. */
    public static Difference of(String what, String reason) {
        return new Difference("-", what, what, false, reason, List.of(), null, null);
    }

    private static Stream<Difference> of(String offering, Change change) {
        if (change instanceof AddUsers c) {
            return each(offering, c.users(), one -> new AddUsers(c.orders(), c.account(), one, c.reason(), c.facts()));
        } else if (change instanceof RemoveUsers c) {
            return each(offering, c.users(), one -> new RemoveUsers(c.account(), one, c.reason(), c.facts()));
        } else if (change instanceof HoldRemoval c) {
            return each(offering, c.users(), one -> new HoldRemoval(c.account(), one, c.reason(), c.facts()));
        } else if (change instanceof WaitForUsers c) {
            return each(offering, c.users(), one -> new MembershipChange.WaitForUsers(c.account(), one, c.reason()));
        } else if (change instanceof SetUsage c) {
            return figures(offering, c.resource(), "usage of " + c.account() + " in " + c.month() + ", ", c.amounts(), c.before(), c.reason());
        } else if (change instanceof SetUserUsages c) {
            return figures(offering, c.resource(), "usage of " + c.account() + " in " + c.month() + ", " + c.component() + " of ", c.amounts(), c.before(), c.reason());
        }
        return Stream.of(plain(offering, change));
    }

    private static Stream<Difference> each(String offering, Set<String> users, Function<TreeSet<String>, Change> one) {
        return users.stream().map(user -> plain(offering, one.apply(new TreeSet<>(Set.of(user)))));
    }

    private static Difference plain(String offering, Change change) {
        return new Difference(offering, offering + " " + change.isHeld() + " " + change.what(), change.what(), change.isHeld(), change.reason(), change.facts(), null, null);
    }

    private static Stream<Difference> figures(String offering, String resource, String of, Map<String, BigDecimal> amounts, Map<String, BigDecimal> before, String reason) {
        List<Difference> found = new ArrayList<>();
        amounts.forEach((name, amount) -> {
            BigDecimal known = before.get(name);
            if (known == null ? amount.signum() != 0 : known.compareTo(amount) != 0) {
                found.add(new Difference(offering, offering + " " + resource + " " + of + name, of + name + ": " + amount + ", and Waldur has " + (known == null ? "nothing" : known),
                        false, reason, List.of(), amount, known));
            }
        });
        return found.stream();
    }

    /** Whether Waldur has by now, or more, what we would have told it then: whoever serves it has done so meanwhile. */
    boolean isServedSince(Difference then) {
        return ours != null && then.ours != null && known != null && known.compareTo(then.ours) >= 0;
    }
}
