package org.waldur.siteagent.membership;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Departure;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.MembershipChange.SetMetadata;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Cluster;

/** What the routes of {@code membership_sync} compute with. Bean {@code membership}; what it has to remember of accounts is on disk. */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger("members");
    private static final Team UNREAD = new Team.Unknown("it could not be read, see its dead letter");
    /** Waldur is told no more often than this that nothing has changed. */
    private static final Duration TELL_SYNC = Duration.ofHours(1);
    private final Teams teams;
    private final BeforeFiles before;
    private final HeldFile held;
    private final DeadLetters deadLetters;
    private final Clock clock;
    private final Options options;
    private final Consumer<Facts> seen;
    /** Resource to what Waldur was told of its members. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /** @param seen hears of all facts before anything is planned for good */
    public Membership(Teams teams, Path stateDir, DeadLetters deadLetters, Clock clock, Options options, Consumer<Facts> seen) {
        this.teams = teams;
        this.before = new BeforeFiles(stateDir);
        this.held = new HeldFile(stateDir);
        this.deadLetters = deadLetters;
        this.clock = clock;
        this.options = options;
        this.seen = seen;
    }

    /**
     * What the command line says.
     *
     * @param selection the part of a plan that is carried out
     * @param reviewed  checksum of the plan that an operator has seen and released; empty: none
     * @param recreate  accounts that are gone are created again, whatever the config says
     */
    public record Options(Selection selection, String reviewed, boolean recreate) {
    }

    /** A cycle of this offering begins. */
    public void begin(Offering offering) {
        deadLetters.begin(offering.name(), DeadLetter.Topic.MEMBERS);
    }

    /**
     * All that is known.
     *
     * @param read   teams that could be read
     * @param others the same; one that is missing makes all of them Unknown
     * @param limits one, or none
     */
    public Facts facts(Offering offering, List<Allocation> allocations, List<Teams.ReadTeam> read, List<Teams.ReadAccounts> others, List<UserLimits> limits, Cluster cluster) {
        Map<String, Team> known = new HashMap<>();
        teams.projects(allocations).forEach(a -> known.put(a.team(), UNREAD));
        read.forEach(t -> known.put(t.project(), t.team()));
        List<String> unread = teams.otherLists(offering).stream().filter(list -> others.stream().noneMatch(o -> o.list().equals(list))).toList();
        OtherAccounts accounts = unread.isEmpty() ? OtherAccounts.of(others.stream().flatMap(o -> o.rows().stream()).toList())
                : new OtherAccounts.Unknown(String.join(", ", unread) + " failed, see its dead letter");
        Offering wanted = options.recreate() ? offering.with(offering.backend().membership().recreating()) : offering;
        return new Facts(wanted, allocations, known, accounts, limits.isEmpty() ? UserLimits.UNKNOWN : limits.get(0), before.of(offering.uuid()), Map.of(), held.of(offering.uuid()), Set.of(), cluster);
    }

    /** The same where paused accounts get another QoS than the config says. For edits of the routes. */
    public Facts pausedBy(Facts facts, String qos) {
        Offering offering = facts.offering();
        return facts.of(offering.with(offering.backend().membership().pausedBy(qos)));
    }

    /** Allocations whose accounts' names decide something. */
    public List<Allocation> unnamed(Facts facts) {
        Set<String> uuids = MembershipPlanner.unnamed(facts);
        return facts.allocations().stream().filter(a -> uuids.contains(a.uuid())).toList();
    }

    /** How the accounts of an allocation are to be called. */
    public record NamedAllocation(String resource, PreparedOrder.Names names) {
    }

    public NamedAllocation named(Allocation allocation, String customer, String project, String account, boolean numbered) {
        return new NamedAllocation(allocation.uuid(), new PreparedOrder.Names(customer, project, account, numbered));
    }

    public Facts withNames(Facts facts, List<NamedAllocation> named) {
        Map<String, PreparedOrder.Names> names = new HashMap<>();
        named.forEach(n -> names.put(n.resource(), n.names()));
        return facts.named(names);
    }

    /** Who would be added, if the machine knows him. */
    public List<String> joining(Facts facts) {
        return MembershipPlanner.plan(facts).plan().of(AddUsers.class).stream().flatMap(a -> a.users().stream()).distinct().sorted().toList();
    }

    /** @param existing those of them whom the machine knows */
    public Facts withMachine(Facts facts, List<String> joining, Passwd existing) {
        SortedSet<String> strangers = new TreeSet<>(joining);
        strangers.removeAll(existing.names());
        return facts.without(strangers);
    }

    /** Whether anybody is added or removed: then it matters which account is whose default. */
    public boolean movesUsers(Facts facts) {
        Plan plan = MembershipPlanner.plan(facts).plan();
        return !plan.of(AddUsers.class).isEmpty() || !plan.of(RemoveUsers.class).isEmpty();
    }

    public Facts on(Facts facts, Cluster cluster) {
        return facts.on(cluster);
    }

    public MembershipCycle plan(Facts facts) {
        seen.accept(facts);
        MembershipPlanner.Planned planned = MembershipPlanner.plan(facts);
        Plan plan = options.selection().of(planned.plan());
        return new MembershipCycle(planned.with(plan), plan.checksum().equals(options.reviewed()));
    }

    /** Writes down what accounts have now, before anything of them is changed, and whose removal is held. */
    public void remember(Offering offering, MembershipCycle cycle) {
        Map<String, Before> known = before.of(offering.uuid());
        cycle.before().forEach((resource, now) -> {
            if (!now.equals(known.getOrDefault(resource, Before.nothing(now.account())))) {
                before.write(offering.uuid(), resource, now);
            }
        });
        held.write(offering.uuid(), cycle.held());
    }

    /** Default accounts that are still to be set, of users who are there by now. */
    public List<SetDefaultAccount> defaults(MembershipCycle cycle, Cluster now) {
        return cycle.defaults(now);
    }

    /** How long until the second look. */
    public int secondsUntilSecondLook(Offering offering) {
        return (int) offering.backend().membership().removalConfirm().toSeconds();
    }

    /**
     * All that is known after a second look.
     *
     * @param first    teams of the first look, which hold where nobody leaves
     * @param again    teams of the projects that somebody leaves, as far as they could be read again
     * @param projects that were asked for again
     */
    public Facts secondLook(Facts facts, List<Allocation> allocations, List<Teams.ReadTeam> first, List<Teams.ReadTeam> again, List<Allocation> projects, List<Teams.ReadAccounts> others,
            Cluster cluster) {
        Set<String> asked = new HashSet<>();
        projects.forEach(a -> asked.add(a.team()));
        List<Teams.ReadTeam> both = new ArrayList<>(again);
        first.stream().filter(t -> !asked.contains(t.project())).forEach(both::add);
        Facts second = facts(facts.offering(), allocations, both, others, List.of(), cluster);
        return second.without(facts.strangers());
    }

    /** Removes nobody whom the second look wants to stay. */
    public void confirm(Offering offering, MembershipCycle cycle, Facts second) {
        cycle.confirm(MembershipPlanner.plan(second).plan()).forEach(account ->
                LOG.warn("Offering {}: a second look at account {} {} after the first does not agree, so users stay who were to be removed", offering.name(), account,
                        offering.backend().membership().removalConfirm().toSeconds() + " seconds"));
    }

    /** Jobs to be cancelled: those of users in accounts that they leave. @param jobs lines {@code ID|ACCOUNT|USER} of squeue */
    public List<String> jobs(MembershipCycle cycle, String jobs) {
        return leaving(jobs, cycle).stream().map(job -> job[0]).distinct().toList();
    }

    private static List<String[]> leaving(String jobs, MembershipCycle cycle) {
        Map<String, SortedSet<String>> leaving = leaving(cycle);
        return jobs.lines().map(line -> line.strip().split("\\|")).filter(job -> job.length == 3 && leaving.getOrDefault(job[1], new TreeSet<>()).contains(job[2])).toList();
    }

    private static SortedMap<String, SortedSet<String>> leaving(MembershipCycle cycle) {
        SortedMap<String, SortedSet<String>> leaving = new TreeMap<>();
        cycle.getRemovals().forEach(r -> leaving.put(r.account(), r.users()));
        return leaving;
    }

    /** Who still has jobs stays until the next cycle: Slurm would refuse to remove him. */
    public void leaveBusy(MembershipCycle cycle, String jobs) {
        Map<String, SortedSet<String>> busy = new TreeMap<>();
        leaving(jobs, cycle).forEach(job -> busy.computeIfAbsent(job[1], a -> new TreeSet<>()).add(job[2]));
        busy.forEach((account, users) -> {
            LOG.info("{} still have jobs in account {}; they are removed in the first cycle that finds none", users, account);
            cycle.spare(account, users);
        });
    }

    public List<SetDefaultAccount> newDefaults(MembershipCycle cycle, Cluster cluster) {
        Map<String, SortedSet<String>> orders = new TreeMap<>();
        cycle.getRemovals().forEach(r -> orders.put(r.account(), r.orders()));
        return Departure.newDefaults(leaving(cycle), orders, cluster);
    }

    /** Who leaves which account, in as few commands as possible; what the cluster does not show any more is left out. */
    public List<Departure> departures(MembershipCycle cycle, Cluster cluster) {
        SortedMap<String, SortedSet<String>> leaving = leaving(cycle);
        leaving.replaceAll((account, users) -> {
            SortedSet<String> there = new TreeSet<>(users);
            there.retainAll(cluster.users(account));
            return there;
        });
        return Departure.of(leaving, cluster);
    }

    public List<Cycle.Unverified> unremoved(MembershipCycle cycle, Cluster now) {
        return cycle.unremoved(now);
    }

    /** Removals that the cluster shows, for the hook. */
    public List<RemoveUsers> removed(MembershipCycle cycle, Cluster now) {
        return cycle.getRemovals().stream().filter(r -> r.users().stream().noneMatch(now.users(r.account())::contains)).toList();
    }

    /** Allocations that Waldur is told about: nothing of them has failed, and something was changed or it was not told for an hour. */
    public List<Allocation> inStep(MembershipCycle cycle, List<Allocation> allocations, Cluster cluster) {
        Set<String> changed = new HashSet<>();
        cycle.getPlan().changes().stream().filter(c -> !c.isHeld()).forEach(c -> changed.addAll(c.orders()));
        Set<String> left = cycle.getLeft().keySet();
        return allocations.stream().filter(a -> a.isSettled() && !a.resource().backendId().isEmpty() && a.lastSync().isPresent())
                .filter(a -> cluster.exists(a.resource().backendId()) && !left.contains("account " + a.resource().backendId()))
                .filter(a -> changed.contains("account " + a.resource().backendId()) || isLongAgo(a.lastSync().get())).toList();
    }

    private boolean isLongAgo(String moment) {
        return Resource.moment(moment).filter(m -> m.toInstant().isAfter(clock.instant().minus(TELL_SYNC))).isEmpty();
    }

    /** What Waldur is to be told of members, where it wants to know and something is different from what this process told last. */
    public List<SyncStatuses> statuses(MembershipCycle cycle, Facts facts, Cluster cluster) {
        return facts.allocations().stream().filter(a -> a.isSettled() && a.options().path("enable_membership_sync_status").asBoolean(false))
                .filter(a -> facts.teams().get(a.team()) instanceof Team.Known && cluster.exists(a.resource().backendId()))
                .map(a -> SyncStatuses.of(a, a.resource().backendId(), (Team.Known) facts.teams().get(a.team()), cluster.users(a.resource().backendId()), facts.strangers(), cycle.getLeft()))
                .filter(statuses -> !statuses.body().equals(told.get(statuses.resource()))).toList();
    }

    public void told(SyncStatuses statuses) {
        told.put(statuses.resource(), statuses.body());
    }

    public String metadataBody(SetMetadata change) {
        return "{\"backend_metadata\": " + change.metadata() + "}";
    }

    /** Says what became of the cycle. Letters about members that are not of this cycle are of the past. */
    public void record(Offering offering, MembershipCycle cycle) {
        LOG.info("Offering {}: {} of {} changes made, {} accounts left", offering.name(), cycle.getMade(),
                cycle.getPlan().changes().stream().filter(c -> !c.isHeld()).count(), cycle.getLeft().size());
        cycle.getLeft().forEach((account, why) -> LOG.info("{} is left for another cycle: {}", account, why));
        deadLetters.settle(offering.name(), DeadLetter.Topic.MEMBERS);
    }
}
