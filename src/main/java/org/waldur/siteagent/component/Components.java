package org.waldur.siteagent.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.Offering;

/** The difference between the components of the config and those of an offering in Waldur. Bean {@code components}. */
public final class Components {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final BiConsumer<Offering, List<ComponentChange>> announce;

    /** @param announce who hears of the difference before it is written */
    public Components(BiConsumer<Offering, List<ComponentChange>> announce) {
        this.announce = announce;
    }

    /** @param waldur the offering as {@code GET marketplace-provider-offerings/UUID/} gives it */
    public List<ComponentChange> plan(Offering offering, JsonNode waldur) {
        List<ComponentChange> changes = difference(offering, waldur.path("components"));
        announce.accept(offering, changes);
        return changes;
    }

    /** What {@code load-components} would write. @param existing {@code components} of the offering in Waldur */
    public static List<ComponentChange> difference(Offering offering, JsonNode existing) {
        List<ComponentChange> changes = new ArrayList<>();
        for (Component component : offering.components().values()) {
            JsonNode found = null;
            for (JsonNode each : existing) {
                found = each.path("type").asText().equals(component.type()) ? each : found;
            }
            Map<String, Object> wanted = wanted(component);
            Map<String, String> changed = changed(wanted, found);
            if (found == null) {
                changes.add(new ComponentChange("create_offering_component", component.type(), wanted, changed));
            } else if (!changed.isEmpty()) {
                changes.add(new ComponentChange("update_offering_component", component.type(), updated(wanted, found), changed));
            }
        }
        return changes;
    }

    /**
     * What the config says of a component, in Waldur's words. {@code unit_factor} is ours: Waldur bills what we report. A limit there is
     * whole, and rounded up: it must not be below what the cluster allows.
     */
    private static Map<String, Object> wanted(Component component) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("type", component.type());
        wanted.put("name", component.label());
        wanted.put("measured_unit", component.measuredUnit());
        wanted.put("billing_type", component.accountingType().name().toLowerCase(Locale.ROOT));
        if (component.accountingType() == AccountingType.ONE) {
            wanted.put("is_prepaid", true);
        }
        component.limit().filter(l -> component.accountingType() == AccountingType.USAGE)
                .ifPresent(limit -> wanted.put("limit_amount", limit.setScale(0, RoundingMode.CEILING).toBigInteger()));
        component.waldur().forEach((field, value) -> {
            if (value != null) {
                wanted.put(field, value);
            }
        });
        return wanted;
    }

    private static Map<String, String> changed(Map<String, Object> wanted, JsonNode found) {
        Map<String, String> changed = new LinkedHashMap<>();
        wanted.forEach((field, value) -> {
            JsonNode before = found == null ? null : found.get(field);
            if (before == null || !same(before, value)) {
                changed.put(field, (before == null ? "" : before.asText() + " -> ") + value);
            }
        });
        return changed;
    }

    /** Newer servers write numbers as texts, like {@code "10.00"}. */
    private static boolean same(JsonNode before, Object value) {
        if (value instanceof Number number && before.asText().matches("-?\\d+(\\.\\d+)?")) {
            return new BigDecimal(before.asText()).compareTo(new BigDecimal(number.toString())) == 0;
        }
        return before.asText().equals(value.toString());
    }

    /** An update sends the whole component, and leaves what the config does not name as it is; a missing limit_period would be wiped. */
    private static Map<String, Object> updated(Map<String, Object> wanted, JsonNode found) {
        Map<String, Object> body = new LinkedHashMap<>();
        ObjectNode kept = found.deepCopy();
        for (String field : List.of("uuid", "limit_period", "limit_amount", "description", "article_code", "min_value", "max_value",
                "max_available_limit", "default_limit", "is_boolean", "is_prepaid", "overage_component", "min_prepaid_duration", "max_prepaid_duration")) {
            if (kept.hasNonNull(field)) {
                body.put(field, JSON.convertValue(kept.get(field), Object.class));
            }
        }
        body.putAll(wanted);
        return body;
    }
}
