package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.waldur.Uuid;

/**
 * The offering users of an offering.
 *
 * @param byPerson by the uuid of the person. Of one who has several, the one that is being deleted does not count
 * @param owners   username, in lower case, to the uuid of the only person who is called so here for certain
 */
public record OfferingUsers(Map<String, JsonNode> byPerson, Map<String, String> owners) {
    private static final String NOBODY_FOR_CERTAIN = "";

    /** @param rows {@code GET marketplace-offering-users/}, restricted ones included */
    static OfferingUsers of(List<JsonNode> rows) {
        Map<String, JsonNode> byPerson = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        rows.forEach(row -> Uuid.optional(row.path("user_uuid").asText("")).ifPresent(person -> {
            byPerson.merge(person, row, (one, other) -> TeamMember.isBeingDeleted(other) ? one : other);
            String username = row.path("username").asText("").strip().toLowerCase(Locale.ROOT);
            boolean certain = List.of("OK", "").contains(row.path("state").asText(""));
            owners.merge(username, certain ? person : NOBODY_FOR_CERTAIN, (one, other) -> one.equals(other) ? one : NOBODY_FOR_CERTAIN);
        }));
        owners.values().removeIf(NOBODY_FOR_CERTAIN::equals);
        return new OfferingUsers(byPerson, owners);
    }

    /** @param person empty, or no uuid: of nobody */
    JsonNode of(String person) {
        return Uuid.optional(person).map(byPerson::get).orElse(null);
    }

    /** Who is called so; empty if that is not certain. */
    Optional<String> owner(String username) {
        return Optional.ofNullable(owners.get(username));
    }
}
