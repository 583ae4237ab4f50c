package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The endpoints of usage. */
final class UsageApi {
    private static final Pattern USER_USAGE = Pattern.compile("marketplace-component-usages/([^/]+)/(set_user_usages?)/");
    private final WaldurWorld world;
    private final UsageLists lists;
    private final SetUsage setUsage;
    private final SetUserUsage setUserUsage;

    UsageApi(WaldurWorld world) {
        this.world = world;
        lists = new UsageLists(world);
        setUsage = new SetUsage(world);
        setUserUsage = new SetUserUsage(world, setUsage);
    }

    /** Whether a body is refused here and in Waldur's own words, and not by the contract. */
    static boolean judges(WaldurRequest request) {
        return request.method().equals("POST") && request.path().startsWith("marketplace-component-usages/");
    }

    /** Empty for a path that is none of usage's. */
    Optional<Reply> answer(WaldurRequest request, Map<String, Object> body, boolean staff) {
        Map<String, List<String>> query = request.query();
        boolean get = request.method().equals("GET");
        Matcher userUsage = USER_USAGE.matcher(request.path());
        if (userUsage.matches() && !get) {
            return Optional.of(userUsage(hex(userUsage), userUsage.group(2).endsWith("s"), body, staff));
        }
        return switch (request.path()) {
            case "marketplace-component-usages/" -> Optional.of(lists.usages(query));
            case "marketplace-component-usages/set_usage/" -> Optional.of(get ? Reply.notFoundPage() : setUsage.answer(body, staff));
            case "marketplace-component-user-usages/" -> Optional.of(lists.users(query, request.api()));
            default -> Optional.empty();
        };
    }

    /** {@code marketplace-provider-resources/UUID/plan_periods/}: each with its usage of this month. */
    Reply planPeriods(Map<String, Object> resource) {
        Bookings bookings = new Bookings(world);
        return Reply.of(200, world.planPeriods.of((String) resource.get("uuid")).stream().map(period -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("uuid", period.uuid());
            row.put("plan_name", "Standard");
            row.put("plan_uuid", period.plan());
            row.put("start", world.clock.text(period.start()));
            row.put("end", period.end() == null ? null : world.clock.text(period.end()));
            row.put("components", world.usages.all().stream().filter(usage -> period.uuid().equals(usage.planPeriod())
                    && usage.month().equals(bookings.month(world.clock.now()))).map(lists::component).toList());
            return row;
        }).toList());
    }

    private Reply userUsage(String uuid, boolean many, Map<String, Object> body, boolean staff) {
        if (many && isOld()) {
            return Reply.notFoundPage();
        }
        return world.usages.find(uuid).map(usage -> many ? setUserUsage.many(usage, body, staff) : setUserUsage.one(usage, body, staff))
                .orElseGet(() -> Reply.notFound("ComponentUsage"));
    }

    private boolean isOld() {
        return world.dialect == WaldurWorld.Dialect.V7;
    }

    private static String hex(Matcher path) {
        return WaldurApi.hex(path.group(1));
    }
}
