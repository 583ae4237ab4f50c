package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was last told of each member of a resource by {@code set_membership_sync_statuses}; a report replaces all of the one before. The
 * rules are those of Waldur's own tests of it (2026).
 */
final class MemberStatuses {
    private static final List<String> SCOPES = List.of("resource", "resource_project");
    private static final List<String> STATES = List.of("synced", "pending", "error", "missing_in_idp");
    private static final int ROLE = 150;
    private final WaldurWorld world;
    /** Resource to role of a person to what is told of it. */
    private final Map<String, Map<String, String>> told = new LinkedHashMap<>();

    MemberStatuses(WaldurWorld world) {
        this.world = world;
    }

    private record Entry(String user, String named, boolean ofResource, String role, String state, String message) {
    }

    Reply report(Map<String, Object> resource, BodyReader body) {
        Map<String, Object> options = WaldurWorld.pluginOptions(world.offerings.get(resource.get("offering_uuid")));
        if (!Boolean.TRUE.equals(options.get("enable_membership_sync_status"))) {
            return Reply.of(409, Map.of("detail", "Membership sync status reporting is not enabled for this offering."));
        }
        List<Entry> entries = body.items("statuses", true).stream().map(this::read).toList();
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        Map<String, String> stored = new LinkedHashMap<>();
        List<String> skipped = new ArrayList<>();
        for (Entry entry : entries) {
            // resources without projects of their own, which are all that there are here
            Optional<String> name = entry.ofResource() ? Optional.ofNullable(entry.user()).flatMap(world.teams::name) : Optional.empty();
            name.ifPresentOrElse(n -> stored.put(n + " resource " + entry.role(), entry.state() + (entry.message().isEmpty() ? "" : " " + entry.message())),
                    () -> skipped.add(entry.named()));
        }
        told.put((String) resource.get("uuid"), stored);
        return Reply.of(200, Map.of("stored", stored.size(), "skipped", skipped));
    }

    /** A member is named by what Waldur calls him, not by his username on the offering; or by his uuid. */
    private Entry read(BodyReader item) {
        String scope = item.choice("scope_type", SCOPES);
        String role = item.text("role_name", ROLE);
        String state = item.choice("state", STATES);
        String message = item.free("message", Integer.MAX_VALUE);
        String username = item.free("username", Integer.MAX_VALUE);
        String uuid = item.free("user_uuid", Integer.MAX_VALUE);
        String user = uuid == null ? Optional.ofNullable(username).flatMap(world.teams::byWaldurName).orElse(null) : WaldurApi.hex(uuid);
        return new Entry(user, username == null ? String.valueOf(uuid) : username, scope.equals("resource"), role, state, message == null ? "" : message);
    }

    /** Sorted, like {@code alice resource PROJECT.MEMBER error no such user}, by the name that a person joined with. */
    List<String> lines(String resource) {
        return told.getOrDefault(resource, Map.of()).entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).sorted().toList();
    }
}
