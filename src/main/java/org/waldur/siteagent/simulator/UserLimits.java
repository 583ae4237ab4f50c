package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.waldur.siteagent.simulator.WaldurWorld.Dialect;

/** {@code component-user-usage-limits/}: how much single persons may use of a resource. Waldur 7 has none. */
final class UserLimits {
    private final WaldurWorld world;
    private final Map<List<String>, Map<String, Object>> limits = new LinkedHashMap<>();

    UserLimits(WaldurWorld world) {
        this.world = world;
    }

    /** @param number null: there is none any more */
    void put(Map<String, Object> resource, String username, String type, Number number) {
        String uuid = (String) resource.get("uuid");
        if (number == null) {
            limits.remove(List.of(uuid, username, type));
            return;
        }
        Map<String, Object> user = world.teams.offeringUser((String) resource.get("offering_uuid"), world.teams.person(username))
                .orElseThrow(() -> new IllegalArgumentException(username + " is not known on the offering"));
        Map<String, Object> component = world.component(resource, type)
                .orElseThrow(() -> new IllegalArgumentException("the offering has no component " + type));
        Map<String, Object> row = limits.computeIfAbsent(List.of(uuid, username, type), key -> new LinkedHashMap<>(Map.of("uuid", world.uuid())));
        row.put("url", world.api + "component-user-usage-limits/" + row.get("uuid") + "/");
        row.put("resource", world.api + "marketplace-resources/" + uuid + "/");
        row.put("component", component.get("uuid"));
        row.put("component_type", type);
        row.put("user", user.get("url"));
        row.put("limit", new BigDecimal(number.toString()).setScale(2, RoundingMode.UNNECESSARY).toPlainString());
    }

    Reply list(Map<String, List<String>> query) {
        if (world.dialect == Dialect.V7) {
            return Reply.notFoundPage();
        }
        RowFilter filter = new RowFilter(query).exact("component_type");
        WaldurPage.last(query, "resource_uuid").map(WaldurApi::hex).ifPresent(uuid -> filter.and(row -> uuid.equals(last(row.get("resource")))));
        WaldurPage.last(query, "resource").map(UserLimits::last).ifPresent(uuid -> filter.and(row -> uuid.equals(last(row.get("resource")))));
        WaldurPage.last(query, "offering_uuid").map(WaldurApi::hex).ifPresent(uuid -> filter.and(row ->
                uuid.equals(world.resources.get(last(row.get("resource"))).get("offering_uuid"))));
        WaldurPage.last(query, "username").ifPresent(name -> filter.and(row -> name.equals(world.offeringUsers.get(last(row.get("user"))).get("username"))));
        return WaldurPage.of(filter.of(limits.values()), query);
    }

    /** The uuid at the end of an address. */
    private static String last(Object url) {
        return WaldurApi.hex(String.valueOf(url).replaceFirst("/$", "").replaceFirst(".*/", ""));
    }
}
