package org.waldur.siteagent.simulator;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which plan each resource had when: usage is booked per plan period, so that a switch within a month makes two rows of one component. */
final class PlanPeriods {
    /** @param end null as long as it goes on */
    record PlanPeriod(String uuid, String resource, String plan, Instant start, Instant end) {
        boolean covers(Instant instant) {
            return !start.isAfter(instant) && (end == null || end.isAfter(instant));
        }
    }

    private final WaldurClock clock;
    private final Map<String, List<PlanPeriod>> periods = new LinkedHashMap<>();

    PlanPeriods(WaldurClock clock) {
        this.clock = clock;
    }

    List<PlanPeriod> of(String resource) {
        return periods.getOrDefault(resource, List.of());
    }

    Optional<PlanPeriod> find(String uuid) {
        return periods.values().stream().flatMap(List::stream).filter(p -> p.uuid().equals(uuid)).findFirst();
    }

    PlanPeriod open(String uuid, String resource, String plan) {
        close(resource);
        PlanPeriod period = new PlanPeriod(uuid, resource, plan, clock.tick(), null);
        periods.computeIfAbsent(resource, r -> new ArrayList<>()).add(period);
        return period;
    }

    void close(String resource) {
        periods.computeIfPresent(resource, (r, all) -> new ArrayList<>(all.stream()
                .map(p -> p.end() == null ? new PlanPeriod(p.uuid(), r, p.plan(), p.start(), clock.tick()) : p).toList()));
    }

    /** The one that goes on, which is what Waldur 7 books on whatever the date. */
    Optional<PlanPeriod> current(String resource) {
        return last(of(resource).stream().filter(p -> p.end() == null).toList());
    }

    /** What today's Waldur books on: the period of that moment, or one that began later in its month. */
    Optional<PlanPeriod> at(String resource, Instant date) {
        YearMonth month = clock.month(date);
        return last(of(resource).stream().filter(p -> p.covers(date)).toList())
                .or(() -> last(of(resource).stream().filter(p -> clock.month(p.start()).equals(month)).toList()));
    }

    private static Optional<PlanPeriod> last(List<PlanPeriod> some) {
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get(some.size() - 1));
    }
}
