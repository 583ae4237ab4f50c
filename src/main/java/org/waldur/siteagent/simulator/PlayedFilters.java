package org.waldur.siteagent.simulator;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which of Waldur's filters the lists of membership play. Another would let everything through here, and not in Waldur. */
final class PlayedFilters {
    private static final Set<String> ALWAYS = Set.of("page", "page_size", "field");
    private static final Map<Pattern, Set<String>> PLAYED = Map.of(
            Pattern.compile("marketplace-provider-resources/"), Set.of("state", "offering_uuid", "project_uuid", "customer_uuid", "backend_id", "paused",
                    "downscaled", "restrict_member_access", "o"),
            Pattern.compile("marketplace-offering-users/"), Set.of("offering_uuid", "user_uuid", "user_username", "is_restricted", "state", "created",
                    "modified", "o"),
            Pattern.compile("component-user-usage-limits/"), Set.of("resource", "resource_uuid", "offering_uuid", "component_type", "username"),
            Pattern.compile("marketplace-provider-offerings/[^/]+/list_(project_service|course)_accounts/"), Set.of());

    private PlayedFilters() {
    }

    /** Filters of a request that are not played; none for other lists. */
    static Set<String> lacking(WaldurRequest request) {
        Optional<Set<String>> played = PLAYED.entrySet().stream().filter(list -> list.getKey().matcher(request.path()).matches())
                .map(Map.Entry::getValue).findFirst();
        Set<String> lacking = new TreeSet<>();
        played.filter(names -> request.method().equals("GET")).ifPresent(names -> request.query().keySet().stream()
                .filter(name -> !names.contains(name) && !ALWAYS.contains(name)).forEach(lacking::add));
        return lacking;
    }
}
