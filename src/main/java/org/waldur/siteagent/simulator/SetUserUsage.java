package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.simulator.PlanPeriods.PlanPeriod;

/** {@code marketplace-component-usages/UUID/set_user_usage/} and, since 2026, {@code set_user_usages/} for many at once. */
final class SetUserUsage {
    private static final Pattern OFFERING_USER = Pattern.compile("(?:https?://[^/]+)?/api/marketplace-offering-users/([^/]+)/");
    private static final int USERNAME = 100;
    private final WaldurWorld world;
    private final Bookings bookings;
    private final SetUsage setUsage;

    /** @param amount null if the body has none */
    private record Item(String username, BigDecimal amount, String user, Optional<Instant> date) {
    }

    SetUserUsage(WaldurWorld world, SetUsage setUsage) {
        this.world = world;
        this.bookings = new Bookings(world);
        this.setUsage = setUsage;
    }

    Reply one(ComponentUsage usage, Map<String, Object> json, boolean staff) {
        BodyReader body = new BodyReader(json);
        Item item = read(usage, body, staff);
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        if (world.dialect == WaldurWorld.Dialect.V7 && item.amount() == null && world.usages.user(usage, item.username()).isPresent()) {
            return Reply.serverError();
        }
        book(usage, item, staff);
        return Reply.of(201, null);
    }

    /** All or none. */
    Reply many(ComponentUsage usage, Map<String, Object> json, boolean staff) {
        BodyReader body = new BodyReader(json);
        List<Item> items = new ArrayList<>();
        body.items("usages", false).forEach(each -> items.add(read(usage, each, staff)));
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        Set<String> booked = new LinkedHashSet<>();
        items.forEach(item -> booked.add(book(usage, item, staff)));
        booked.forEach(this::follow);
        return Reply.of(201, null);
    }

    private Item read(ComponentUsage usage, BodyReader item, boolean staff) {
        String username = item.text("username", USERNAME);
        BigDecimal amount = item.has("usage") ? item.amount("usage") : null;
        String user = item.has("user") ? user(item) : null;
        Optional<Instant> date = world.dialect == WaldurWorld.Dialect.V7 ? Optional.empty() : item.moment("date", world.clock.zone());
        Map<String, Object> resource = world.resources.get(usage.resource());
        date.flatMap(d -> setUsage.refusal(d, resource, List.of(usage.type()), staff)).ifPresent(why -> item.refuse("date", why));
        return new Item(username, amount, user, date);
    }

    private String user(BodyReader item) {
        Matcher url = OFFERING_USER.matcher(String.valueOf(item.raw("user")));
        if (!url.matches()) {
            item.refuse("user", "Invalid hyperlink - No URL match.");
            return null;
        }
        Map<String, Object> user = world.offeringUsers.get(WaldurApi.hex(url.group(1)));
        if (user == null) {
            item.refuse("user", "Invalid hyperlink - Object does not exist.");
            return null;
        }
        return (String) user.get("url");
    }

    /** Gives the uuid of the row that it was booked on. */
    private String book(ComponentUsage named, Item item, boolean staff) {
        ComponentUsage usage = item.date().map(date -> ofMonth(named, date, staff)).orElse(named);
        bookings.bookUser(usage, item.username(), item.amount(), item.user());
        return usage.uuid();
    }

    /** With a date, today's Waldur books on the row of that month, and makes it if it is not there. */
    private ComponentUsage ofMonth(ComponentUsage named, Instant date, boolean staff) {
        if (bookings.month(date).equals(named.month())) {
            return named;
        }
        List<ComponentUsage> rows = world.usages.of(named.resource(), named.type(), bookings.month(date));
        if (rows.isEmpty()) {
            Map<String, Object> resource = world.resources.get(named.resource());
            String period = bookings.period(resource, date).map(PlanPeriod::uuid).orElse(null);
            bookings.book(resource, named.type(), period, new BigDecimal("0.00"), date, "", false, staff);
            rows = world.usages.of(named.resource(), named.type(), bookings.month(date));
        }
        return rows.get(0);
    }

    /** A row that says 0 takes over the sum of its people, when they come together. */
    private void follow(String uuid) {
        ComponentUsage usage = world.usages.find(uuid).orElseThrow();
        if (usage.amount().signum() == 0) {
            bookings.total(usage, world.usages.users(usage).stream().map(UserUsage::amount).reduce(usage.amount(), BigDecimal::add));
        }
    }
}
