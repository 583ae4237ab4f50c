package org.waldur.siteagent.order;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.waldur.Uuid;

/**
 * What a customer has bought, see {@code GET marketplace-provider-resources/}.
 *
 * @param backendId the account, in lower case; empty: none is known to Waldur yet
 * @param createdAt as the server writes it, in its own time zone
 * @param state     {@code Creating}, {@code OK}, {@code Erred}, {@code Updating}, {@code Terminating}, {@code Terminated}
 * @param namePolicy {@code account_name_generation_policy} of the offering's plugin options; empty: by resource
 * @param plan      uuid of the plan that it has; empty if Waldur does not say
 * @param limits    in Waldur's unit, see {@link Order#limits()}
 */
public record Resource(
        String uuid,
        String name,
        String slug,
        String state,
        String backendId,
        Optional<OffsetDateTime> createdAt,
        Optional<LocalDate> endDate,
        String namePolicy,
        Optional<String> plan,
        Map<String, Optional<BigDecimal>> limits) {

    /** The fields to ask Waldur for: what {@link #of} reads. */
    public static final String FIELDS = "uuid,name,slug,state,backend_id,created,end_date,offering_plugin_options,plan_uuid,limits";

    /** Throws {@link IllegalArgumentException} for a row without uuid. */
    public static Resource of(JsonNode row) {
        return new Resource(
                Uuid.hex(row.path("uuid").asText("")),
                row.path("name").asText(""),
                row.path("slug").asText(""),
                row.path("state").asText(""),
                row.path("backend_id").asText("").toLowerCase(Locale.ROOT),
                moment(row.path("created").asText("")),
                day(row.path("end_date").asText("")),
                row.path("offering_plugin_options").path("account_name_generation_policy").asText(""),
                Uuid.optional(row.path("plan_uuid").asText("")),
                Order.limits(row.path("limits")));
    }

    /** The same in another state. */
    public Resource in(String changed) {
        return new Resource(uuid, name, slug, changed, backendId, createdAt, endDate, namePolicy, plan, limits);
    }

    /** The same with this account. */
    public Resource at(String account) {
        return new Resource(uuid, name, slug, state, account, createdAt, endDate, namePolicy, plan, limits);
    }

    /** The day in the server's time zone. */
    public Optional<LocalDate> created() {
        return createdAt.map(OffsetDateTime::toLocalDate);
    }

    /** A moment as Waldur writes it; empty for anything else. */
    public static Optional<OffsetDateTime> moment(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(OffsetDateTime.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return text.isBlank() || text.equals("null") ? Optional.empty()
                    : Optional.of(text.contains("T") ? OffsetDateTime.parse(text).toLocalDate() : LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
