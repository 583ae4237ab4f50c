package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The endpoints of a simulated Waldur: paths, filters and fields on the rows of a {@link WaldurWorld}. */
final class WaldurApi {
    private static final Pattern ORDER = Pattern.compile("marketplace-orders/([^/]+)/(?:(\\w+)/)?");
    private static final Pattern OFFERING = Pattern.compile("marketplace-provider-offerings/([^/]+)/(?:(\\w+)/)?");
    private static final Pattern PLUGIN = Pattern.compile("marketplace-slurm-remote/([^/]+)/(set_state|set_limits)/");
    private static final List<String> ORDER_STATES = List.of("pending-consumer", "pending-provider", "pending-project", "pending-start-date",
            "executing", "done", "erred", "canceled", "rejected");
    /** What the root of a server of its time names, as far as an agent could look for it. */
    private static final List<String> ENDPOINTS = List.of("marketplace-component-usages", "marketplace-component-user-usages", "marketplace-offering-users",
            "marketplace-orders", "marketplace-plans", "marketplace-provider-offerings", "marketplace-provider-resources", "marketplace-public-offerings",
            "marketplace-resources", "marketplace-service-providers", "slurm-allocations", "slurm-associations", "users");
    private static final List<String> OF_TODAY = List.of("backend-resource-requests", "backend-resources", "component-user-usage-limits", "event-consumers",
            "event-subscriptions", "marketplace-site-agent-identities", "marketplace-site-agent-logs", "marketplace-site-agent-services",
            "marketplace-slurm-periodic-usage-policies", "personal-access-tokens");
    private static final List<String> ACCOUNTS = List.of("list_project_service_accounts", "list_course_accounts");
    private final WaldurWorld world;
    private final UsageApi usage;
    private final ResourcesApi resources;
    private final OfferingUsersApi offeringUsers;

    WaldurApi(WaldurWorld world) {
        this.world = world;
        usage = new UsageApi(world);
        resources = new ResourcesApi(world, usage);
        offeringUsers = new OfferingUsersApi(world);
    }

    /** Whether a body is refused here and in Waldur's own words, and not by the contract. */
    static boolean judges(WaldurRequest request) {
        return UsageApi.judges(request) || OfferingUsersApi.judges(request) || request.path().endsWith("/set_membership_sync_statuses/");
    }

    /** @param staff whether the caller is an administrator of Waldur, and not the owner of the offerings */
    Reply handle(WaldurRequest request, Map<String, Object> body, boolean staff) {
        String path = request.path();
        boolean get = request.method().equals("GET");
        if (path.isEmpty() && get) {
            return root(request.api());
        }
        if (path.equals("version/") && get) {
            return world.dialect == WaldurWorld.Dialect.V7 && !staff ? Reply.of(403, Map.of("detail", "You do not have permission to perform this action."))
                    : Reply.of(200, Map.of("version", world.version));
        }
        if (path.equals("users/me/") && get) {
            return Reply.of(200, WaldurPage.fields(caller(staff), request.query()));
        }
        Optional<Reply> part = usage.answer(request, body, staff).or(() -> resources.answer(request, body, staff))
                .or(() -> offeringUsers.answer(request, body));
        if (part.isPresent()) {
            return part.get();
        }
        if (path.equals("component-user-usage-limits/") && get) {
            return world.userLimits.list(request.query());
        }
        if (path.equals("marketplace-orders/") && get) {
            return listOrders(request.query());
        }
        Matcher order = ORDER.matcher(path);
        if (order.matches()) {
            return order(order, get, request, body);
        }
        Matcher offering = OFFERING.matcher(path);
        if (offering.matches()) {
            return offering(offering, get, request, body);
        }
        Matcher plugin = PLUGIN.matcher(path);
        if (plugin.matches() && world.dialect == WaldurWorld.Dialect.V7 && !get) {
            return plugin.group(2).equals("set_limits") ? world.setPluginLimits(hex(plugin.group(1)), body)
                    : world.allocation(hex(plugin.group(1)), String.valueOf(body.get("state")));
        }
        return Reply.notFoundPage();
    }

    /** On a Waldur 7 the owner of the provider's organisation, later a manager of each offering. */
    private Map<String, Object> caller(boolean staff) {
        boolean old = world.dialect == WaldurWorld.Dialect.V7;
        List<Map<String, Object>> roles = staff ? List.of() : world.offerings.keySet().stream().<Map<String, Object>>map(offering -> Map.of("role_name", old ? "CUSTOMER.OWNER"
                : "OFFERING.MANAGER", "scope_type", old ? "customer" : "offering", "scope_uuid", old ? world.offerings.get(offering).get("customer_uuid") : offering)).toList();
        Map<String, Object> user = new LinkedHashMap<>(Map.of("username", staff ? "admin" : "agent", "full_name", "", "is_staff", staff, "is_support", false));
        user.put("permissions", world.roles == null ? roles : world.roles);
        return user;
    }

    private Reply root(String api) {
        List<String> more = world.dialect == WaldurWorld.Dialect.V7 ? List.of("marketplace-slurm-remote") : OF_TODAY;
        Map<String, Object> root = new TreeMap<>();
        Stream.concat(ENDPOINTS.stream(), more.stream()).forEach(endpoint -> root.put(endpoint, api + endpoint + "/"));
        return Reply.of(200, root);
    }

    private Reply listOrders(Map<String, List<String>> query) {
        for (String state : query.getOrDefault("state", List.of())) {
            if (!ORDER_STATES.contains(state)) {
                return Reply.of(400, Map.of("state", List.of("Select a valid choice. " + state + " is not one of the available choices.")));
            }
        }
        return WaldurPage.of(new RowFilter(query).any("state").anyUuid("offering_uuid").of(world.orders.values()), query);
    }

    private Reply order(Matcher path, boolean get, WaldurRequest request, Map<String, Object> body) {
        Map<String, Object> order = world.orders.get(hex(path.group(1)));
        if (order == null) {
            return Reply.notFound("Order");
        }
        return get && path.group(2) == null ? Reply.of(200, WaldurPage.fields(order, request.query()))
                : get || path.group(2) == null ? Reply.notFoundPage() : world.act(order, path.group(2), body);
    }

    private Reply offering(Matcher path, boolean get, WaldurRequest request, Map<String, Object> body) {
        Map<String, Object> offering = world.offerings.get(hex(path.group(1)));
        String action = path.group(2) == null ? "" : path.group(2);
        boolean accounts = get && ACCOUNTS.contains(action) && world.dialect == WaldurWorld.Dialect.V8;
        if (!accounts && !List.of("", "create_offering_component", "update_offering_component").contains(action)) {
            return Reply.notFoundPage();
        }
        if (offering == null) {
            return Reply.notFound("Offering");
        }
        if (get && action.isEmpty()) {
            return Reply.of(200, WaldurPage.fields(offering, request.query()));
        }
        if (accounts) {
            return world.accounts.list(action.equals("list_course_accounts"), (String) offering.get("uuid"), request.query());
        }
        List<Map<String, Object>> components = WaldurWorld.components(offering);
        Map<String, Object> found = components.stream().filter(c -> c.get("type").equals(body.get("type"))).findFirst().orElse(null);
        if (!get && action.equals("create_offering_component")) {
            if (found != null) {
                return Reply.serverError();
            }
            Map<String, Object> component = new LinkedHashMap<>(body);
            component.put("uuid", world.uuid());
            components.add(component);
            return Reply.of(201, null);
        }
        if (!get && action.equals("update_offering_component")) {
            if (!body.containsKey("uuid")) {
                return Reply.of(400, Map.of("details", "UUID for offering component was not provided."));
            }
            if (found == null || !found.get("uuid").equals(body.get("uuid"))) {
                return Reply.of(404, null);
            }
            found.putAll(body);
            return Reply.ok();
        }
        return Reply.notFoundPage();
    }

    /** A uuid as Waldur writes it. */
    static String hex(String uuid) {
        return uuid.replace("-", "").toLowerCase(java.util.Locale.ROOT);
    }
}
