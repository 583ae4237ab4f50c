package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.order.Order;
import org.waldur.siteagent.order.OrderPlanner;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.CreateAccount;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.waldur.Text;

/** Accounts that Waldur has and the cluster has not. They are made as an order to restore them would make them. */
final class MissingAccounts {
    private final Facts facts;
    private final List<Resource> resources;

    MissingAccounts(Facts facts) {
        this.facts = facts;
        this.resources = facts.allocations().stream().map(Allocation::resource).toList();
    }

    List<Change> plan(List<Allocation> missing) {
        if (!facts.offering().backend().membership().recreate()) {
            return missing.stream().<Change>map(a -> new LeaveAccount(Text.oneLine(a.resource().backendId(), 60), true, "resource " + a.uuid() + " has it, and it does not exist on cluster "
                    + facts.cluster().name() + "; plan --recreate shows how it is created again, and backend_settings.recreate: true does it", List.of())).toList();
        }
        Map<String, PreparedOrder.Names> names = facts.names();
        List<PreparedOrder> orders = missing.stream().filter(a -> names.containsKey(a.uuid())).map(a -> order(a, names.get(a.uuid()))).toList();
        Plan plan = OrderPlanner.plan(facts.offering(), orders, resources, facts.cluster());
        List<Change> changes = new ArrayList<>();
        plan.of(CreateAccount.class).forEach(c -> changes.add(new CreateAccount(MembershipChange.concern(c.name()), c.level(), c.name(), c.parent(), c.description(),
                c.organization(), c.grpTresMins(), c.marker(), "Waldur has it, and recreate is true", c.facts())));
        plan.of(Change.HoldOrder.class).forEach(h -> changes.add(left(missing, h.order(), h.reason(), h.facts())));
        plan.of(Change.FailOrder.class).forEach(f -> changes.add(left(missing, f.order(), f.message(), List.of())));
        return changes;
    }

    private static LeaveAccount left(List<Allocation> missing, String resource, String why, List<String> facts) {
        String account = missing.stream().filter(a -> a.uuid().equals(resource)).map(a -> a.resource().backendId()).findFirst().orElseThrow();
        return new LeaveAccount(Text.oneLine(account, 60), true, "it does not exist, and cannot be created again: " + why, facts);
    }

    /** The resource's uuid stands for that of the order. */
    private static PreparedOrder order(Allocation a, PreparedOrder.Names names) {
        Order order = new Order(a.uuid(), Order.Type.RESTORE, Order.State.EXECUTING, a.uuid(), a.resource().name(), Optional.empty(), a.resource().limits(),
                a.resource().plan(), a.project().uuid(), a.project().slug(), a.project().name(), a.customer().uuid(), a.customer().slug(), a.customer().name());
        return new PreparedOrder(order, a.resource(), names, PreparedOrder.Verdict.ACCEPT, "");
    }
}
