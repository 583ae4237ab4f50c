package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.waldur.siteagent.simulator.WaldurWorld.Dialect;

/** {@code marketplace-component-usages/} and {@code marketplace-component-user-usages/} as lists. */
final class UsageLists {
    private static final Map<String, Comparator<ComponentUsage>> ORDERS = Map.of("billing_period", Comparator.comparing(ComponentUsage::month),
            "usage", Comparator.comparing(ComponentUsage::amount));
    private final WaldurWorld world;
    private final Map<String, Comparator<UserUsage>> userOrders;

    UsageLists(WaldurWorld world) {
        this.world = world;
        userOrders = Map.of("component_usage__billing_period", Comparator.comparing(user -> of(user).month()),
                "usage", Comparator.comparing(UserUsage::amount), "username", Comparator.comparing(UserUsage::username));
    }

    Reply usages(Map<String, List<String>> query) {
        Predicate<ComponentUsage> wanted = wanted(query, "billing_period");
        List<ComponentUsage> rows = new ArrayList<>(world.usages.all().stream().filter(wanted).toList());
        rows.sort(order(query, ORDERS).orElse(Comparator.comparing(ComponentUsage::date).reversed()));
        return WaldurPage.of(rows, query, row -> WaldurPage.fields(row(row), query));
    }

    /** Waldur 7 shows all fields whatever is asked for, and does not look at {@code username}. */
    Reply users(Map<String, List<String>> query, String api) {
        Predicate<ComponentUsage> wanted = wanted(query, "component_usage__billing_period");
        String part = world.dialect == Dialect.V7 ? "" : WaldurPage.last(query, "username").orElse("").toLowerCase(Locale.ROOT);
        List<UserUsage> rows = new ArrayList<>(world.usages.allUsers().stream().filter(user -> wanted.test(of(user)))
                .filter(user -> user.username().toLowerCase(Locale.ROOT).contains(part)).toList());
        order(query, userOrders).ifPresent(rows::sort);
        return WaldurPage.of(rows, query, row -> world.dialect == Dialect.V7 ? row(row, api) : WaldurPage.fields(row(row, api), query));
    }

    /** Filters that both lists have. Those that a server does not know let everything through. */
    private Predicate<ComponentUsage> wanted(Map<String, List<String>> query, String billingPeriod) {
        Predicate<ComponentUsage> wanted = usage -> true;
        for (String field : List.of("offering_uuid", "project_uuid", "customer_uuid")) {
            wanted = wanted.and(filter(query, field, WaldurApi::hex, usage -> String.valueOf(world.resources.get(usage.resource()).get(field))));
        }
        wanted = wanted.and(filter(query, "resource_uuid", WaldurApi::hex, ComponentUsage::resource))
                .and(filter(query, "resource", url -> WaldurApi.hex(url.replaceFirst("/$", "").replaceFirst(".*/", "")), ComponentUsage::resource))
                .and(filter(query, "type", Function.identity(), ComponentUsage::type))
                .and(filter(query, billingPeriod, LocalDate::parse, usage -> usage.month().atDay(1)));
        if (world.dialect == Dialect.V8) {
            wanted = wanted.and(filter(query, "billing_period_year", BigDecimal::new, usage -> BigDecimal.valueOf(usage.month().getYear())))
                    .and(filter(query, "billing_period_month", BigDecimal::new, usage -> BigDecimal.valueOf(usage.month().getMonthValue())));
        }
        Optional<LocalDate> after = WaldurPage.last(query, "date_after").map(LocalDate::parse);
        Optional<LocalDate> before = WaldurPage.last(query, "date_before").map(LocalDate::parse);
        return wanted.and(usage -> after.map(day -> !day(usage).isBefore(day)).orElse(true) && before.map(day -> !day(usage).isAfter(day)).orElse(true));
    }

    private LocalDate day(ComponentUsage usage) {
        return LocalDate.ofInstant(usage.date(), world.clock.zone());
    }

    private static <V extends Comparable<V>> Predicate<ComponentUsage> filter(Map<String, List<String>> query, String name, Function<String, V> read,
            Function<ComponentUsage, V> value) {
        Optional<V> wanted = WaldurPage.last(query, name).map(read);
        return wanted.isEmpty() ? usage -> true : usage -> value.apply(usage).compareTo(wanted.get()) == 0;
    }

    /** Waldur 7 has an order of its own only. */
    private <T> Optional<Comparator<T>> order(Map<String, List<String>> query, Map<String, Comparator<T>> known) {
        String text = world.dialect == Dialect.V7 ? "" : WaldurPage.last(query, "o").orElse("");
        Comparator<T> order = null;
        for (String name : text.isEmpty() ? new String[0] : text.split(",")) {
            Comparator<T> next = known.get(name.replaceFirst("^-", ""));
            Comparator<T> directed = name.startsWith("-") ? next.reversed() : next;
            order = order == null ? directed : order.thenComparing(directed);
        }
        return Optional.ofNullable(order);
    }

    private ComponentUsage of(UserUsage user) {
        return world.usages.find(user.componentUsage()).orElseThrow();
    }

    private Map<String, Object> row(ComponentUsage usage) {
        Map<String, Object> resource = world.resources.get(usage.resource());
        Map<String, Object> row = component(usage);
        row.put("resource_name", resource.get("name"));
        row.put("resource_uuid", usage.resource());
        place(row, resource);
        row.put("billing_period", usage.month().atDay(1).toString());
        row.put("modified_by", usage.modifiedBy());
        return row;
    }

    /** A row as plan periods have it. */
    Map<String, Object> component(ComponentUsage usage) {
        Map<String, Object> component = world.component(world.resources.get(usage.resource()), usage.type()).orElse(Map.of());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("uuid", usage.uuid());
        row.put("created", world.clock.text(usage.created()));
        row.put("description", usage.description());
        row.put("type", usage.type());
        row.put("name", component.getOrDefault("name", usage.type()));
        row.put("measured_unit", component.getOrDefault("measured_unit", ""));
        row.put("usage", usage.amount().toPlainString());
        row.put("date", world.clock.text(usage.date()));
        row.put("recurring", usage.recurring());
        return row;
    }

    private Map<String, Object> row(UserUsage user, String api) {
        ComponentUsage usage = of(user);
        Map<String, Object> resource = world.resources.get(usage.resource());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("uuid", user.uuid());
        row.put("user", user.user());
        row.put("username", user.username());
        row.put("component_usage", api + "marketplace-component-usages/" + usage.uuid() + "/");
        row.put("usage", user.amount().toPlainString());
        row.put("measured_unit", component(usage).get("measured_unit"));
        row.put("description", "");
        row.put("created", world.clock.text(user.created()));
        row.put("modified", world.clock.text(user.modified()));
        row.put("backend_id", "");
        row.put("resource_name", resource.get("name"));
        row.put("resource_uuid", usage.resource());
        place(row, resource);
        row.put("component_type", usage.type());
        row.put("date", world.clock.text(usage.date()));
        if (world.dialect == Dialect.V8) {
            row.put("billing_period", usage.month().atDay(1).toString());
        }
        return row;
    }

    private void place(Map<String, Object> row, Map<String, Object> resource) {
        row.put("offering_name", world.offerings.get(resource.get("offering_uuid")).get("name"));
        for (String field : List.of("offering_uuid", "project_name", "project_uuid", "customer_name", "customer_uuid")) {
            row.put(field, resource.get(field));
        }
    }
}
