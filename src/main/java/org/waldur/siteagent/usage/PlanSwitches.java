package org.waldur.siteagent.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.Uuid;

/**
 * Which resources have had another plan in the months to report. Waldur is asked once for each update of a resource what became of its plan.
 * Bean {@code planSwitches}.
 */
public final class PlanSwitches {
    private final Clock clock;
    private final Features features;
    private final ReportOptions options;
    /** Resource to its last update, and to the plan periods that it has since then. */
    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private final Map<String, List<PlanPeriod>> periods = new ConcurrentHashMap<>();

    public PlanSwitches(Clock clock, Features features, ReportOptions options) {
        this.clock = clock;
        this.features = features;
        this.options = options;
    }

    /** From when on a switch of plan matters: the first moment of the months to report. */
    public String since(Offering offering, List<YearMonth> months) {
        return months.get(0).atDay(1).atStartOfDay(offering.billingTimezone()).toInstant().toString();
    }

    /** An update that a resource has had; it may have been a switch of plan. */
    public record Update(String order, String resource) {
    }

    /**
     * The last update of each of these resources, as far as nobody has asked yet what became of it. None for an audit, which compares all that
     * was used in a month with all that is booked of it, whatever the plan.
     *
     * @param orders that are done, of any type
     */
    public List<Update> updates(List<JsonNode> orders, List<Resource> resources) {
        if (options.audit()) {
            return List.of();
        }
        Set<String> wanted = resources.stream().map(Resource::uuid).collect(Collectors.toSet());
        Map<String, Update> last = new TreeMap<>();
        orders.stream().filter(order -> order.path("type").asText().equals("Update")).forEach(order -> Uuid.optional(order.path("marketplace_resource_uuid").asText())
                .filter(wanted::contains).ifPresent(resource -> last.put(resource, new Update(order.path("uuid").asText(), resource))));
        return last.values().stream().filter(update -> !update.order().equals(asked.get(update.resource()))).toList();
    }

    /** @param answer the plan periods of the resource of an update */
    public void remember(Update update, List<JsonNode> answer) {
        periods.put(update.resource(), PlanPeriod.of(answer));
        asked.put(update.resource(), update.order());
    }

    /** Tells apart what is booked under the plan that a resource has, and what was booked under another one in the same month. */
    public void tellApart(Offering offering, List<YearMonth> months, List<Resource> resources, Reported reported) {
        for (Resource resource : resources) {
            for (YearMonth month : periods.containsKey(resource.uuid()) ? months : List.<YearMonth>of()) {
                List<PlanPeriod> all = periods.get(resource.uuid());
                boolean undated = month.equals(Booking.month(clock.instant(), offering.billingTimezone())) || features.hasPlugin(offering);
                reported.elsewhere(month, undated ? PlanPeriod.elsewhere(all) : PlanPeriod.elsewhere(all, Booking.middle(month), offering.billingTimezone()));
            }
        }
    }
}
