package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.waldur.siteagent.waldur.Text;
import org.waldur.siteagent.waldur.Uuid;

/**
 * A person's account on an offering, see {@code GET marketplace-offering-users/}. The texts are what people call themselves: each is one
 * bounded line, and nothing else is known of it. Waldur shows what the offering exposes; the rest is empty.
 *
 * @param uuid       of the offering user
 * @param user       uuid of the person; empty if Waldur does not say it
 * @param username   on the cluster, as Waldur has it; empty: none yet
 * @param state      like {@code Requested}; empty: this server knows no states
 * @param waldurName what Waldur itself calls him, often an address or the id of an identity provider
 */
public record OfferingUser(String uuid, String user, String username, String state, boolean restricted, String waldurName, String fullName,
        String firstName, String lastName, String email) {
    static final String REQUESTED = "Requested";
    static final String CREATING = "Creating";
    static final String LINKING = "Pending account linking";
    static final String VALIDATION = "Pending additional validation";
    static final String OK = "OK";
    static final String ERROR_CREATING = "Error creating";
    static final String DELETION = "Requested deletion";
    static final String DELETING = "Deleting";
    static final String DELETED = "Deleted";
    static final String ERROR_DELETING = "Error deleting";
    /** All that a server of today has. */
    static final List<String> STATES = List.of(REQUESTED, CREATING, LINKING, VALIDATION, OK, ERROR_CREATING, DELETION, DELETING, DELETED, ERROR_DELETING);

    private static final Set<String> UNNAMED = Set.of(REQUESTED, CREATING, LINKING, VALIDATION, ERROR_CREATING);
    private static final Set<String> LEAVING = Set.of(DELETION, DELETING, ERROR_DELETING);
    private static final int LONGEST = 200;

    /** Empty for a row without uuid, which nobody could change: an old server hides it. */
    static Optional<OfferingUser> of(JsonNode row) {
        return Uuid.optional(row.path("uuid").asText("")).map(uuid -> new OfferingUser(uuid, Uuid.optional(row.path("user_uuid").asText("")).orElse(""),
                text(row, "username"), text(row, "state"), row.path("is_restricted").asBoolean(false), text(row, "user_username"),
                text(row, "user_full_name"), text(row, "user_first_name"), text(row, "user_last_name"), text(row, "user_email")));
    }

    static List<OfferingUser> of(List<JsonNode> rows) {
        return rows.stream().flatMap(row -> of(row).stream()).toList();
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).isTextual() ? Text.oneLine(row.path(field).textValue(), LONGEST) : "";
    }

    /** What is done for him concerns this, for dead letters and the audit. */
    public String concern() {
        return "offering user " + uuid;
    }

    /** Whether somebody has to say how he is called on the cluster before he can compute. Who is restricted need not be called anything. */
    boolean isNameless() {
        return !restricted && (UNNAMED.contains(state) || (state.equals(OK) || state.isEmpty()) && username.isEmpty());
    }

    /** Whether his account is to be deleted, and is not yet. */
    public boolean isLeaving() {
        return LEAVING.contains(state);
    }

    boolean isPending() {
        return state.equals(LINKING) || state.equals(VALIDATION);
    }

    /** His username as the cluster would compare it. */
    String folded() {
        return username.toLowerCase(Locale.ROOT);
    }

    OfferingUser in(String newState) {
        return new OfferingUser(uuid, user, username, newState, restricted, waldurName, fullName, firstName, lastName, email);
    }

    OfferingUser named(String name) {
        return new OfferingUser(uuid, user, name, state, restricted, waldurName, fullName, firstName, lastName, email);
    }
}
