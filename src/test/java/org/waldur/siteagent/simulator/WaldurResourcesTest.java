package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a simulated Waldur shows of resources, and what an agent may do with them. */
class WaldurResourcesTest {
    private static final String LIST = "marketplace-provider-resources/";
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private JsonNode row(String order) throws Exception {
        return site.rows(LIST + site.uuid(order) + "/");
    }

    private HttpResponse<String> act(String order, String action, String body) throws Exception {
        return site.post(LIST + site.uuid(order) + "/" + action + "/", body);
    }

    @Test
    void aResourceShowsItsProjectItsCustomerAndItsFlags() throws Exception {
        site = UsageSite.today();
        site.waldur.setFlag(site.a, "paused", true);
        site.waldur.setFlag(site.b, "restrict_member_access", true);
        site.waldur.pluginOption(site.offering, "enforce_qos", "slow");
        JsonNode row = row(site.a);
        assertThat(row.get("paused").asBoolean()).isTrue();
        assertThat(row.get("downscaled").asBoolean()).isFalse();
        assertThat(row.get("backend_metadata").toString()).isEqualTo("{}");
        assertThat(row.get("offering_plugin_options").toString()).isEqualTo("{\"enforce_qos\":\"slow\"}");
        assertThat(site.rows("marketplace-provider-offerings/" + site.offering + "/?field=plugin_options").toString())
                .isEqualTo("{\"plugin_options\":{\"enforce_qos\":\"slow\"}}");
        assertThat(row.get("project_name").asText()).isEqualTo("Project proj-1");
        assertThat(row.fieldNames()).toIterable().contains("project_uuid", "project_description", "customer_uuid", "customer_slug", "customer_name",
                "attributes", "last_sync", "error_message", "error_traceback", "end_date", "project_end_date");
        assertThat(site.column(LIST + "?paused=true", "backend_id")).containsExactly("hpc_a");
        assertThat(site.column(LIST + "?restrict_member_access=false&field=backend_id", "backend_id")).containsExactly("hpc_a");
        assertThat(site.column(LIST + "?backend_id=hpc_b&project_uuid=" + row.get("project_uuid").asText(), "backend_id")).containsExactly("hpc_b");
        assertThat(site.column(LIST + "?o=-created&field=backend_id", "backend_id")).containsExactly("hpc_b", "hpc_a");
        site.waldur.pluginOption(site.offering, "enforce_qos", null);
        assertThat(row(site.a).get("offering_plugin_options")).isEmpty();
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void aFilterThatIsNotPlayedIsTold() throws Exception {
        site = UsageSite.today();
        assertThat(site.rows(LIST + "?modified=2030-01-01T00:00:00Z")).hasSize(2);
        assertThat(site.waldur.breaches()).containsExactly("GET " + LIST + " is sent modified, which the simulator does not play");
    }

    @Test
    void aProjectThatMovesTakesItsResourcesAlong() throws Exception {
        site = UsageSite.today();
        String stays = site.waldur.create(site.offering, "s", "proj-2", "cust", Map.of());
        String project = row(site.a).get("project_uuid").asText();
        site.waldur.moveProject("proj-1", "other");
        for (String order : List.of(site.a, site.b)) {
            assertThat(row(order).get("customer_slug").asText()).isEqualTo("other");
            assertThat(row(order).get("project_uuid").asText()).isEqualTo(project);
            assertThat(site.waldur.order(order)).containsEntry("customer_slug", "other");
        }
        assertThat(row(site.a).get("customer_uuid")).isNotEqualTo(row(stays).get("customer_uuid"));
        assertThat(row(stays).get("customer_slug").asText()).isEqualTo("cust");
    }

    @Test
    void anErrorIsSetAndCleared() throws Exception {
        site = UsageSite.today();
        assertThat(act(site.a, "set_as_erred", "{\"error_message\": \"no account\", \"error_traceback\": \"at 1\"}").body()).isEmpty();
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "Erred").containsEntry("error_message", "no account").containsEntry("error_traceback", "at 1");
        assertThat(act(site.a, "set_as_ok", "").statusCode()).isEqualTo(200);
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "OK").containsEntry("error_message", "").containsEntry("error_traceback", "");
        assertThat(act(site.a, "set_as_ok", "").statusCode()).as("once more").isEqualTo(200);
        site.waldur.setState(site.a, "Erred");
        assertThat(act(site.a, "set_state_ok", "").body()).startsWith("{\"status\":");
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "OK");
        assertThat(act(site.a, "set_as_erred", "").statusCode()).isEqualTo(200);
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "Erred").containsEntry("error_message", "");
        site.waldur.setState(site.a, "Terminated");
        assertThat(act(site.a, "set_as_ok", "").statusCode()).isEqualTo(409);
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "Terminated");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void metadataAreReplacedAndTheLastSyncIsNow() throws Exception {
        site = UsageSite.today();
        String before = row(site.a).get("last_sync").asText();
        site.waldur.now(Instant.parse("2026-11-23T12:00:00Z"));
        assertThat(act(site.a, "refresh_last_sync", "").body()).isEmpty();
        assertThat(row(site.a).get("last_sync").asText()).startsWith("2026-11-23T12:00:00").isNotEqualTo(before);
        assertThat(row(site.b).get("last_sync").asText()).startsWith("2026-11-23T10:00:00");
        act(site.a, "set_backend_metadata", "{\"backend_metadata\": {\"old\": 1}}");
        assertThat(act(site.a, "set_backend_metadata", "{\"backend_metadata\": {\"new\": 2}}").body()).isEqualTo("{\"status\":\"The backend metadata is updated\"}");
        assertThat(row(site.a).get("backend_metadata").toString()).isEqualTo("{\"new\":2}");
        assertThat(act(site.a, "set_backend_metadata", "{}").statusCode()).isEqualTo(400);
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void flagsAreForAdministrators() throws Exception {
        site = UsageSite.today();
        assertThat(act(site.a, "set_paused", "{\"paused\": true}").statusCode()).isEqualTo(403);
        assertThat(site.waldur.resource(site.a)).containsEntry("paused", false);
        assertThat(site.asStaff().post(LIST + site.uuid(site.a) + "/set_paused/", "{\"paused\": true}").statusCode()).isEqualTo(200);
        assertThat(site.waldur.resource(site.a)).containsEntry("paused", true);
    }

    @Test
    void waldur7HasLessOfIt() throws Exception {
        site = UsageSite.old();
        site.waldur.setFlag(site.a, "downscaled", true);
        JsonNode row = row(site.a);
        assertThat(row.fieldNames()).toIterable().contains("project_name", "project_description", "customer_name", "backend_metadata", "restrict_member_access",
                "offering_plugin_options", "error_traceback").doesNotContain("project_slug", "customer_slug", "last_sync");
        assertThat(row.get("downscaled").asBoolean()).isTrue();
        for (String action : List.of("set_as_ok", "set_state_ok", "refresh_last_sync", "set_limits", "set_paused")) {
            assertThat(act(site.a, action, action.equals("set_limits") ? "{\"limits\": {}}" : "").body()).as(action).startsWith("<!doctype html>");
        }
        assertThat(act(site.a, "set_as_erred", "{\"error_message\": \"m\"}").statusCode()).isEqualTo(403);
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "OK");
        assertThat(act(site.a, "set_backend_metadata", "{\"backend_metadata\": {\"a\": 1}}").statusCode()).isEqualTo(200);
        assertThat(row(site.a).get("backend_metadata").toString()).isEqualTo("{\"a\":1}");
        site.asStaff();
        assertThat(act(site.a, "set_as_erred", "{\"error_message\": \"m\"}").statusCode()).isEqualTo(200);
        assertThat(site.waldur.resource(site.a)).containsEntry("state", "Erred").containsEntry("error_message", "");
    }
}
