package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.waldur.siteagent.simulator.PlanPeriods.PlanPeriod;

/**
 * {@code marketplace-component-usages/set_usage/}. Waldur 7 as it was recorded; today's as its own tests of usage say, which also know
 * that it does not look at {@code limit_amount} any more.
 */
final class SetUsage {
    static final String BACKFILL =
            "Service providers can only specify date for limit-based or prepaid billing components when backfilling past billing periods.";
    static final String FUTURE = "Cannot submit usage for future dates.";
    private static final List<String> STATES = List.of("OK", "Updating", "Terminating");
    private final WaldurWorld world;
    private final Bookings bookings;

    private record Item(String type, BigDecimal amount, String description, boolean recurring) {
        static Item read(BodyReader item) {
            return new Item(item.text("type", Integer.MAX_VALUE), item.amount("amount"),
                    String.valueOf(item.has("description") ? item.raw("description") : ""), item.flag("recurring"));
        }
    }

    SetUsage(WaldurWorld world) {
        this.world = world;
        this.bookings = new Bookings(world);
    }

    Reply answer(Map<String, Object> json, boolean staff) {
        BodyReader body = new BodyReader(json);
        List<Item> items = body.items("usages", true).stream().map(Item::read).toList();
        Optional<PlanPeriod> period = period(body);
        Map<String, Object> resource = period.map(p -> world.resources.get(p.resource())).orElseGet(() -> resource(body));
        Optional<Instant> date = world.dialect == WaldurWorld.Dialect.V7 ? Optional.empty() : body.moment("date", world.clock.zone());
        if (body.errors().isEmpty()) {
            check(body, resource, items, date, staff);
        }
        if (!body.errors().isEmpty()) {
            return Reply.of(400, body.errors());
        }
        return resource.get("plan_uuid") == null ? Reply.serverError() : book(resource, items, period, date, staff);
    }

    private Optional<PlanPeriod> period(BodyReader body) {
        if (!body.has("plan_period")) {
            return Optional.empty();
        }
        Optional<PlanPeriod> period = world.planPeriods.find(WaldurApi.hex(String.valueOf(body.raw("plan_period"))));
        if (period.isEmpty()) {
            body.refuse("plan_period", "Object with uuid=" + body.raw("plan_period") + " does not exist.");
        } else if (period.get().end() != null && bookings.month(period.get().end()).isBefore(bookings.month(world.clock.now()))) {
            body.refuse("plan_period", "Billing period is closed.");
        }
        return period;
    }

    private Map<String, Object> resource(BodyReader body) {
        Map<String, Object> resource = world.resources.get(WaldurApi.hex(String.valueOf(body.raw("resource"))));
        if (resource == null && body.has("resource")) {
            body.refuse("resource", "Object with uuid=" + body.raw("resource") + " does not exist.");
        }
        return resource;
    }

    private void check(BodyReader body, Map<String, Object> resource, List<Item> items, Optional<Instant> date, boolean staff) {
        if (resource == null) {
            body.refuse("non_field_errors", "Either plan_period or resource should be provided.");
            return;
        }
        if (resource.get("plan_uuid") == null && world.dialect == WaldurWorld.Dialect.V8) {
            body.refuse("resource", "Resource must have a plan to report usage.");
        } else if (!STATES.contains(resource.get("state"))) {
            body.refuse("resource", "Resource is not in valid state.");
        } else {
            String invalid = items.stream().map(Item::type).filter(type -> !world.isReportable(resource, type)).distinct().sorted()
                    .collect(Collectors.joining(", "));
            if (!invalid.isEmpty()) {
                body.refuse("non_field_errors", "These components are invalid: " + invalid + ".");
            } else {
                date.flatMap(d -> refusal(d, resource, items.stream().map(Item::type).toList(), staff)).ifPresent(why -> body.refuse("date", why));
            }
        }
    }

    /** Why a moment cannot be reported for; today's Waldur only. */
    Optional<String> refusal(Instant date, Map<String, Object> resource, List<String> types, boolean staff) {
        if (date.isAfter(world.clock.now())) {
            return Optional.of(FUTURE);
        }
        boolean past = bookings.month(date).isBefore(bookings.month(world.clock.now()));
        return past && !staff && types.stream().anyMatch(type -> world.isBilledByUsage(resource, type)) ? Optional.of(BACKFILL) : Optional.empty();
    }

    private Reply book(Map<String, Object> resource, List<Item> items, Optional<PlanPeriod> named, Optional<Instant> date, boolean staff) {
        Instant moment = date.orElseGet(world.clock::tick);
        String period = named.or(() -> bookings.period(resource, moment)).map(PlanPeriod::uuid).orElse(null);
        for (Item item : items) {
            Optional<Reply> over = world.dialect == WaldurWorld.Dialect.V7 ? overLimit(resource, item, moment) : Optional.empty();
            if (over.isPresent()) {
                // what was booked before stays: the transaction is not rolled back
                return over.get();
            }
            bookings.book(resource, item.type(), period, item.amount(), moment, item.description(), item.recurring(), staff);
        }
        if (world.dialect == WaldurWorld.Dialect.V7) {
            Map<String, Object> current = new LinkedHashMap<>();
            items.forEach(item -> current.put(item.type(), item.amount().toPlainString()));
            resource.put("current_usages", current);
        }
        return Reply.of(201, null);
    }

    /** Waldur 7 counts what is reported beside what the same month has already, except for a monthly limit, where it forgets the latter. */
    private Optional<Reply> overLimit(Map<String, Object> resource, Item item, Instant moment) {
        Map<String, Object> component = world.component(resource, item.type()).orElseThrow();
        Object period = component.get("limit_period");
        boolean capped = world.isBilledByUsage(resource, item.type()) && period != null;
        if (!capped || !(component.get("limit_amount") instanceof Number limit) || limit.intValue() == 0) {
            return Optional.empty();
        }
        List<ComponentUsage> counted = world.usages.of((String) resource.get("uuid"), item.type()).stream().filter(usage -> switch ((String) period) {
            case "month" -> false;
            case "annual" -> world.clock.month(usage.date()).getYear() == world.clock.month(moment).getYear();
            default -> true;
        }).toList();
        BigDecimal total = WaldurUsages.sum(counted).add(item.amount());
        return total.compareTo(new BigDecimal(limit.toString())) <= 0 ? Optional.empty()
                : Optional.of(Reply.of(400, List.of("Total amount exceeds limit. Total amount: " + total + ", limit: " + limit + ".")));
    }
}
