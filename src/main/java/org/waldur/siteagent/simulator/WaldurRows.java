package org.waldur.siteagent.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Rows of offerings, resources and people as a customer's action makes them. */
final class WaldurRows {
    private WaldurRows() {
    }

    /** The same uuid for the same thing, so that two simulators can be compared. */
    static String id(String kind, String name) {
        return UUID.nameUUIDFromBytes((kind + "/" + name).getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    }

    static Map<String, Object> offering(WaldurWorld world, String name, String namePolicy) {
        Map<String, Object> offering = new LinkedHashMap<>();
        offering.put("uuid", world.uuid());
        offering.put("name", name);
        offering.put("state", "Active");
        offering.put("customer_uuid", id("customer", "provider"));
        offering.put("components", new ArrayList<Map<String, Object>>());
        offering.put("plugin_options", namePolicy.isEmpty() ? Map.of() : Map.of("account_name_generation_policy", namePolicy));
        return offering;
    }

    static Map<String, Object> resource(WaldurWorld world, String offering, String name, String projectSlug, String customerSlug, Map<String, ?> limits) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("uuid", world.uuid());
        resource.put("name", name);
        resource.put("slug", name.toLowerCase(Locale.ROOT).replace(' ', '-'));
        resource.put("state", "Creating");
        resource.put("backend_id", "");
        resource.put("error_message", "");
        resource.put("created", world.now());
        resource.put("end_date", null);
        resource.put("limits", new LinkedHashMap<>(limits));
        resource.put("current_usages", new LinkedHashMap<>());
        resource.put("plan_uuid", id("plan", offering));
        resource.put("offering_uuid", offering);
        resource.put("offering_plugin_options", world.offerings.get(offering).get("plugin_options"));
        resource.put("project_uuid", id("project", projectSlug));
        resource.put("project_slug", projectSlug);
        resource.put("project_name", "Project " + projectSlug);
        resource.put("customer_uuid", id("customer", customerSlug));
        resource.put("customer_slug", customerSlug);
        resource.put("customer_name", "Customer " + customerSlug);
        return resource;
    }

    static Map<String, Object> member(String user, String username, String api) {
        Map<String, Object> member = new LinkedHashMap<>();
        member.put("uuid", user);
        member.put("url", api + "users/" + user + "/");
        member.put("username", "person-" + user.substring(0, 6));
        member.put("full_name", "Person " + user.substring(0, 6));
        member.put("role", "PROJECT.MEMBER");
        member.put("expiration_time", null);
        member.put("offering_user_username", username);
        member.put("offering_user_state", username.isBlank() ? "Requested" : "OK");
        return member;
    }

    static Map<String, Object> offeringUser(String user, String username, String offering, String api) {
        Map<String, Object> offeringUser = new LinkedHashMap<>();
        offeringUser.put("uuid", id("offering-user", user));
        offeringUser.put("url", api + "marketplace-offering-users/" + offeringUser.get("uuid") + "/");
        offeringUser.put("user_uuid", user);
        offeringUser.put("username", username);
        offeringUser.put("state", username.isBlank() ? "Requested" : "OK");
        offeringUser.put("is_restricted", false);
        offeringUser.put("offering_uuid", offering);
        return offeringUser;
    }
}
