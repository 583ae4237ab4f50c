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
        resource.put("backend_metadata", Map.of());
        resource.put("error_message", "");
        resource.put("error_traceback", "");
        resource.put("created", world.now());
        resource.put("last_sync", resource.get("created"));
        resource.put("end_date", null);
        resource.put("attributes", Map.of("name", name));
        resource.put("limits", new LinkedHashMap<>(limits));
        resource.put("current_usages", new LinkedHashMap<>());
        resource.put("plan_uuid", id("plan", offering));
        resource.put("offering_uuid", offering);
        resource.put("offering_name", world.offerings.get(offering).get("name"));
        resource.put("offering_plugin_options", world.offerings.get(offering).get("plugin_options"));
        WaldurWorld.FLAGS.forEach(flag -> resource.put(flag, false));
        resource.put("project_uuid", id("project", projectSlug));
        resource.put("project_slug", projectSlug);
        resource.put("project_name", "Project " + projectSlug);
        resource.put("project_description", "");
        resource.put("project_end_date", null);
        customer(resource, customerSlug);
        return resource;
    }

    /** Whose a resource or an order is. */
    static void customer(Map<String, Object> row, String customerSlug) {
        row.put("customer_uuid", id("customer", customerSlug));
        row.put("customer_slug", customerSlug);
        row.put("customer_name", "Customer " + customerSlug);
    }

    /** What Waldur itself calls a person, which is not his username on a cluster. */
    static String waldurName(String user) {
        return "person-" + user.substring(0, 12);
    }

    /**
     * A member of the team of a resource.
     *
     * @param offeringUser of the resource's offering; null if he has none
     */
    static Map<String, Object> member(WaldurWorld world, String user, Map<String, Object> offeringUser) {
        Map<String, Object> member = new LinkedHashMap<>();
        member.put("uuid", user);
        member.put("url", world.api + "users/" + user + "/");
        member.put("username", waldurName(user));
        member.put("full_name", "Person " + user.substring(0, 12));
        member.put("role", world.dialect == WaldurWorld.Dialect.V7 ? "member" : "PROJECT.MEMBER");
        member.put("expiration_time", null);
        member.put("offering_user_username", offeringUser == null ? null : offeringUser.get("username"));
        if (world.dialect == WaldurWorld.Dialect.V8) {
            member.put("offering_user_state", offeringUser == null ? null : offeringUser.get("state"));
        }
        return member;
    }

    /** A person on an offering, in the fields of the server's time. */
    static Map<String, Object> offeringUser(WaldurWorld world, String user, String username, String offering) {
        String uuid = id("offering-user", user);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("uuid", world.offeringUsers.containsKey(uuid) ? id("offering-user", offering + "/" + user) : uuid);
        row.put("url", world.api + "marketplace-offering-users/" + row.get("uuid") + "/");
        row.put("user", world.api + "users/" + user + "/");
        row.put("offering", world.api + "marketplace-provider-offerings/" + offering + "/");
        row.put("user_uuid", user);
        row.put("user_username", waldurName(user));
        row.put("user_full_name", "Person " + user.substring(0, 12));
        row.put("username", username);
        row.put("is_restricted", false);
        row.put("offering_uuid", offering);
        row.put("offering_name", world.offerings.get(offering).get("name"));
        row.put("customer_uuid", world.offerings.get(offering).get("customer_uuid"));
        row.put("customer_name", "Customer provider");
        row.put("created", world.now());
        row.put("modified", row.get("created"));
        if (world.dialect == WaldurWorld.Dialect.V8) {
            row.put("user_first_name", "Person");
            row.put("user_last_name", user.substring(0, 12));
            row.put("user_email", waldurName(user) + "@example.org");
            row.put("state", username.isBlank() ? "Requested" : "OK");
            row.put("service_provider_comment", "");
            row.put("service_provider_comment_url", "");
        }
        return row;
    }
}
