package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.Rows;

/**
 * What Waldur says of the allocations of an offering and of who may compute there, as the routes of {@code membership_sync} ask for it. Bean {@code teams}. What is
 * made of it is in {@link Membership}.
 */
public final class Teams {
    private static final Logger LOG = LoggerFactory.getLogger("members");
    private static final int TRIES = 3;
    private static final String LIMITS = "component-user-usage-limits";
    private final Features features;
    /** Lists of an offering that its server has. */
    private final Set<String> has = ConcurrentHashMap.newKeySet();
    /** How often it said that it has not. */
    private final Map<String, Integer> without = new ConcurrentHashMap<>();

    public Teams(Features features) {
        this.features = features;
    }

    public String fields() {
        return Allocation.FIELDS;
    }

    /** Allocations; a row that cannot be read is said and left out, and nothing of its account is changed. */
    public List<Allocation> parse(List<JsonNode> rows) {
        return Rows.readable(rows, Allocation::of, why -> LOG.error("A resource is left out, because Waldur describes it with {}", why));
    }

    /** One allocation of each project that has an account, because all allocations of a project have the same team. */
    public List<Allocation> projects(List<Allocation> allocations) {
        Map<String, Allocation> projects = new TreeMap<>();
        allocations.stream().filter(a -> a.isSettled() && !a.resource().backendId().isEmpty()).forEach(a -> projects.putIfAbsent(a.team(), a));
        return List.copyOf(projects.values());
    }

    /** The same for the projects that somebody is to be removed from. */
    public List<Allocation> projectsToLeave(MembershipCycle cycle, List<Allocation> allocations) {
        Set<String> accounts = new HashSet<>(cycle.getRemovalAccounts());
        Set<String> projects = new HashSet<>();
        allocations.stream().filter(a -> accounts.contains(a.resource().backendId())).forEach(a -> projects.add(a.team()));
        return projects(allocations).stream().filter(a -> projects.contains(a.team())).toList();
    }

    /** A team that could be read. */
    public record ReadTeam(String project, Team.Known team) {
    }

    public ReadTeam team(Allocation allocation, List<JsonNode> team, OfferingUsers offeringUsers) {
        return new ReadTeam(allocation.team(), Team.of(team, offeringUsers));
    }

    /** Offering users by person, and by name. */
    public OfferingUsers byPerson(List<JsonNode> offeringUsers) {
        return OfferingUsers.of(offeringUsers);
    }

    /** The lists of users who are on no team, as far as this server has them. */
    public List<String> otherLists(Offering offering) {
        return features.hasPlugin(offering) ? List.of()
                : List.of("list_project_service_accounts", "list_course_accounts").stream().filter(list -> without.getOrDefault(offering.uuid() + list, 0) < TRIES).toList();
    }

    /** This server has such a list. */
    public void has(Offering offering, String list) {
        has.add(offering.uuid() + list);
        without.remove(offering.uuid() + list);
    }

    /**
     * This server says that it has no such list. If it had one before, something is wrong with it: {@link AnswerUnreadable}. Else the list is empty, and
     * is asked for again: both looks have to agree before anybody is removed, and one answer may be of something in front of Waldur.
     */
    public void hasNot(Offering offering, String list) {
        if (has.contains(offering.uuid() + list)) {
            throw new AnswerUnreadable("the server says that it has no " + list + ", and it had one before");
        }
        without.merge(offering.uuid() + list, 1, Integer::sum);
    }

    /** A list of users who are on no team. */
    public record ReadAccounts(String list, List<JsonNode> rows) {
    }

    public ReadAccounts others(String list, List<JsonNode> rows) {
        return new ReadAccounts(list, rows);
    }

    /** The lists of limits of single members, as far as this server has them: one, or none. */
    public List<String> limitLists(Offering offering) {
        return features.has(offering, LIMITS) ? List.of(LIMITS) : List.of();
    }

    public UserLimits limits(List<JsonNode> rows, List<JsonNode> offeringUsers) {
        return UserLimits.of(rows, offeringUsers);
    }
}
