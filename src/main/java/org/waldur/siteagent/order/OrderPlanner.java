package org.waldur.siteagent.order;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.account.Limits;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Association;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.TresLimits;

/** What is to be done about a list of orders: a pure function of the orders, the resources of the offering, and the cluster. */
public final class OrderPlanner {
    private final Offering offering;
    private final Cluster cluster;
    private final Allocations allocations;
    private final ParentAccounts parents;
    private final List<Change> approvals = new ArrayList<>();
    private final List<Change> writes = new ArrayList<>();
    private final List<Change.RemoveAllocation> removals = new ArrayList<>();
    private final Map<PreparedOrder, String> terminated = new LinkedHashMap<>();
    private final List<Change> endings = new ArrayList<>();
    private final Map<Order, Taken> clashes = new LinkedHashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final Set<String> freed = new HashSet<>();

    private OrderPlanner(Offering offering, List<Resource> resources, Cluster cluster) {
        this.offering = offering;
        this.cluster = cluster;
        Ownership ownership = new Ownership(cluster, offering.backend(), resources);
        this.allocations = new Allocations(offering.backend(), cluster, ownership, resources);
        this.parents = new ParentAccounts(offering.backend(), cluster, ownership, allocations);
    }

    /** The plan for these orders. It may hold orders, or end them as erred, but it never fails for one of them. */
    public static Plan plan(Offering offering, List<PreparedOrder> orders, List<Resource> resources, Cluster cluster) {
        OrderPlanner planner = new OrderPlanner(offering, resources, cluster);
        orders.forEach(planner::decide);
        return planner.plan();
    }

    private Plan plan() {
        List<Change.RemoveParent> emptied = parents.removed(removals, terminated, writes);
        emptied.forEach(p -> freed.add(p.account()));
        clashes.forEach((order, clash) -> {
            if (freed.contains(clash.name)) {
                hold(order, false, "the account name '" + clash.name + "', which it is to have, is being set free", List.of());
            } else {
                fail(order, clash);
            }
        });
        List<Change> changes = new ArrayList<>(approvals);
        changes.addAll(parents.created());
        changes.addAll(writes);
        changes.addAll(removals);
        changes.addAll(emptied);
        changes.addAll(endings);
        return new Plan("order_process", offering.name(), changes);
    }

    private void decide(PreparedOrder prepared) {
        Order order = prepared.order();
        if (!begun.add(order.resource())) {
            hold(order, false, "an earlier order for the same resource comes first", List.of());
            return;
        }
        switch (prepared.verdict()) {
            case HOLD -> hold(order, false, prepared.message(), List.of());
            case REFUSE -> endings.add(order.state() == Order.State.PENDING_PROVIDER
                    ? new Change.RejectOrder(of(order), order.uuid(), prepared.message(), "the site refuses it")
                    : new Change.FailOrder(of(order), order.uuid(), prepared.message(), true, "the site refuses it"));
            case ACCEPT -> accept(prepared);
        }
    }

    private void accept(PreparedOrder prepared) {
        Order order = prepared.order();
        try {
            switch (order.type()) {
                case CREATE, RESTORE -> create(prepared);
                case UPDATE -> update(prepared);
                case TERMINATE -> terminate(prepared);
            }
            approve(order);
        } catch (Taken e) {
            clashes.put(order, e);
        } catch (CannotBeDone e) {
            fail(order, e);
        } catch (Held e) {
            hold(order, true, e.getMessage(), e.facts());
        }
    }

    private void fail(Order order, CannotBeDone why) {
        approve(order);
        endings.add(new Change.FailOrder(of(order), order.uuid(), why.getMessage(), false, "no other try can help"));
    }

    private void approve(Order order) {
        if (order.state() == Order.State.PENDING_PROVIDER) {
            approvals.add(new Change.ApproveOrder(of(order), order.uuid(), "it waits for the provider"));
        }
    }

    private void hold(Order order, boolean operator, String why, List<String> facts) {
        endings.add(new Change.HoldOrder(of(order), order.uuid(), operator, why, facts));
    }

    private void create(PreparedOrder prepared) {
        Order order = prepared.order();
        Limits limits = limits(prepared, true);
        String account = allocations.assign(prepared, parents);
        Map<String, Long> known = known(limits.grpTresMins());
        String project = parents.ensure(prepared, account);
        allocations.give(account, prepared);
        if (cluster.exists(account)) {
            setLimits(order, account, known);
            if (cluster.account(account).filter(a -> a.grpSubmitJobs().orElse(-1) == 0).isPresent()) {
                writes.add(new Change.AllowSubmission(of(order), account, "it was blocked, and the order says that it lives"));
            }
        } else {
            known.values().removeIf(v -> v == TresLimits.CLEAR);
            writes.add(new Change.CreateAccount(of(order), 2, account, project,
                    Account.describe(order.resourceName(), order.resource()), project, known, order.resource(),
                    "order " + order.uuid() + " (" + order.type() + ") asks for it", facts(order, limits)));
        }
        if (!prepared.resource().backendId().equals(account)) {
            freed.add(prepared.resource().backendId());
            endings.add(new Change.ReportBackendId(of(order), order.resource(), account, "Waldur has '" + prepared.resource().backendId() + "'"));
        }
        finish(order, account);
        endings.add(new Change.PopulateAccount(of(order), order.uuid(), order.resource(), account, "its team is to compute"));
    }

    private void update(PreparedOrder prepared) {
        Order order = prepared.order();
        String account = allocations.existing(prepared.resource());
        if (account.isEmpty() || !cluster.exists(account)) {
            throw new Held("its account " + (account.isEmpty() ? "" : "'" + account + "' ") + "does not exist on cluster " + cluster.name()
                    + "; `membership_sync` reports it, and creates it again when it is told to", List.of());
        }
        if (!order.switchesPlan(prepared.resource())) {
            setLimits(order, account, known(limits(prepared, false).grpTresMins()));
        }
        finish(order, account);
    }

    private void terminate(PreparedOrder prepared) {
        Order order = prepared.order();
        String account = allocations.existing(prepared.resource());
        if (cluster.exists(account)) {
            if (!cluster.children(account).isEmpty()) {
                throw new Held("account '" + account + "' has accounts beneath it: " + cluster.children(account), List.of());
            }
            if (offering.backend().softDelete()) {
                throw new Held("backend_settings.soft_delete is true, and this version cannot keep the account of a terminated allocation; block '" + account
                        + "' by hand and set the order done in Waldur, or take soft_delete away and the account is removed", List.of());
            }
            removals.add(new Change.RemoveAllocation(of(order), account, new TreeSet<>(cluster.users(account)),
                    "order " + order.uuid() + " terminates it", List.of("resource " + order.resource() + " is " + prepared.resource().state())));
        }
        terminated.put(prepared, account);
        freed.addAll(List.of(account, prepared.resource().backendId()));
        endings.add(new Change.FinishOrder(of(order), order.uuid(), order.type().name(), order.resource(), account,
                cluster.exists(account) ? "the account is removed" : "the account does not exist"));
    }

    private Limits limits(PreparedOrder prepared, boolean constants) {
        try {
            Limits limits = Limits.of(offering.components(), prepared.order().limits(),
                    Limits.prepaidMonths(prepared.resource().created(), prepared.resource().endDate()),
                    offering.backend().missingLimit(), constants);
            if (!limits.missing().isEmpty()) {
                throw new Held("it names no limit for " + limits.missing() + ", and no limit is an unlimited one; say what is meant with"
                        + " backend_settings.missing_limit: zero or unlimited", List.of(ordered(prepared.order())));
            }
            return limits;
        } catch (Limits.InvalidLimit e) {
            throw new CannotBeDone(e.getMessage());
        }
    }

    private Map<String, Long> known(Map<String, Long> limits) {
        Map<String, Long> known = new TreeMap<>(limits);
        known.keySet().removeIf(tres -> !cluster.knows(tres));
        return known;
    }

    private void setLimits(Order order, String account, Map<String, Long> wanted) {
        Map<String, Long> found = cluster.account(account).map(Association::grpTresMins).orElseThrow();
        Map<String, Long> difference = TresLimits.difference(wanted, found);
        if (!difference.isEmpty()) {
            writes.add(new Change.SetLimits(of(order), account, difference, "Waldur's limits differ from the cluster's",
                    List.of("wanted " + TresLimits.format(wanted), "found " + TresLimits.format(found))));
        }
    }

    private List<String> facts(Order order, Limits limits) {
        List<String> unknown = limits.grpTresMins().keySet().stream().filter(tres -> !cluster.knows(tres)).toList();
        return unknown.isEmpty() ? List.of(ordered(order))
                : List.of(ordered(order), "cluster " + cluster.name() + " does not know the TRES " + unknown + ", so they get no limit");
    }

    private static String ordered(Order order) {
        Map<String, String> limits = new TreeMap<>();
        order.limits().forEach((component, limit) -> limits.put(component, limit.map(BigDecimal::toPlainString).orElse("none")));
        return "limits of the order: " + limits;
    }

    private void finish(Order order, String account) {
        endings.add(new Change.FinishOrder(of(order), order.uuid(), order.type().name(), order.resource(), account,
                "all that it asked for is there"));
    }

    static String name(String name, String slug, String whose, int max) {
        if (slug.isBlank()) {
            throw new CannotBeDone("the slug of the " + whose + " is missing in Waldur, so its account cannot be named");
        }
        try {
            return AccountName.of("", name, max);
        } catch (AccountName.InvalidName e) {
            throw new CannotBeDone(e.getMessage());
        }
    }

    static SortedSet<String> of(Order order) {
        return new TreeSet<>(Set.of(order.uuid()));
    }

    /** The order is wrong in a way that no other try will mend: it ends as erred. */
    static class CannotBeDone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CannotBeDone(String message) {
            super(message, null, false, false);
        }
    }

    /** Something else has the name that an account of the order is to have. */
    static final class Taken extends CannotBeDone {
        private static final long serialVersionUID = 1L;
        private final String name;

        /** @param whom what the account does not belong to, like "this project" */
        Taken(String name, String whom) {
            super("the account name '" + name + "' is taken by something that does not belong to " + whom);
            this.name = name;
        }
    }
}
