package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.waldur.Uuid;

/**
 * What a customer has bought, with all that decides who may compute there, see {@code GET marketplace-provider-resources/}.
 *
 * @param paused, downscaled, restricted flags of Waldur; empty: this server does not say it, so nothing follows
 * @param lastSync when an agent has last looked at it, as Waldur writes it; empty: this server does not keep that
 * @param metadata {@code backend_metadata}, what an agent has told Waldur of the account
 * @param options  {@code offering_plugin_options}
 */
public record Allocation(Resource resource, Owner project, Owner customer, Optional<Boolean> paused, Optional<Boolean> downscaled, Optional<Boolean> restricted,
        Optional<String> lastSync, JsonNode metadata, JsonNode options) {

    /** The fields to ask Waldur for: what {@link #of} reads. */
    public static final String FIELDS = Resource.FIELDS + ",project_uuid,project_slug,project_name,customer_uuid,customer_slug,customer_name,paused,downscaled,"
            + "restrict_member_access,last_sync,backend_metadata";

    /** A project or a customer. @param uuid 32 hex digits; empty if Waldur does not say it */
    public record Owner(String uuid, String slug, String name) {
        private static Owner of(JsonNode row, String whose) {
            return new Owner(Uuid.optional(row.path(whose + "_uuid").asText("")).orElse(""), text(row, whose + "_slug"), text(row, whose + "_name"));
        }
    }

    /** Throws {@link IllegalArgumentException} for a row without uuid. */
    public static Allocation of(JsonNode row) {
        return new Allocation(Resource.of(row), Owner.of(row, "project"), Owner.of(row, "customer"), flag(row, "paused"), flag(row, "downscaled"),
                flag(row, "restrict_member_access"), row.has("last_sync") ? Optional.of(row.path("last_sync").asText("")) : Optional.empty(), row.path("backend_metadata"), row.path("offering_plugin_options"));
    }

    private static Optional<Boolean> flag(JsonNode row, String name) {
        return row.path(name).isBoolean() ? Optional.of(row.path(name).booleanValue()) : Optional.empty();
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).isTextual() ? row.path(field).textValue() : "";
    }

    public String uuid() {
        return resource.uuid();
    }

    /** The same with this account. */
    Allocation at(String account) {
        return new Allocation(resource.at(account), project, customer, paused, downscaled, restricted, lastSync, metadata, options);
    }

    /** What has one team: a project, or the allocation alone if Waldur does not say its project. */
    String team() {
        return project.uuid().isEmpty() ? uuid() : project.uuid();
    }

    /** For the route {@code name-accounts}. */
    public String projectSlug() {
        return project.slug();
    }

    /** For the route {@code name-accounts}. */
    public String customerSlug() {
        return customer.slug();
    }

    /** Whether it is in a state that nobody else is working on. */
    public boolean isSettled() {
        return resource.state().equals("OK") || resource.state().equals("Erred");
    }
}
