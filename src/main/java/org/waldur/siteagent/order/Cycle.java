package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.slurm.Cluster;

/**
 * A plan while it is carried out: what became of each order. The routes ask it for the changes of a phase, and tell it what
 * failed; an order that failed is not in the later phases, and the others are.
 */
public final class Cycle implements Execution {
    private final Plan plan;
    private final Map<String, String> left = new HashMap<>();
    private final Set<Change> done = new HashSet<>();
    private final Set<String> ended = new TreeSet<>();
    private final Set<String> ready = new TreeSet<>();

    public Cycle(Plan plan) {
        this.plan = plan;
        // their names are one argument of a command
        plan.of(Change.RemoveAllocation.class).stream().skip(Portions.MOST).forEach(removal -> leave(String.join(",", removal.orders()),
                "no more than " + Portions.MOST + " allocations are terminated in one cycle"));
    }

    @Override
    public Plan getPlan() {
        return plan;
    }

    /** Approvals that are still to be made. */
    public List<Change.ApproveOrder> getApprovals() {
        return open(Change.ApproveOrder.class);
    }

    /** Orders that are to be carried out, and that Waldur has not yet shown to be executing. */
    public Set<String> getUnready() {
        Set<String> unready = new TreeSet<>();
        open(Change.FinishOrder.class).forEach(f -> unready.add(f.order()));
        open(Change.FailOrder.class).forEach(f -> unready.add(f.order()));
        unready.removeAll(ready);
        return unready;
    }

    /**
     * What Waldur shows. A Waldur 7 has a worker that moves the resource after the approval; who ends an order before it did
     * leaves the resource broken for good. Gives the orders that are not open any more: somebody cancelled them, or Waldur has ended
     * them by itself, as it does with a switch of plan.
     */
    public Set<String> see(List<Order> orders, List<Resource> resources, boolean plugin) {
        for (Order order : orders) {
            String state = resources.stream().filter(r -> r.uuid().equals(order.resource())).map(Resource::state).findFirst().orElse("");
            boolean moved = switch (order.type()) {
                case CREATE, RESTORE -> order.plugin().isPresent();
                case UPDATE -> state.equals("Updating");
                case TERMINATE -> state.equals("Terminating");
            };
            if (order.state() == Order.State.EXECUTING && (moved || !plugin)) {
                ready.add(order.uuid());
            }
        }
        Set<String> closed = getUnready();
        orders.forEach(order -> closed.remove(order.uuid()));
        closed.forEach(order -> leave(order, "it has ended in Waldur, and not by us"));
        return closed;
    }

    /** Orders that the site refuses. */
    public List<Change.RejectOrder> getRejections() {
        return open(Change.RejectOrder.class);
    }

    /** Accounts that are still to be created, parents first. */
    public List<Change.CreateAccount> getAccounts() {
        return open(Change.CreateAccount.class);
    }

    /** Limits that are still to be set, the same ones together. */
    public List<LimitBatch> getLimits() {
        Map<String, List<Change.SetLimits>> same = open(Change.SetLimits.class).stream()
                .collect(Collectors.groupingBy(Change.SetLimits::limits, LinkedHashMap::new, Collectors.toList()));
        return same.entrySet().stream().flatMap(e -> Portions.of(e.getValue()).stream().map(part -> new LimitBatch(e.getKey(), part))).toList();
    }

    /** Blocked accounts that are to submit again. */
    public List<Change.AllowSubmission> getAllowed() {
        return open(Change.AllowSubmission.class);
    }

    /** Allocations that are to go. */
    public List<Change.RemoveAllocation> getRemovals() {
        return open(Change.RemoveAllocation.class);
    }

    /** Their accounts. */
    public List<String> getRemovedAccounts() {
        return getRemovals().stream().map(Change.RemoveAllocation::account).toList();
    }

    /** Projects (level 1) or customers (level 0) that nothing is left beneath, now that the allocations are gone. */
    public List<Change.RemoveParent> emptyParents(int level, Cluster now) {
        Set<String> gone = plan.of(Change.RemoveParent.class).stream().filter(done::contains).map(Change.RemoveParent::account)
                .collect(Collectors.toSet());
        return open(Change.RemoveParent.class).stream()
                .filter(p -> p.level() == level && now.exists(p.account()))
                .filter(p -> gone.containsAll(now.children(p.account())) && now.users(p.account()).isEmpty())
                .toList();
    }

    public List<Change.ReportBackendId> getBackendIds() {
        return open(Change.ReportBackendId.class);
    }

    /** Allocations that this cycle creates or restores. */
    public List<Change.FinishOrder> getCreated() {
        return getFinishes().stream().filter(Change.FinishOrder::creates).toList();
    }

    /** Allocations whose limits are as Waldur wants them. */
    public List<Change.FinishOrder> getLimited() {
        return getFinishes().stream().filter(Change.FinishOrder::allocationOk).toList();
    }

    /** Terminations whose allocation is gone, and whose order is still to end. */
    public List<Change.FinishOrder> getTerminated() {
        return getFinishes().stream().filter(f -> f.kind().equals("TERMINATE") && !f.account().isEmpty()).toList();
    }

    /** Their orders, as the routes name them. */
    public String getTerminatedOrders() {
        return join(getTerminated());
    }

    /** Their accounts, with commas between. */
    public String getTerminatedAccounts() {
        return getTerminated().stream().map(Change.FinishOrder::account).distinct().collect(Collectors.joining(","));
    }

    /** Allocations that get members once their order has ended. */
    public List<Change.PopulateAccount> getPopulations() {
        return open(Change.PopulateAccount.class);
    }

    /** The orders of all allocations that are to go, as the routes name them. */
    public String getRemovalOrders() {
        return join(getRemovals());
    }

    /** Whether anything is to be written to the cluster, or an emptied parent to be looked at. */
    public boolean isStructural() {
        return plan.changes().stream().anyMatch(c -> ReadBack.isStructural(c) || c instanceof Change.RemoveParent);
    }

    public List<Change.FinishOrder> getFinishes() {
        return open(Change.FinishOrder.class);
    }

    public List<Change.FailOrder> getFailures() {
        return open(Change.FailOrder.class);
    }

    public List<Change.HoldOrder> getHeld() {
        return plan.of(Change.HoldOrder.class);
    }

    /** Orders that ended in this cycle. */
    public Set<String> getEnded() {
        return Set.copyOf(ended);
    }

    /** Whether an order has ended: in this cycle, or before it. */
    public boolean hasEnded(String order) {
        return ended.contains(order) || plan.changes().stream().noneMatch(c -> c.orders().contains(order));
    }

    /** Order to why it was left for another cycle. */
    public Map<String, String> getLeft() {
        return Map.copyOf(left);
    }

    /** This change is made. */
    public void done(Change change) {
        done.add(change);
    }

    /** This order has ended in Waldur. */
    public void ended(Change change) {
        done.add(change);
        ended.addAll(change.orders());
    }

    @Override
    public void leave(String orders, String why) {
        for (String order : orders.split(",")) {
            left.putIfAbsent(order, why);
        }
    }

    @Override
    public int leaveAll(String why) {
        Set<String> open = plan.changes().stream().flatMap(c -> c.orders().stream()).collect(Collectors.toCollection(TreeSet::new));
        open.removeAll(ended);
        open.removeAll(left.keySet());
        open.forEach(order -> left.put(order, why));
        return open.size();
    }

    /** Marks what the cluster shows to be there or gone already. */
    public void observe(Cluster now) {
        plan.changes().stream().filter(c -> ReadBack.shows(now, c)).forEach(done::add);
    }

    /** Structural changes that should have been made by now, and that the cluster does not show. */
    public List<Unverified> unverified(Cluster now) {
        observe(now);
        List<Unverified> missing = new ArrayList<>();
        for (Change change : plan.changes()) {
            if (ReadBack.isStructural(change) && isOpen(change)) {
                missing.add(new Unverified(String.join(",", change.orders()), "read back, the cluster does not show: " + change.what()));
            }
        }
        return missing;
    }

    /** A write that reading back did not confirm. */
    public record Unverified(String orders, String message) {
    }

    private <C extends Change> List<C> open(Class<C> kind) {
        return plan.of(kind).stream().filter(this::isOpen).toList();
    }

    /** Whether a change is still to be made. */
    boolean isOpen(Change change) {
        return !done.contains(change) && !isLeft(change);
    }

    /** Whether all orders that need this change have been left. */
    private boolean isLeft(Change change) {
        return left.keySet().containsAll(change.orders());
    }

    /** The orders of some changes as the routes name them: uuids with commas between. */
    static String join(Collection<? extends Change> changes) {
        SortedSet<String> orders = new TreeSet<>();
        changes.forEach(c -> orders.addAll(c.orders()));
        return String.join(",", orders);
    }
}
