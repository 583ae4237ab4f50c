package org.waldur.siteagent.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.Uuid;

/**
 * A time in which a resource had one plan, see {@code GET marketplace-provider-resources/UUID/plan_periods/}. Waldur books usage for each plan
 * period, so after a switch of plan within a month a component has two rows, and both are billed.
 *
 * @param end  empty as long as it goes on
 * @param rows uuids of the usages that are booked on it
 */
record PlanPeriod(Instant start, Optional<Instant> end, Set<String> rows) {

    static List<PlanPeriod> of(Collection<JsonNode> answer) {
        List<PlanPeriod> periods = new ArrayList<>();
        for (JsonNode row : answer) {
            Set<String> rows = new HashSet<>();
            row.path("components").forEach(component -> Uuid.optional(component.path("uuid").asText()).ifPresent(rows::add));
            periods.add(new PlanPeriod(moment(row.path("start")).orElse(Instant.EPOCH), moment(row.path("end")), rows));
        }
        periods.sort(Comparator.comparing(PlanPeriod::start));
        return periods;
    }

    private static Optional<Instant> moment(JsonNode node) {
        try {
            return node.isTextual() ? Optional.of(OffsetDateTime.parse(node.asText()).toInstant()) : Optional.empty();
        } catch (DateTimeParseException e) {
            throw new AnswerUnreadable("a plan period begins or ends at '" + node.asText() + "'");
        }
    }

    private boolean covers(Instant moment) {
        return !start.isAfter(moment) && end.filter(e -> !e.isAfter(moment)).isEmpty();
    }

    /** Rows on which usage is not booked that is told without a date: those of all periods but the one that goes on. */
    static Set<String> elsewhere(List<PlanPeriod> periods) {
        return others(periods, periods.stream().filter(p -> p.end.isEmpty()).reduce((earlier, later) -> later));
    }

    /** The same for usage that is told with a date: the period of that moment, or else the last one that began in its month. */
    static Set<String> elsewhere(List<PlanPeriod> periods, Instant date, ZoneId zone) {
        YearMonth month = Booking.month(date, zone);
        return others(periods, periods.stream().filter(p -> p.covers(date)).reduce((earlier, later) -> later)
                .or(() -> periods.stream().filter(p -> Booking.month(p.start, zone).equals(month)).reduce((earlier, later) -> later)));
    }

    private static Set<String> others(List<PlanPeriod> periods, Optional<PlanPeriod> booked) {
        Set<String> rows = new HashSet<>();
        periods.stream().filter(p -> booked.isPresent() && !booked.get().equals(p)).forEach(p -> rows.addAll(p.rows));
        return rows;
    }
}
