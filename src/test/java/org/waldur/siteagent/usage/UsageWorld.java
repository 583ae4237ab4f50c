package org.waldur.siteagent.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.slurm.Accounts;
import org.waldur.siteagent.slurm.Association;

/**
 * What was used, what Waldur has, and who asks, for tests of what is planned. A unit of each component is a TRES-minute, and amounts
 * here are in units.
 */
final class UsageWorld {
    static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ZoneId UTC = ZoneId.of("UTC");

    Instant now = Instant.parse("2026-11-20T12:00:00Z");
    List<YearMonth> months = List.of(NOVEMBER);
    Formulas formulas = formulas("cpu", "mem");
    final Map<String, String> billed = new TreeMap<>(Map.of("cpu", "usage", "mem", "usage", "gpu", "limit"));
    final Set<String> refused = new HashSet<>();
    final Map<YearMonth, Booking> bookings = new HashMap<>();
    final Set<String> released = new HashSet<>();
    final List<Resource> resources = new ArrayList<>();
    final Set<String> accounts = new HashSet<>(Set.of("hpc_one", "hpc_two"));
    boolean ofErred = true;
    private final Map<YearMonth, Consumption> used = new TreeMap<>();
    private final Map<YearMonth, String> unknown = new TreeMap<>();
    private final Map<YearMonth, Map<String, JsonNode>> rows = new TreeMap<>();
    private final Map<YearMonth, List<JsonNode>> userRows = new TreeMap<>();

    static Formulas formulas(String... components) {
        Component[] all = List.of(components).stream().map(c -> Offerings.component(c, "1")).toArray(Component[]::new);
        return Formulas.of(Offerings.of(UTC, all));
    }

    /** A uuid that is told from others by a digit. */
    static String uuid(int number) {
        return String.format("%032x", number);
    }

    UsageWorld resource(int number, String account, String state, String created) {
        resources.add(new Resource(uuid(number), "r" + number, "r" + number, state, account, Optional.of(OffsetDateTime.parse(created)), Optional.empty(), "", Optional.empty(),
                Map.of()));
        return this;
    }

    UsageWorld resource(int number, String account) {
        return resource(number, account, "OK", "2026-01-15T12:00:00Z");
    }

    UsageWorld used(YearMonth month, String account, String user, String component, String amount) {
        BigDecimal seconds = new BigDecimal(amount).multiply(BigDecimal.valueOf(60));
        Consumption more = new Consumption(new TreeMap<>(Map.of(account, new TreeMap<>(Map.of(user, new TreeMap<>(Map.of(component, seconds)))))));
        used.merge(month, more, Consumption::plus);
        return this;
    }

    UsageWorld used(String account, String user, String component, String amount) {
        return used(NOVEMBER, account, user, component, amount);
    }

    UsageWorld nothingUsed() {
        used.clear();
        return this;
    }

    UsageWorld unknown(YearMonth month, String why) {
        unknown.put(month, why);
        return this;
    }

    UsageWorld booked(YearMonth month, int resource, String component, String amount) {
        row(month, rowUuid(month, resource, component), resource, component, amount, "2026-11-01T00:00:00Z");
        return this;
    }

    UsageWorld booked(int resource, String component, String amount) {
        return booked(NOVEMBER, resource, component, amount);
    }

    /** A row of its own, as a switch of plan makes one. */
    void row(YearMonth month, String uuid, int resource, String component, String amount, String created) {
        rows.computeIfAbsent(month, m -> new LinkedHashMap<>()).put(uuid + created, JSON.createObjectNode().put("uuid", uuid).put("resource_uuid", uuid(resource))
                .put("type", component).put("usage", amount).put("billing_period", month + "-01").put("created", created));
    }

    UsageWorld bookedFor(int resource, String component, String user, String amount) {
        userRow(rowUuid(NOVEMBER, resource, component), user, amount);
        return this;
    }

    void userRow(String row, String user, String amount) {
        userRows.computeIfAbsent(NOVEMBER, m -> new ArrayList<>()).add(JSON.createObjectNode().put("username", user).put("usage", amount)
                .put("component_usage", "https://waldur.example.com/api/marketplace-component-usages/" + row + "/"));
    }

    static String rowUuid(YearMonth month, int resource, String component) {
        return String.format("%032x", (long) (month + " " + resource + " " + component).hashCode() & 0xffffffffL);
    }

    Reading reading() {
        Map<String, Association> there = new TreeMap<>();
        accounts.forEach(account -> there.put(account, new Association(account, "root", new TreeMap<>(), OptionalLong.empty(), new TreeSet<>(), "")));
        LiveJobs live = new LiveJobs(now.getEpochSecond(), Set.of(), 0, Map.of(), 0);
        Holders holders = Holders.of(resources);
        Reading reading = new Reading(new Accounts("lab", there), UTC, now, live, holders, false);
        for (YearMonth month : months) {
            Finished finished = Finished.none(now).heldBy(holders.turns(month.atDay(1).atStartOfDay(UTC).toEpochSecond(), Map.of()));
            for (Window window : Window.of(month, UTC, 31, now.getEpochSecond())) {
                finished = finished.plus(window, used.getOrDefault(month, Consumption.NONE));
            }
            reading.add(month, finished, 31);
            Window window = Window.of(month, UTC, 31, now.getEpochSecond()).get(0);
            Optional.ofNullable(unknown.get(month)).ifPresent(why -> reading.unknown(window, why));
        }
        reading.end();
        return reading;
    }

    Reported reported() {
        Reported reported = new Reported();
        months.forEach(month -> reported.add(month, rows.getOrDefault(month, Map.of()).values(), userRows.getOrDefault(month, List.of())));
        return reported;
    }

    UsageReport report() {
        Offering offering = Offerings.of(UTC);
        ReportOptions options = new ReportOptions(released, "waldur-site-agent -m report --once", "usage", false, true, "");
        UsagePlanner.Terms terms = new UsagePlanner.Terms(months, billed, (month, billing) -> refused.contains(month + " " + billing)
                ? Optional.of("it is invoiced") : Optional.empty(), month -> bookings.getOrDefault(month, new Booking.Undated()), options, ofErred);
        return UsagePlanner.plan(offering, resources, formulas, reading(), reported(), terms, List.of(), List.of());
    }
}
