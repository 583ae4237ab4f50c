package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.waldur.Uuid;

/** Who is on the team of a project. A team that could not be read, or whose people cannot be told by name, is Unknown, never empty. */
public sealed interface Team {

    /** @param members in no order */
    record Known(List<TeamMember> members) implements Team {
        /** Usernames of those who may compute. */
        SortedSet<String> wanted() {
            return members.stream().filter(m -> m.standing() == TeamMember.Standing.MAY_COMPUTE).map(TeamMember::username).collect(Collectors.toCollection(TreeSet::new));
        }

        /** All names of those who are not to be removed, be they added yet or not. */
        SortedSet<String> staying() {
            return members.stream().filter(m -> m.standing() != TeamMember.Standing.LEAVES).flatMap(m -> m.names().stream()).collect(Collectors.toCollection(TreeSet::new));
        }

        /** Members of whom nobody says how they are called here: each of the users that are found may be one of them. */
        List<TeamMember> nameless() {
            return members.stream().filter(m -> m.standing() == TeamMember.Standing.NAMELESS).toList();
        }
    }

    /** @param why in one line */
    record Unknown(String why) implements Team {
    }

    /**
     * @param team          {@code GET marketplace-provider-resources/UUID/team/}
     * @param offeringUsers {@code GET marketplace-offering-users/}, restricted ones included. A Waldur 7 may hide them all; then the
     *                      team itself says the usernames
     */
    static Known of(List<JsonNode> team, List<JsonNode> offeringUsers) {
        return of(team, byPerson(offeringUsers));
    }

    /** Offering users by the uuid of the person. Of one who has several, the one that is being deleted does not count. */
    static Map<String, JsonNode> byPerson(List<JsonNode> offeringUsers) {
        Map<String, JsonNode> byPerson = new HashMap<>();
        offeringUsers.forEach(user -> Uuid.optional(user.path("user_uuid").asText(""))
                .ifPresent(uuid -> byPerson.merge(uuid, user, (one, other) -> TeamMember.isBeingDeleted(other) ? one : other)));
        return byPerson;
    }

    /** The same with the offering users by their uuid, for many teams. */
    static Known of(List<JsonNode> team, Map<String, JsonNode> offeringUsers) {
        List<TeamMember> members = new ArrayList<>();
        team.forEach(member -> members.add(TeamMember.of(member, offeringUsers.get(Uuid.optional(member.path("uuid").asText("")).orElse("")))));
        return new Known(members);
    }
}
