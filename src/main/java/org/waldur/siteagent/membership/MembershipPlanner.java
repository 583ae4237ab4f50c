package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.Limits;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.MembershipSettings.Restriction;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Allocations;
import org.waldur.siteagent.order.Held;
import org.waldur.siteagent.order.Ownership;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.CreateAccount;
import org.waldur.siteagent.plan.Change.SetLimits;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.HoldRemoval;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.MembershipChange.MoveAccount;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.MembershipChange.SetMetadata;
import org.waldur.siteagent.plan.MembershipChange.SetQos;
import org.waldur.siteagent.plan.MembershipChange.WaitForUsers;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Association;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.TresLimits;
import org.waldur.siteagent.waldur.Text;

/** What is to be changed so that whoever is on a team may compute, and nobody else: a pure function of {@link Facts}. */
public final class MembershipPlanner {
    private final Facts facts;
    private final Offering offering;
    private final Cluster cluster;
    private final MembershipSettings settings;
    private final Ownership ownership;
    private final Map<String, String> accounts = new HashMap<>();
    private final List<Allocation> settled = new ArrayList<>();
    private final List<Allocation> missing = new ArrayList<>();
    private final List<MemberPlan> members = new ArrayList<>();
    private final List<Change> limits = new ArrayList<>();
    private final List<MembershipChange> access = new ArrayList<>();
    private final List<Change> userLimits = new ArrayList<>();
    private final List<Change> left = new ArrayList<>();
    private final List<Change> news = new ArrayList<>();
    private final SortedMap<String, Before> before = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> held = new TreeMap<>();
    /** Of accounts that are created or moved: what is going to be above them. */
    private final Map<String, String> above = new HashMap<>();
    /** Of accounts whose QoS are set: what they are going to be. */
    private final Map<String, SortedSet<String>> qos = new HashMap<>();

    private MembershipPlanner(Facts facts) {
        this.facts = facts;
        this.offering = facts.offering();
        this.cluster = facts.cluster();
        this.settings = offering.backend().membership();
        List<Resource> resources = facts.allocations().stream().map(Allocation::resource).toList();
        this.ownership = new Ownership(cluster, offering.backend(), resources);
        Allocations allocations = new Allocations(offering.backend(), cluster, ownership, resources);
        facts.allocations().stream().sorted(Comparator.comparing(Allocation::uuid)).forEach(a -> find(a, allocations));
    }

    /** The plan, and what is to be remembered of the accounts before it is carried out. Never fails for one of the allocations. */
    public static Planned plan(Facts facts) {
        return new MembershipPlanner(facts).plan();
    }

    /**
     * Resources whose accounts' names decide something: they are asked for by a route, because a site may have a rule of its own.
     *
     * @return uuids
     */
    public static SortedSet<String> unnamed(Facts facts) {
        MembershipPlanner planner = new MembershipPlanner(facts);
        SortedSet<String> unnamed = new MovedProjects(facts, planner.ownership, planner.accounts, List.of()).unnamed();
        if (planner.settings.recreate()) {
            planner.missing.stream().map(Allocation::uuid).filter(uuid -> !facts.names().containsKey(uuid)).forEach(unnamed::add);
        }
        return unnamed;
    }

    /**
     * @param before by resource
     * @param held   by account: users whose removal the brake holds. What is held only because something is Unknown passes by itself
     */
    public record Planned(Plan plan, SortedMap<String, Before> before, SortedMap<String, SortedSet<String>> held) {
        Planned with(Plan other) {
            return new Planned(other, before, held);
        }
    }

    private void find(Allocation allocation, Allocations allocations) {
        if (!allocation.isSettled()) {
            return;
        }
        try {
            String account = allocations.existing(allocation.resource());
            if (cluster.exists(account)) {
                accounts.put(allocation.uuid(), account);
                settled.add(allocation);
            } else if (!account.isEmpty()) {
                missing.add(allocation);
            }
        } catch (Held e) {
            left.add(new LeaveAccount(Text.oneLine(allocation.resource().backendId(), 60), true, "resource " + allocation.uuid() + ": " + e.getMessage(), e.facts()));
        }
    }

    private Planned plan() {
        List<Change> changes = new ArrayList<>();
        List<Change> recreated = new MissingAccounts(facts).plan(missing);
        changes.addAll(recreated.stream().filter(c -> !c.isHeld()).toList());
        left.addAll(recreated.stream().filter(Change::isHeld).toList());
        List<CreateAccount> creations = recreated.stream().filter(CreateAccount.class::isInstance).map(CreateAccount.class::cast).toList();
        List<Change> moved = new MovedProjects(facts, ownership, accounts, creations).plan();
        changes.addAll(moved.stream().filter(c -> !c.isHeld()).toList());
        left.addAll(moved.stream().filter(Change::isHeld).toList());
        changes.forEach(c -> {
            if (c instanceof CreateAccount created) {
                above.put(created.name(), created.parent());
            } else if (c instanceof MoveAccount move) {
                above.put(move.account(), move.parent());
            }
        });
        settled.forEach(a -> account(a, cluster.account(accounts.get(a.uuid())).orElseThrow()));
        // one that is paused is to be so from the beginning
        missing.forEach(a -> creations.stream().filter(c -> c.level() == 2 && c.marker().equals(a.uuid())).forEach(c -> account(a,
                new Association(c.name(), c.parent(), new TreeMap<>(c.grpTresMins()), OptionalLong.empty(), new TreeSet<>(), ""))));
        changes.addAll(limits);
        access.stream().filter(c -> !c.isHeld()).forEach(changes::add);
        access.stream().filter(Change::isHeld).forEach(left::add);
        members(changes);
        facts.allocations().stream().filter(a -> accounts.containsKey(a.uuid())).sorted(Comparator.comparing(Allocation::uuid)).forEach(a -> metadata(a, accounts.get(a.uuid())));
        changes.addAll(news);
        changes.addAll(left);
        return new Planned(new Plan("membership_sync", offering.name(), changes), before, held);
    }

    private void account(Allocation allocation, Association found) {
        String account = found.account();
        Before had = Optional.ofNullable(facts.before().get(allocation.uuid())).filter(b -> b.account().equals(account)).orElse(Before.nothing(account));
        limits(allocation, found);
        AccessPlanner planner = new AccessPlanner(settings);
        List<MembershipChange> ofAccess = planner.plan(allocation, found, had);
        access.addAll(ofAccess);
        Before remembered = planner.remembering(allocation, found, had, ofAccess);
        SortedSet<String> there = new TreeSet<>(cluster.users(account));
        there.addAll(members(allocation, account, there));
        if (facts.userLimits().known()) {
            MemberLimits ofMembers = new MemberLimits(offering.components(), cluster);
            SortedMap<String, SortedMap<String, Long>> wanted = ofMembers.wanted(facts.userLimits().of(allocation.uuid()), there, had.userLimits());
            userLimits.addAll(ofMembers.plan(account, there, wanted, had.userLimits()));
            remembered = remembered.with(ofMembers.remembering(account, wanted, had.userLimits()));
        }
        before.put(allocation.uuid(), remembered);
        ofAccess.stream().filter(SetQos.class::isInstance).forEach(c -> qos.put(account, ((SetQos) c).qos()));
        accounts.put(allocation.uuid(), account);
    }

    private void limits(Allocation allocation, Association found) {
        Resource resource = allocation.resource();
        try {
            // a resource that says nothing at all of limits is not one that names none of them
            MissingLimit missingLimit = resource.limits().isEmpty() ? MissingLimit.HOLD : offering.backend().missingLimit();
            Limits ofResource = Limits.of(offering.components(), resource.limits(), Limits.prepaidMonths(resource.created(), resource.endDate()), missingLimit, true);
            Map<String, Long> wanted = new TreeMap<>(ofResource.grpTresMins());
            wanted.keySet().removeIf(tres -> !cluster.knows(tres));
            ofResource.missing().forEach(type -> wanted.keySet().removeAll(offering.components().get(type).tres().keySet()));
            Map<String, Long> difference = TresLimits.difference(wanted, found.grpTresMins());
            if (!difference.isEmpty()) {
                limits.add(new SetLimits(MembershipChange.concern(found.account()), found.account(), difference, "Waldur's limits differ from the cluster's",
                        List.of("wanted " + TresLimits.format(wanted), "found " + TresLimits.format(found.grpTresMins()))));
            }
        } catch (Limits.InvalidLimit e) {
            left.add(new LeaveAccount(found.account(), true, e.getMessage(), List.of()));
        }
    }

    /** Gives who joins. */
    private SortedSet<String> members(Allocation allocation, String account, SortedSet<String> found) {
        Team team = facts.teams().getOrDefault(allocation.team(), new Team.Unknown("nobody has asked for it"));
        if (team instanceof Team.Unknown unknown) {
            left.add(new LeaveAccount(account, false, "its team is Unknown: " + unknown.why(), List.of()));
            return new TreeSet<>();
        }
        boolean restricted = allocation.restricted().orElse(false);
        MemberPlan plan = MemberPlan.of(account, new TreeSet<>(found), (Team.Known) team, facts.others(), allocation.project().uuid(), facts.strangers(),
                restricted && settings.restriction() == Restriction.REMOVE, restricted && settings.restriction() == Restriction.BLOCK);
        members.add(plan);
        return plan.joining();
    }

    private void members(List<Change> changes) {
        List<AddUsers> additions = new ArrayList<>();
        members.forEach(m -> {
            if (!m.joining().isEmpty()) {
                additions.add(new AddUsers(MembershipChange.concern(m.account()), m.account(), m.joining(), "they are on the team", m.facts()));
            }
            if (!m.unknown().isEmpty()) {
                left.add(new WaitForUsers(m.account(), m.unknown(), "the machine does not know them yet (getent), and Slurm would remember that"));
            }
        });
        DefaultAccounts defaults = new DefaultAccounts(offering.backend(), cluster);
        // first, because Slurm makes the first account of a new user his default
        changes.addAll(defaults.openedByEach(additions));
        changes.addAll(additions);
        changes.addAll(defaults.set(additions));
        changes.addAll(userLimits);
        Map<String, Optional<String>> holds = RemovalBrake.holds(settings.brake(), members, facts.held());
        members.stream().filter(m -> !m.leaving().isEmpty() && m.doubt().isEmpty() && holds.get(m.account()).isPresent()).forEach(m -> held.put(m.account(), m.leaving()));
        members.stream().filter(m -> !m.leaving().isEmpty()).sorted(Comparator.comparing(MemberPlan::account)).forEach(m -> holds.get(m.account()).ifPresentOrElse(
                why -> left.add(new HoldRemoval(m.account(), m.leaving(), why, m.facts())),
                () -> changes.add(new RemoveUsers(m.account(), m.leaving(), m.ordered() ? "Waldur restricts the access of its members" : "they are not on the team", m.facts()))));
    }

    /** Waldur shows the QoS of an account where agents of other makes write it. */
    private void metadata(Allocation allocation, String account) {
        String effective = String.join(",", effectiveQos(account));
        if (!allocation.metadata().isMissingNode() && !allocation.metadata().path("qos").asText("").equals(effective)) {
            ObjectNode metadata = allocation.metadata() instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
            news.add(new SetMetadata(account, allocation.uuid(), metadata.put("qos", effective).toString(),
                    "Waldur has " + (allocation.metadata().has("qos") ? Text.oneLine(allocation.metadata().path("qos").asText(""), 60) : "nothing")));
        }
    }

    /** Its own ones, or those of the first account above that has any. */
    private Set<String> effectiveQos(String account) {
        for (String name = account; !name.isEmpty(); name = above.getOrDefault(name, cluster.parent(name))) {
            SortedSet<String> own = qos.getOrDefault(name, cluster.account(name).map(Association::qos).orElseGet(TreeSet::new));
            if (!own.isEmpty()) {
                return own;
            }
        }
        return Set.of();
    }
}
