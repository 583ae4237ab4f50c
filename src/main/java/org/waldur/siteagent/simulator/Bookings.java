package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.simulator.PlanPeriods.PlanPeriod;

/** Which row a reported usage goes to, in both dialects. */
final class Bookings {
    /** Waldur's number of who wrote a row. */
    private static final int STAFF = 1;
    private static final int OWNER = 2;
    private final WaldurWorld world;

    Bookings(WaldurWorld world) {
        this.world = world;
    }

    /**
     * The month that a moment is billed in: of the server's zone. Waldur 7.0.7 takes the month of UTC whatever its zone is (repaired in
     * August 2025, by Waldur's own test of it).
     */
    YearMonth month(Instant moment) {
        return world.dialect == WaldurWorld.Dialect.V7 ? YearMonth.from(moment.atZone(ZoneOffset.UTC)) : world.clock.month(moment);
    }

    /** The plan period that usage of this moment belongs to. Today's Waldur makes one for the current month if there is none. */
    Optional<PlanPeriod> period(Map<String, Object> resource, Instant moment) {
        String uuid = (String) resource.get("uuid");
        if (world.dialect == WaldurWorld.Dialect.V7) {
            return world.planPeriods.current(uuid);
        }
        Optional<PlanPeriod> there = world.planPeriods.at(uuid, moment);
        boolean lacking = there.isEmpty() && world.planPeriods.of(uuid).isEmpty() && month(moment).equals(month(world.clock.now()));
        return lacking ? Optional.of(world.planPeriods.open(world.uuid(), uuid, (String) resource.get("plan_uuid"))) : there;
    }

    /**
     * Makes or overwrites the row of the component, plan period and month.
     *
     * @param moment when it was reported, or what it was reported for
     */
    void book(Map<String, Object> resource, String type, String planPeriod, BigDecimal amount, Instant moment, String description,
            boolean recurring, boolean staff) {
        String uuid = (String) resource.get("uuid");
        YearMonth month = month(moment);
        world.usages.of(uuid, type, month).forEach(row -> world.usages.put(row.once()));
        Optional<ComponentUsage> old = row(uuid, type, planPeriod, month);
        world.usages.put(new ComponentUsage(old.map(ComponentUsage::uuid).orElseGet(world::uuid), uuid, type,
                planPeriod == null ? old.map(ComponentUsage::planPeriod).orElse(null) : planPeriod, month, amount, moment,
                old.map(ComponentUsage::created).orElseGet(world.clock::tick), description, recurring, staff ? STAFF : OWNER));
        if (world.dialect == WaldurWorld.Dialect.V8) {
            currentUsage(resource, type);
        }
    }

    /** Today's Waldur has no row without a plan period beside one that has it. */
    private Optional<ComponentUsage> row(String resource, String type, String planPeriod, YearMonth month) {
        List<ComponentUsage> rows = world.usages.of(resource, type, month);
        Optional<ComponentUsage> same = WaldurUsages.ofPeriod(rows, planPeriod);
        if (world.dialect == WaldurWorld.Dialect.V7) {
            return same;
        }
        Optional<ComponentUsage> kept = same.or(() -> planPeriod == null ? rows.stream().findFirst() : WaldurUsages.ofPeriod(rows, null));
        rows.stream().filter(row -> planPeriod == null || row.planPeriod() == null).filter(row -> !kept.equals(Optional.of(row)))
                .forEach(world.usages::remove);
        return kept;
    }

    /** Today's Waldur keeps the latest month of each component by itself, whoever wrote the row. */
    private void currentUsage(Map<String, Object> resource, String type) {
        List<ComponentUsage> rows = world.usages.of((String) resource.get("uuid"), type);
        YearMonth latest = rows.stream().map(ComponentUsage::month).max(Comparator.naturalOrder()).orElseThrow();
        Map<String, Object> current = new LinkedHashMap<>(world.currentUsages(resource));
        current.put(type, WaldurUsages.sum(rows.stream().filter(row -> row.month().equals(latest)).toList()));
        resource.put("current_usages", current);
    }

    void total(ComponentUsage usage, BigDecimal amount) {
        world.usages.put(usage.with(amount));
        currentUsage(world.resources.get(usage.resource()), usage.type());
    }

    /**
     * Makes or overwrites what a person used of a row.
     *
     * @param amount null: as it was, or 0
     * @param user   url of the offering user, or null
     */
    void bookUser(ComponentUsage usage, String username, BigDecimal amount, String user) {
        Optional<UserUsage> old = world.usages.user(usage, username);
        Instant now = world.clock.tick();
        String known = old.map(UserUsage::user).orElse(null);
        world.usages.put(new UserUsage(old.map(UserUsage::uuid).orElseGet(world::uuid), usage.uuid(), username,
                old.isEmpty() || world.dialect == WaldurWorld.Dialect.V8 && user != null ? user : known,
                amount == null ? old.map(UserUsage::amount).orElse(new BigDecimal("0.00")) : amount, old.map(UserUsage::created).orElse(now), now));
    }
}
