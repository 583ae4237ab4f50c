package org.waldur.siteagent.order;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.slurm.Cluster;

/**
 * A plan while it is carried out: what became of each order. The routes ask it for the changes of a phase, and tell it what
 * failed; an order that failed is not in the later phases, and the others are.
 */
public final class OrderCycle extends Cycle {
    private final Set<String> ended = new TreeSet<>();
    private final Set<String> ready = new TreeSet<>();

    public OrderCycle(Plan plan) {
        super(plan);
        // their names are one argument of a command
        getPlan().of(Change.RemoveAllocation.class).stream().skip(Portions.MOST).forEach(removal -> leave(String.join(",", removal.orders()),
                "no more than " + Portions.MOST + " allocations are terminated in one cycle"));
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
        Set<String> gone = getPlan().of(Change.RemoveParent.class).stream().filter(this::isDone).map(Change.RemoveParent::account)
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
        return getFinishes().stream().filter(f -> f.type().equals("TERMINATE") && !f.account().isEmpty()).toList();
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

    /** Whether the cluster is to be looked at once more: it was written to, or an emptied parent is to be removed. */
    @Override
    public boolean isStructural() {
        return super.isStructural() || !getPlan().of(Change.RemoveParent.class).isEmpty();
    }

    public List<Change.FinishOrder> getFinishes() {
        return open(Change.FinishOrder.class);
    }

    public List<Change.FailOrder> getFailures() {
        return open(Change.FailOrder.class);
    }

    public List<Change.HoldOrder> getHeld() {
        return getPlan().of(Change.HoldOrder.class);
    }

    /** Orders that ended in this cycle. */
    public Set<String> getEnded() {
        return Set.copyOf(ended);
    }

    /** Whether an order has ended: in this cycle, or before it. */
    public boolean hasEnded(String order) {
        return ended.contains(order) || getPlan().changes().stream().noneMatch(c -> c.orders().contains(order));
    }

    /** This order has ended in Waldur. */
    public void ended(Change change) {
        done(change);
        ended.addAll(change.orders());
    }

    @Override
    protected Set<String> open() {
        Set<String> open = getPlan().changes().stream().flatMap(c -> c.orders().stream()).collect(Collectors.toCollection(TreeSet::new));
        open.removeAll(ended);
        open.removeAll(getLeft().keySet());
        return open;
    }
}
