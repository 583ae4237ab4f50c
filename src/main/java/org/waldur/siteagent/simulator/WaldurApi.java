package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The endpoints of a simulated Waldur: paths, filters and fields on the rows of a {@link WaldurWorld}. */
final class WaldurApi {
    private static final Pattern ORDER = Pattern.compile("marketplace-orders/([^/]+)/(?:(\\w+)/)?");
    private static final Pattern RESOURCE = Pattern.compile("marketplace-provider-resources/([^/]+)/(?:(\\w+)/)?");
    private static final Pattern OFFERING = Pattern.compile("marketplace-provider-offerings/([^/]+)/(?:(\\w+)/)?");
    private static final Pattern PLUGIN = Pattern.compile("marketplace-slurm-remote/([^/]+)/set_state/");
    private static final List<String> ORDER_STATES = List.of("pending-consumer", "pending-provider", "pending-project", "pending-start-date",
            "executing", "done", "erred", "canceled", "rejected");
    private final WaldurWorld world;

    WaldurApi(WaldurWorld world) {
        this.world = world;
    }

    Reply handle(WaldurRequest request, Map<String, Object> body) {
        String path = request.path();
        boolean get = request.method().equals("GET");
        if (path.isEmpty() && get) {
            return root();
        }
        if (path.equals("marketplace-orders/") && get) {
            return listOrders(request.query());
        }
        if (path.equals("marketplace-provider-resources/") && get) {
            return page(filtered(world.resources.values(), request.query(), "state", "offering_uuid"), request.query());
        }
        if (path.equals("marketplace-offering-users/") && get) {
            return page(filtered(world.offeringUsers.values(), request.query(), "offering_uuid"), request.query());
        }
        Matcher order = ORDER.matcher(path);
        if (order.matches()) {
            return order(order, get, request, body);
        }
        Matcher resource = RESOURCE.matcher(path);
        if (resource.matches()) {
            return resource(resource, get, request, body);
        }
        Matcher offering = OFFERING.matcher(path);
        if (offering.matches()) {
            return offering(offering, get, request, body);
        }
        Matcher plugin = PLUGIN.matcher(path);
        if (plugin.matches() && world.dialect == WaldurWorld.Dialect.V7 && !get) {
            return world.allocation(hex(plugin.group(1)), String.valueOf(body.get("state")));
        }
        return Reply.notFoundPage();
    }

    private Reply root() {
        Map<String, Object> root = new LinkedHashMap<>();
        for (String endpoint : List.of("marketplace-orders", "marketplace-provider-resources", "marketplace-offering-users")) {
            root.put(endpoint, "http://localhost/api/" + endpoint + "/");
        }
        if (world.dialect == WaldurWorld.Dialect.V7) {
            root.put("marketplace-slurm-remote", "http://localhost/api/marketplace-slurm-remote/");
        }
        return Reply.of(200, root);
    }

    private Reply listOrders(Map<String, List<String>> query) {
        for (String state : query.getOrDefault("state", List.of())) {
            if (!ORDER_STATES.contains(state)) {
                return Reply.of(400, Map.of("state", List.of("Select a valid choice. " + state + " is not one of the available choices.")));
            }
        }
        return page(filtered(world.orders.values(), query, "state", "offering_uuid"), query);
    }

    private Reply order(Matcher path, boolean get, WaldurRequest request, Map<String, Object> body) {
        Map<String, Object> order = world.orders.get(hex(path.group(1)));
        if (order == null) {
            return Reply.notFound("Order");
        }
        return get && path.group(2) == null ? Reply.of(200, fields(order, request.query()))
                : get || path.group(2) == null ? Reply.notFoundPage() : world.act(order, path.group(2), body);
    }

    private Reply resource(Matcher path, boolean get, WaldurRequest request, Map<String, Object> body) {
        Map<String, Object> resource = world.resources.get(hex(path.group(1)));
        if (resource == null) {
            return Reply.notFound("Resource");
        }
        String action = path.group(2) == null ? "" : path.group(2);
        if (get) {
            return action.isEmpty() ? Reply.of(200, fields(resource, request.query()))
                    : action.equals("team") ? Reply.of(200, team(resource)) : Reply.notFoundPage();
        }
        if (action.equals("set_backend_id")) {
            if (!body.containsKey("backend_id")) {
                return Reply.serverError();
            }
            boolean same = body.get("backend_id").equals(resource.put("backend_id", body.get("backend_id")));
            return Reply.of(200, Map.of("status", "Resource backend_id " + (same ? "is not changed." : "has been changed.")));
        }
        return Reply.notFoundPage();
    }

    private List<Map<String, Object>> team(Map<String, Object> resource) {
        return world.teams.getOrDefault((String) resource.get("project_uuid"), List.of());
    }

    private Reply offering(Matcher path, boolean get, WaldurRequest request, Map<String, Object> body) {
        Map<String, Object> offering = world.offerings.get(hex(path.group(1)));
        String action = path.group(2) == null ? "" : path.group(2);
        if (!List.of("", "create_offering_component", "update_offering_component").contains(action)) {
            return Reply.notFoundPage();
        }
        if (offering == null) {
            return Reply.notFound("Offering");
        }
        if (get && action.isEmpty()) {
            return Reply.of(200, fields(offering, request.query()));
        }
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> components = (List<Map<String, Object>>) offering.get("components");
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

    private static List<Map<String, Object>> filtered(Iterable<Map<String, Object>> rows, Map<String, List<String>> query, String... filters) {
        List<Map<String, Object>> kept = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            boolean keep = true;
            for (String filter : filters) {
                List<String> wanted = query.getOrDefault(filter, List.of());
                keep &= wanted.isEmpty() || wanted.contains(String.valueOf(row.get(filter)));
            }
            if (keep) {
                kept.add(row);
            }
        }
        return kept;
    }

    /** Pages as Waldur makes them: at most 300 rows, a Link header whose first page has no number, 404 past the end. */
    private static Reply page(List<Map<String, Object>> rows, Map<String, List<String>> query) {
        int size = number(query, "page_size", 10, 300);
        int page = number(query, "page", 1, Integer.MAX_VALUE);
        int pages = Math.max(1, (rows.size() + size - 1) / size);
        if (page > pages) {
            return Reply.of(404, Map.of("detail", "Invalid page."));
        }
        List<Object> part = new ArrayList<>();
        rows.subList((page - 1) * size, Math.min(rows.size(), page * size)).forEach(row -> part.add(fields(row, query)));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Result-Count", String.valueOf(rows.size()));
        String base = "<https://waldur.example.com/api/?page_size=" + size;
        headers.put("Link", base + ">; rel=\"first\"" + (page < pages ? ", " + base + "&page=" + (page + 1) + ">; rel=\"next\"" : "")
                + ", " + base + "&page=" + pages + ">; rel=\"last\"");
        return new Reply(200, part, headers);
    }

    private static int number(Map<String, List<String>> query, String name, int fallback, int most) {
        String text = query.getOrDefault(name, List.of(String.valueOf(fallback))).get(0);
        return text.matches("[1-9]\\d{0,8}") ? Math.min(most, Integer.parseInt(text)) : fallback;
    }

    private static Map<String, Object> fields(Map<String, Object> row, Map<String, List<String>> query) {
        Map<String, Object> sparse = new LinkedHashMap<>(row);
        List<String> wanted = query.getOrDefault("field", List.of());
        if (wanted.stream().anyMatch(row::containsKey)) {
            sparse.keySet().retainAll(wanted);
        }
        return sparse;
    }

    private static String hex(String uuid) {
        return uuid.replace("-", "").toLowerCase(java.util.Locale.ROOT);
    }
}
