package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The usage that a simulated Waldur holds. */
final class WaldurUsages {
    private record Component(String resource, String type) {
        static Component of(ComponentUsage usage) {
            return new Component(usage.resource(), usage.type());
        }
    }

    private final Map<String, ComponentUsage> usages = new LinkedHashMap<>();
    private final Map<Component, List<String>> months = new LinkedHashMap<>();
    private final Map<String, Map<String, UserUsage>> users = new LinkedHashMap<>();

    Collection<ComponentUsage> all() {
        return usages.values();
    }

    Optional<ComponentUsage> find(String uuid) {
        return Optional.ofNullable(usages.get(uuid));
    }

    /** Rows of one component and month: more than one after a switch of plans. */
    List<ComponentUsage> of(String resource, String type, YearMonth month) {
        return of(resource, type).stream().filter(u -> u.month().equals(month)).toList();
    }

    List<ComponentUsage> of(String resource, String type) {
        return months.getOrDefault(new Component(resource, type), List.of()).stream().map(usages::get).toList();
    }

    void clear() {
        usages.clear();
        months.clear();
        users.clear();
    }

    void put(ComponentUsage usage) {
        if (usages.put(usage.uuid(), usage) == null) {
            months.computeIfAbsent(Component.of(usage), c -> new ArrayList<>()).add(usage.uuid());
        }
    }

    void remove(ComponentUsage usage) {
        usages.remove(usage.uuid());
        users.remove(usage.uuid());
        months.get(Component.of(usage)).remove(usage.uuid());
    }

    Collection<UserUsage> allUsers() {
        return users.values().stream().flatMap(all -> all.values().stream()).toList();
    }

    Collection<UserUsage> users(ComponentUsage usage) {
        return users.getOrDefault(usage.uuid(), Map.of()).values();
    }

    Optional<UserUsage> user(ComponentUsage usage, String username) {
        return Optional.ofNullable(users.getOrDefault(usage.uuid(), Map.of()).get(username));
    }

    void put(UserUsage usage) {
        users.computeIfAbsent(usage.componentUsage(), u -> new LinkedHashMap<>()).put(usage.username(), usage);
    }

    static BigDecimal sum(Collection<ComponentUsage> some) {
        return some.stream().map(ComponentUsage::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The row of a plan period, which may be null. */
    static Optional<ComponentUsage> ofPeriod(Collection<ComponentUsage> some, String planPeriod) {
        return some.stream().filter(u -> Objects.equals(u.planPeriod(), planPeriod)).findFirst();
    }
}
