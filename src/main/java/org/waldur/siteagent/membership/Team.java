package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.waldur.Uuid;

/** Who is on the team of a project. A team that could not be read, or whose people cannot be told by name, is Unknown, never empty. */
public sealed interface Team {

    /**
     * @param members in no order
     * @param users   of the whole offering, who may be on other teams
     */
    record Known(List<TeamMember> members, OfferingUsers users) implements Team {
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

        /** Whether this user is for certain a person of his own, and so none of the nameless members. */
        boolean isNoneOfNameless(String username) {
            return users.owner(username).filter(owner -> nameless().stream().map(m -> Uuid.optional(m.user())).allMatch(m -> m.isPresent() && !m.get().equals(owner))).isPresent();
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
        return of(team, OfferingUsers.of(offeringUsers));
    }

    /** The same for many teams. */
    static Known of(List<JsonNode> team, OfferingUsers users) {
        return new Known(team.stream().map(member -> TeamMember.of(member, users.of(member.path("uuid").asText("")))).toList(), users);
    }
}
