package org.waldur.siteagent.order;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.waldur.siteagent.waldur.Text;
import org.waldur.siteagent.waldur.Uuid;

/**
 * An order of a customer, see {@code GET marketplace-orders/}. Text fields are as Waldur gave them: hostile.
 *
 * @param resource   uuid of the marketplace resource that the order is about
 * @param plugin     uuid of the plugin's allocation on Waldur 7; empty until its worker has made it
 * @param limits     in Waldur's unit; a null or unreadable limit is an empty value; components that are not named are absent
 * @param plan       uuid of the plan that the resource is to have; empty if Waldur does not say
 */
public record Order(
        String uuid,
        Type type,
        State state,
        String resource,
        String resourceName,
        Optional<String> plugin,
        Map<String, Optional<BigDecimal>> limits,
        Optional<String> plan,
        String projectUuid,
        String projectSlug,
        String projectName,
        String customerUuid,
        String customerSlug,
        String customerName) {

    /** The fields to ask Waldur for: what {@link #of} reads. */
    public static final String FIELDS = "uuid,type,state,marketplace_resource_uuid,resource_uuid,resource_name,limits,plan_uuid,"
            + "project_uuid,project_slug,project_name,customer_uuid,customer_slug,customer_name";

    public enum Type { CREATE, UPDATE, TERMINATE, RESTORE }

    /** {@code OTHER} is any state in which an agent has nothing to do. */
    public enum State { PENDING_PROVIDER, EXECUTING, DONE, ERRED, OTHER }

    /** The limit of a component in Waldur's unit; 0 if the order names none. For the conditions of routes. */
    public BigDecimal limit(String component) {
        return limits.getOrDefault(component, Optional.empty()).orElse(BigDecimal.ZERO);
    }

    /** Whether it is only another plan that is wanted: limits that it does not name are none that it takes away. */
    boolean switchesPlan(Resource resource) {
        return type == Type.UPDATE && limits.isEmpty() && plan.isPresent() && resource.plan().isPresent() && !plan.equals(resource.plan());
    }

    /** Throws {@link IllegalArgumentException} for a row without uuids or of an unknown type. */
    public static Order of(JsonNode row) {
        return new Order(
                Uuid.hex(text(row, "uuid")),
                type(text(row, "type")),
                state(text(row, "state")),
                Uuid.hex(text(row, "marketplace_resource_uuid")),
                text(row, "resource_name"),
                Optional.of(text(row, "resource_uuid")).filter(uuid -> !uuid.isEmpty()),
                limits(row.path("limits")),
                Uuid.optional(text(row, "plan_uuid")),
                text(row, "project_uuid"),
                text(row, "project_slug"),
                text(row, "project_name"),
                text(row, "customer_uuid"),
                text(row, "customer_slug"),
                text(row, "customer_name"));
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).isTextual() ? row.path(field).textValue() : "";
    }

    private static Type type(String text) {
        try {
            return Type.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown type of order '" + Text.oneLine(text, 40) + "'");
        }
    }

    static State state(String text) {
        return switch (text) {
            case "pending-provider" -> State.PENDING_PROVIDER;
            case "executing" -> State.EXECUTING;
            case "done" -> State.DONE;
            case "erred" -> State.ERRED;
            default -> State.OTHER;
        };
    }

    static Map<String, Optional<BigDecimal>> limits(JsonNode limits) {
        Map<String, Optional<BigDecimal>> parsed = new TreeMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> it = limits.fields(); it.hasNext();) {
            Map.Entry<String, JsonNode> limit = it.next();
            parsed.put(limit.getKey(), number(limit.getValue()));
        }
        return parsed;
    }

    private static Optional<BigDecimal> number(JsonNode value) {
        try {
            return value.isNumber() || value.isTextual() ? Optional.of(new BigDecimal(value.asText().strip())) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
