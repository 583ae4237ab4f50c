package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.waldur.siteagent.waldur.Uuid;

/**
 * Limits of single members of an allocation, see {@code GET component-user-usage-limits/}.
 *
 * @param known      false: this server has none, or they could not be read; then no limit of a user is changed
 * @param byResource resource to username to component to Waldur's amount
 */
public record UserLimits(boolean known, Map<String, Map<String, Map<String, BigDecimal>>> byResource) {
    static final UserLimits UNKNOWN = new UserLimits(false, Map.of());

    Map<String, Map<String, BigDecimal>> of(String resource) {
        return byResource.getOrDefault(resource, Map.of());
    }

    /** @param offeringUsers their urls are what a row names its user by; a name is taken as well */
    static UserLimits of(List<JsonNode> rows, List<JsonNode> offeringUsers) {
        Map<String, String> names = new HashMap<>();
        offeringUsers.forEach(user -> Uuid.optional(last(user.path("uuid").asText(last(user.path("url").asText("")))))
                .ifPresent(uuid -> names.put(uuid, user.path("username").asText(""))));
        Map<String, Map<String, Map<String, BigDecimal>>> byResource = new HashMap<>();
        for (JsonNode row : rows) {
            String resource = Uuid.optional(last(row.path("resource").asText(""))).orElse("");
            String user = row.path("user").asText("");
            String name = (user.contains("/") ? names.getOrDefault(Uuid.optional(last(user)).orElse(""), "") : user).strip().toLowerCase(Locale.ROOT);
            try {
                BigDecimal limit = new BigDecimal(row.path("limit").asText("").strip());
                if (!resource.isEmpty() && !name.isEmpty()) {
                    byResource.computeIfAbsent(resource, r -> new HashMap<>()).computeIfAbsent(name, n -> new HashMap<>()).put(row.path("component_type").asText(""), limit);
                }
            } catch (NumberFormatException e) {
                // a limit that is null or no number is none
            }
        }
        return new UserLimits(true, byResource);
    }

    /** The last part of an address. */
    private static String last(String url) {
        String path = url.replaceFirst("/+$", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
