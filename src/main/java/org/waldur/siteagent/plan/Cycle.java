package org.waldur.siteagent.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.slurm.Cluster;

/**
 * A plan while it is carried out: which of its changes are made, and which concerns (see {@link Change#orders()}) are left for another
 * cycle. The routes ask it for the changes of a phase, and tell it what failed; what failed is not in the later phases, and the rest is.
 */
public class Cycle implements Execution {
    private final Plan plan;
    private final Map<String, String> left = new HashMap<>();
    private final Set<Change> done = new HashSet<>();

    protected Cycle(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Plan getPlan() {
        return plan;
    }

    /** Accounts that are still to be created, parents first. */
    public List<Change.CreateAccount> getAccounts() {
        return open(Change.CreateAccount.class);
    }

    /** Limits that are still to be set, the same ones together. */
    public List<LimitBatch> getLimits() {
        return Portions.alike(open(Change.SetLimits.class), Change.SetLimits::limits).stream().map(part -> new LimitBatch(part.get(0).limits(), part)).toList();
    }

    /** Blocked accounts that are to submit again. */
    public List<Change.AllowSubmission> getAllowed() {
        return open(Change.AllowSubmission.class);
    }

    /** Whether the cluster is to be looked at once more, because it was written to. */
    public boolean isStructural() {
        return plan.changes().stream().anyMatch(c -> ReadBack.isStructural(c) && isDue(c));
    }

    /** Concern to why it was left for another cycle. */
    public Map<String, String> getLeft() {
        return Map.copyOf(left);
    }

    /** This change is made. */
    public void done(Change change) {
        done.add(change);
    }

    protected boolean isDone(Change change) {
        return done.contains(change);
    }

    @Override
    public void leave(String orders, String why) {
        for (String order : orders.split(",")) {
            left.putIfAbsent(order, why);
        }
    }

    @Override
    public Set<String> waiting() {
        Set<String> waiting = open();
        waiting.addAll(left.keySet());
        return waiting;
    }

    @Override
    public int leaveAll(String why) {
        Set<String> open = open();
        open.forEach(order -> left.put(order, why));
        return open.size();
    }

    /** Concerns of changes that have neither ended nor been left. */
    protected Set<String> open() {
        Set<String> open = plan.changes().stream().filter(this::isOpen).flatMap(c -> c.orders().stream()).collect(Collectors.toCollection(TreeSet::new));
        open.removeAll(left.keySet());
        return open;
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
            if (ReadBack.isStructural(change) && isDue(change) && isOpen(change)) {
                missing.add(new Unverified(String.join(",", change.orders()), "read back, the cluster does not show: " + change.what()));
            }
        }
        return missing;
    }

    /** Whether a change is made before the cluster is looked at once more. */
    protected boolean isDue(Change change) {
        return true;
    }

    /** A write that reading back did not confirm. */
    public record Unverified(String orders, String message) {
    }

    protected <C extends Change> List<C> open(Class<C> kind) {
        return plan.of(kind).stream().filter(this::isOpen).toList();
    }

    /** Whether a change is still to be made. */
    public boolean isOpen(Change change) {
        return !done.contains(change) && !isLeft(change);
    }

    /** Whether all that needs this change has been left. */
    private boolean isLeft(Change change) {
        return left.keySet().containsAll(change.orders());
    }

    /** The concerns of some changes as the routes name them, with commas between. */
    public static String join(Collection<? extends Change> changes) {
        SortedSet<String> orders = new TreeSet<>();
        changes.forEach(c -> orders.addAll(c.orders()));
        return String.join(",", orders);
    }
}
