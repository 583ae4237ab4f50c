package org.waldur.siteagent.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.waldur.siteagent.config.Offering;

/** Whose the token of an offering is, and what he may, as {@code GET users/me/} says it. */
public final class TokenRights {
    private static final String MANAGER = "OFFERING.MANAGER";
    private static final String OWNER = "CUSTOMER.OWNER";
    private static final Duration SOON = Duration.ofDays(14);

    private TokenRights() {
    }

    /**
     * @param provider uuid of the organisation that the offering is of; empty: not known
     * @param plugin   whether it is a Waldur 7, where an offering manager may not approve orders
     */
    public static List<Finding> of(Offering offering, String provider, JsonNode user, boolean plugin, Instant now) {
        String area = "token of " + offering.name();
        String who = user.path("username").asText("");
        List<Finding> found = new ArrayList<>();
        if (user.path("is_staff").asBoolean()) {
            found.add(Finding.warning(area, who + " is staff of Waldur, and may far more than the agent needs",
                    "take the token of a user who has the role " + MANAGER + " on the offering and nothing else"));
            return found;
        }
        if (!user.path("permissions").isArray()) {
            found.add(Finding.warning(area, "it is " + who + "'s, and Waldur does not say which roles he has", "look in Waldur whether he has " + MANAGER + " on the offering"));
            return found;
        }
        Optional<JsonNode> role = StreamSupport.stream(user.path("permissions").spliterator(), false).filter(each -> helps(each, offering, provider, plugin))
                .max(Comparator.comparing(each -> end(each).orElse(Instant.MAX)));
        if (role.isEmpty()) {
            found.add(Finding.wrong(area, who + " has no role on this offering that lets him carry out orders",
                    plugin ? "make him an owner of the provider's organisation: on Waldur 7 a manager of the offering may not approve orders" : "give him the role " + MANAGER + " on the offering"));
            return found;
        }
        String name = role.get().path("role_name").asText();
        Optional<Instant> end = end(role.get());
        if (end.isPresent() && !end.get().isAfter(now)) {
            found.add(Finding.wrong(area, "the role " + name + " of " + who + " has ended at " + end.get(), "have it prolonged in Waldur"));
        } else if (end.isPresent() && end.get().isBefore(now.plus(SOON))) {
            found.add(Finding.warning(area, "the role " + name + " of " + who + " ends at " + end.get(), "have it prolonged in Waldur"));
        } else {
            found.add(Finding.good(area, "it is " + who + "'s, who has the role " + name));
        }
        return found;
    }

    /** Who owns another organisation has nothing to say here. */
    private static boolean helps(JsonNode role, Offering offering, String provider, boolean plugin) {
        String name = role.path("role_name").asText();
        String scope = role.path("scope_uuid").asText().replace("-", "");
        boolean owner = name.equals(OWNER) && (provider.isEmpty() || scope.isEmpty() || scope.equals(provider.replace("-", "")));
        return owner || name.equals(MANAGER) && scope.equals(offering.uuid()) && !plugin;
    }

    private static Optional<Instant> end(JsonNode role) {
        return moment(role.path("expiration_time").asText(""));
    }

    private static Optional<Instant> moment(String text) {
        try {
            return text.isEmpty() || text.equals("null") ? Optional.empty() : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
