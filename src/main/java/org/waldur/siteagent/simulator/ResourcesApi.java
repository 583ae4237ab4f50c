package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.simulator.WaldurWorld.Dialect;

/** {@code marketplace-provider-resources/}: what a provider sees of resources; what he does with them is in {@link ResourceActions}. */
final class ResourcesApi {
    private static final String ALL = "marketplace-provider-resources/";
    private static final Pattern ONE = Pattern.compile(ALL + "([^/]+)/(?:(\\w+)/)?");
    /** Waldur 7.0.7 gives these of orders only, or not at all. */
    private static final List<String> OF_TODAY = List.of("project_slug", "customer_slug", "last_sync");
    private final WaldurWorld world;
    private final UsageApi usage;
    private final ResourceActions actions;

    ResourcesApi(WaldurWorld world, UsageApi usage) {
        this.world = world;
        this.usage = usage;
        actions = new ResourceActions(world);
    }

    /** Empty for a path that is none of resources'. */
    Optional<Reply> answer(WaldurRequest request, Map<String, Object> body, boolean staff) {
        boolean get = request.method().equals("GET");
        if (request.path().equals(ALL) && get) {
            return Optional.of(list(request.query()));
        }
        Matcher path = ONE.matcher(request.path());
        if (!path.matches()) {
            return Optional.empty();
        }
        Map<String, Object> resource = world.resources.get(WaldurApi.hex(path.group(1)));
        if (resource == null) {
            return Optional.of(Reply.notFound("Resource"));
        }
        String action = path.group(2) == null ? "" : path.group(2);
        return Optional.of(get ? look(resource, action, request.query()) : actions.answer(resource, action, body, staff));
    }

    /** As they were made, unless another order is asked for. */
    private Reply list(Map<String, List<String>> query) {
        RowFilter filter = new RowFilter(query).any("state").uuid("project_uuid").uuid("customer_uuid").exact("backend_id");
        if (world.dialect == Dialect.V7) {
            filter.uuid("offering_uuid");
        } else {
            filter.anyUuid("offering_uuid");
            WaldurWorld.FLAGS.forEach(filter::flag);
        }
        List<Map<String, Object>> rows = filter.of(world.resources.values());
        WaldurPage.last(query, "o").filter(order -> !order.equals("created")).ifPresent(order -> rows.sort(RowFilter.order(order)));
        return WaldurPage.of(rows, query, row -> WaldurPage.fields(shown(row), query));
    }

    private Reply look(Map<String, Object> resource, String action, Map<String, List<String>> query) {
        return switch (action) {
            case "" -> Reply.of(200, WaldurPage.fields(shown(resource), query));
            case "team" -> Reply.of(200, world.teams.of(resource));
            case "plan_periods" -> usage.planPeriods(resource);
            default -> Reply.notFoundPage();
        };
    }

    private Map<String, Object> shown(Map<String, Object> resource) {
        Map<String, Object> row = new LinkedHashMap<>(resource);
        if (world.dialect == Dialect.V7) {
            OF_TODAY.forEach(row::remove);
        }
        return row;
    }
}
