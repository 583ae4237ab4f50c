package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.WaldurWorld.Dialect;

/** What a provider does with a resource. Waldur 7.0.7 has few of these. */
final class ResourceActions {
    private static final List<String> OF_OLD = List.of("set_backend_id", "set_backend_metadata", "set_as_erred");
    /** From these a resource may be made OK: Waldur 7's state machine has them, and OK itself is taken for harmless. */
    private static final List<String> MAY_BE_OK = List.of("OK", "Erred", "Creating", "Updating", "Terminating");
    private final WaldurWorld world;

    ResourceActions(WaldurWorld world) {
        this.world = world;
    }

    Reply answer(Map<String, Object> resource, String action, Map<String, Object> body, boolean staff) {
        if (isOld() && !OF_OLD.contains(action)) {
            return Reply.notFoundPage();
        }
        return switch (action) {
            case "set_backend_id" -> backendId(resource, body);
            case "set_backend_metadata" -> {
                resource.put("backend_metadata", body.get("backend_metadata"));
                yield status("The backend metadata is updated");
            }
            case "set_limits" -> limits(resource, body);
            case "refresh_last_sync" -> {
                resource.put("last_sync", world.now());
                yield Reply.ok();
            }
            case "set_as_ok" -> ok(resource, Reply.ok());
            case "set_state_ok" -> ok(resource, status("Resource state has been set to OK."));
            case "set_as_erred" -> erred(resource, body, staff);
            case "set_membership_sync_statuses" -> world.memberStatuses.report(resource, new BodyReader(body));
            case "set_paused", "set_downscaled", "set_restrict_member_access" -> flag(resource, action.substring("set_".length()), body, staff);
            default -> Reply.notFoundPage();
        };
    }

    private static Reply backendId(Map<String, Object> resource, Map<String, Object> body) {
        if (!body.containsKey("backend_id")) {
            return Reply.serverError();
        }
        boolean same = body.get("backend_id").equals(resource.put("backend_id", body.get("backend_id")));
        return status("Resource backend_id " + (same ? "is not changed." : "has been changed."));
    }

    private static Reply limits(Map<String, Object> resource, Map<String, Object> body) {
        if (!(body.get("limits") instanceof Map<?, ?> limits)) {
            return Reply.of(400, Map.of("limits", List.of("Expected a dictionary of items.")));
        }
        resource.put("limits", new LinkedHashMap<>(limits));
        return status("Resource limits have been updated.");
    }

    private static Reply ok(Map<String, Object> resource, Reply done) {
        if (!MAY_BE_OK.contains(resource.get("state"))) {
            return Reply.wrongState(String.join(", ", MAY_BE_OK));
        }
        resource.put("state", "OK");
        resource.put("error_message", "");
        resource.put("error_traceback", "");
        return done;
    }

    /** From any state, also from Terminated. Waldur 7 lets only an administrator do it, and keeps no message. */
    private Reply erred(Map<String, Object> resource, Map<String, Object> body, boolean staff) {
        if (isOld() && !staff) {
            return forbidden();
        }
        resource.put("state", "Erred");
        if (!isOld()) {
            resource.put("error_message", body.getOrDefault("error_message", ""));
            resource.put("error_traceback", body.getOrDefault("error_traceback", ""));
        }
        return Reply.ok();
    }

    /** An agent may look at these and not set them. */
    private static Reply flag(Map<String, Object> resource, String flag, Map<String, Object> body, boolean staff) {
        if (!staff) {
            return forbidden();
        }
        resource.put(flag, body.getOrDefault(flag, false));
        return status("The " + flag + " flag has been set.");
    }

    private boolean isOld() {
        return world.dialect == Dialect.V7;
    }

    private static Reply status(String text) {
        return Reply.of(200, Map.of("status", text));
    }

    private static Reply forbidden() {
        return Reply.of(403, Map.of("detail", "You do not have permission to perform this action."));
    }
}
