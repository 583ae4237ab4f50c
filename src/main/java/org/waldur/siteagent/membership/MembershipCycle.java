package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Batch;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.MembershipChange.HoldRemoval;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.MembershipChange.MoveAccount;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.MembershipChange.SetMetadata;
import org.waldur.siteagent.plan.MembershipChange.SetQos;
import org.waldur.siteagent.plan.MembershipChange.SetSubmitLimit;
import org.waldur.siteagent.plan.MembershipChange.SetUserLimits;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Cluster;

/** A plan of {@code membership_sync} while it is carried out. What failed of one account harms no other. */
public final class MembershipCycle extends Cycle {
    private final SortedMap<String, Before> before;
    private final SortedMap<String, SortedSet<String>> held;
    private final boolean reviewed;
    /** What is left of the removals after the second look. */
    private final SortedMap<String, RemoveUsers> removals = new TreeMap<>();

    /** @param reviewed whether an operator has seen this very plan and released what it holds */
    MembershipCycle(MembershipPlanner.Planned planned, boolean reviewed) {
        super(planned.plan());
        this.before = planned.before();
        this.held = planned.held();
        this.reviewed = reviewed;
        if (reviewed) {
            getPlan().of(HoldRemoval.class).forEach(held -> removals.put(held.account(), held.released()));
        }
        open(RemoveUsers.class).forEach(r -> removals.put(r.account(), r));
    }

    /** By resource: what is to be remembered of its account. */
    SortedMap<String, Before> before() {
        return before;
    }

    /** By account: whose removal is held, to be remembered. */
    SortedMap<String, SortedSet<String>> held() {
        return held;
    }

    @Override
    public Change made(Change change) {
        return reviewed && change instanceof HoldRemoval removal ? removal.released() : change;
    }

    @Override
    public String noun() {
        return "accounts";
    }

    /** Whether accounts are created, to which users are added then. */
    public boolean isCreating() {
        return !getPlan().of(Change.CreateAccount.class).isEmpty();
    }

    public List<MoveAccount> getMoves() {
        return open(MoveAccount.class);
    }

    /** QoS that are still to be set, the same ones together. */
    public List<Batch<SetQos>> getQos() {
        return Batch.of(open(SetQos.class).stream().filter(c -> !c.qos().isEmpty()).toList(), c -> List.of(c.list(), c.defaultQos()));
    }

    /** Accounts that are to have the QoS of the account above again. */
    public List<Batch<SetQos>> getInheritedQos() {
        return Batch.of(open(SetQos.class).stream().filter(c -> c.qos().isEmpty()).toList(), SetQos::list);
    }

    /** The same with the limit of submitted jobs. */
    public List<Batch<SetSubmitLimit>> getSubmitLimits() {
        return Batch.of(open(SetSubmitLimit.class), SetSubmitLimit::limit);
    }

    /** Whether an operator has seen this very plan, so that no second look is needed. */
    public boolean isReviewed() {
        return reviewed;
    }

    /** Limits of users that are still to be set, the same ones of an account together. */
    public List<UserLimitBatch> getUserLimitBatches() {
        return UserLimitBatch.of(open(SetUserLimits.class));
    }

    public List<AddUsers> getAdditions() {
        return open(AddUsers.class);
    }

    /** Users who are added somewhere by this plan. */
    public List<String> getAdded() {
        return getPlan().of(AddUsers.class).stream().flatMap(a -> a.users().stream()).distinct().sorted().toList();
    }

    /** Default accounts that are still to be set, of users who are there by now. */
    public List<SetDefaultAccount> defaults(Cluster now) {
        observe(now);
        return open(SetDefaultAccount.class).stream().filter(d -> now.users(d.account()).contains(d.user())).toList();
    }

    /** Removals that are still to be made. */
    public List<RemoveUsers> getRemovals() {
        return removals.values().stream().filter(r -> !getLeft().keySet().containsAll(r.orders())).toList();
    }

    /** Their accounts. */
    public List<String> getRemovalAccounts() {
        return getRemovals().stream().map(RemoveUsers::account).toList();
    }

    /** What the removals concern, as the routes name it. */
    public String getRemovalConcerns() {
        return join(getRemovals());
    }

    /** A second look: only what it wants removed, too, is removed. Gives the accounts of which somebody is not. */
    SortedSet<String> confirm(Plan second) {
        Map<String, Set<String>> again = second.of(RemoveUsers.class).stream().collect(Collectors.toMap(RemoveUsers::account, RemoveUsers::users));
        SortedSet<String> spared = new TreeSet<>();
        for (RemoveUsers first : List.copyOf(removals.values())) {
            SortedSet<String> both = new TreeSet<>(first.users());
            both.retainAll(again.getOrDefault(first.account(), Set.of()));
            if (both.size() < first.users().size()) {
                spared.add(first.account());
            }
            if (both.isEmpty()) {
                removals.remove(first.account());
            } else {
                removals.put(first.account(), new RemoveUsers(first.account(), both, first.reason(), first.facts()));
            }
        }
        return spared;
    }

    /** Users stay until the next cycle, because of what they still run. */
    void spare(String account, Set<String> users) {
        removals.computeIfPresent(account, (name, r) -> {
            SortedSet<String> rest = new TreeSet<>(r.users());
            rest.removeAll(users);
            return rest.isEmpty() ? null : new RemoveUsers(account, rest, r.reason(), r.facts());
        });
    }

    /** Removals that the cluster does not show. */
    List<Unverified> unremoved(Cluster now) {
        observe(now);
        getPlan().of(HoldRemoval.class).stream().filter(held -> reviewed && held.released().users().stream().noneMatch(now.users(held.account())::contains)).forEach(this::done);
        return getRemovals().stream().filter(r -> r.users().stream().anyMatch(now.users(r.account())::contains))
                .map(r -> new Unverified(String.join(",", r.orders()), "read back, the cluster does not show: " + r.what())).toList();
    }

    /** Who leaves does so afterwards. */
    @Override
    protected boolean isDue(Change change) {
        return !(change instanceof RemoveUsers);
    }

    /** Removals that an operator has not released. */
    public List<HoldRemoval> getHeldRemovals() {
        return reviewed ? List.of() : getPlan().of(HoldRemoval.class);
    }

    /** What an operator has to look at. */
    public List<LeaveAccount> getForOperator() {
        return getPlan().of(LeaveAccount.class).stream().filter(LeaveAccount::operator).toList();
    }

    public List<SetMetadata> getMetadata() {
        return open(SetMetadata.class);
    }

    /** How many changes were made, but for those that only say something. */
    public long getMade() {
        return getPlan().changes().stream().filter(c -> !c.isHeld() && !isOpen(c)).filter(c -> !getLeft().keySet().containsAll(c.orders())).count();
    }
}
