package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;

/**
 * A person on a team.
 *
 * @param user      uuid in Waldur; empty if Waldur does not say it
 * @param fullName  hostile text; empty if Waldur does not say it
 * @param role      like {@code PROJECT.MEMBER}; empty if Waldur does not say it
 * @param username how he is called here, in lower case as slurmdbd keeps it; empty: he has no username that Slurm could have
 * @param names    all that Waldur calls him here, also what could not be given to sacctmgr: whoever is called so is not removed; two while its
 *                 lists do not agree
 * @param state     of the offering user; empty: none, or a server that knows no states
 */
public record TeamMember(String user, String fullName, String role, String username, SortedSet<String> names, String state, Standing standing) {
    private static final Set<String> LEAVING_STATES = Set.of("Requested deletion", "Deleting", "Deleted", "Error deleting");

    /**
     * What follows for him. {@code WAITS}: he is not added yet, and not removed either; {@code LEAVES}: restricted, or being deleted;
     * {@code NAMELESS}: nobody says how he is called here, though he should have a name.
     */
    public enum Standing { MAY_COMPUTE, WAITS, LEAVES, NAMELESS }

    static boolean isBeingDeleted(JsonNode offeringUser) {
        return LEAVING_STATES.contains(text(offeringUser, "state"));
    }

    /** @param offeringUser null: Waldur has none of him, or does not show it; then his row of the team says what there is */
    static TeamMember of(JsonNode member, JsonNode offeringUser) {
        boolean known = offeringUser != null;
        String ofTeam = name(member, "offering_user_username");
        String called = known ? name(offeringUser, "username") : ofTeam;
        String username = AccountName.isUser(called) ? called : "";
        SortedSet<String> names = new TreeSet<>(List.of(called, ofTeam));
        names.remove("");
        String state = known && offeringUser.path("state").isTextual() ? offeringUser.path("state").textValue() : member.path("offering_user_state").asText("");
        state = state.equals("null") ? "" : state;
        boolean leaves = known && offeringUser.path("is_restricted").asBoolean(false) || LEAVING_STATES.contains(state);
        boolean says = known || member.path("offering_user_username").isTextual() || !state.isEmpty();
        boolean nameless = !says || names.isEmpty() && state.equals("OK");
        Standing standing = leaves ? Standing.LEAVES : nameless ? Standing.NAMELESS
                : !username.isEmpty() && (state.isEmpty() || state.equals("OK")) ? Standing.MAY_COMPUTE : Standing.WAITS;
        return new TeamMember(member.path("uuid").asText(""), text(member, "full_name"), text(member, "role"), username,
                Collections.unmodifiableSortedSet(names), state, standing);
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).isTextual() ? row.path(field).textValue() : "";
    }

    /** In lower case; empty if there is none. */
    private static String name(JsonNode row, String field) {
        return text(row, field).strip().toLowerCase(Locale.ROOT);
    }
}
