package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Teams in a simulated Waldur, and what comes and goes with them. */
class WaldurMembershipTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private JsonNode team(String order) throws Exception {
        return site.rows("marketplace-provider-resources/" + site.uuid(order) + "/team/");
    }

    private List<String> usernames(String order) throws Exception {
        return team(order).findValuesAsText("offering_user_username");
    }

    private HttpResponse<String> tell(String order, String statuses) throws Exception {
        return site.post("marketplace-provider-resources/" + site.uuid(order) + "/set_membership_sync_statuses/", "{\"statuses\": [" + statuses + "]}");
    }

    private static String status(String username, String state, String more) {
        return "{\"scope_type\": \"resource\", \"role_name\": \"PROJECT.MEMBER\", \"username\": \"" + username + "\", \"state\": \"" + state + "\"" + more + "}";
    }

    private String waldurName(String person) {
        return (String) site.waldur.offeringUser(person).get("user_username");
    }

    @Test
    void aTeamIsThatOfAProjectAndShowsEachOfferingItsOwnNames() throws Exception {
        site = UsageSite.today();
        String other = site.waldur.addOffering("other", "");
        String elsewhere = site.waldur.create(other, "e", "proj-1", "cust", Map.of());
        String second = site.waldur.create(site.offering, "s", "proj-2", "cust", Map.of());
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.joinRequested(site.offering, "proj-1", "Bob");
        site.waldur.join(site.offering, "proj-2", "alice");

        assertThat(usernames(site.a)).isEqualTo(usernames(site.b)).containsExactly("alice", "");
        assertThat(team(site.a).findValuesAsText("offering_user_state")).containsExactly("OK", "Requested");
        assertThat(team(site.a).findValuesAsText("role")).containsOnly("PROJECT.MEMBER");
        assertThat(team(site.a).get(0).get("expiration_time").isNull()).isTrue();
        assertThat(usernames(second)).containsExactly("alice");
        assertThat(usernames(elsewhere)).as("no offering user there").containsExactly("null", "null");
        site.waldur.join(other, "proj-1", "alice");
        assertThat(usernames(elsewhere)).containsExactly("alice", "null");
        assertThat(site.column("marketplace-offering-users/?offering_uuid=" + site.offering, "username")).containsExactlyInAnyOrder("alice", "");
        assertThat(site.column("marketplace-offering-users/?offering_uuid=" + other, "username")).containsExactly("alice");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void whoLeavesKeepsHisOfferingUserAndComesBackToIt() throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.joinRequested(site.offering, "proj-1", "Bob");
        site.send("PATCH", "marketplace-offering-users/" + site.waldur.offeringUser("Bob").get("uuid") + "/", "{\"username\": \"bob\"}", site.waldur.token());
        site.waldur.leave("proj-1", "alice");
        site.waldur.leave("proj-1", "bob");
        assertThat(usernames(site.a)).isEmpty();
        assertThat(site.waldur.offeringUser("alice")).containsEntry("state", "OK");
        assertThatThrownBy(() -> site.waldur.leave("proj-1", "alice")).hasMessage("alice is not on the team of proj-1");
        site.waldur.join(site.offering, "proj-1", "bob");
        site.waldur.joinRequested(site.offering, "proj-1", "alice");
        assertThat(usernames(site.a)).containsExactly("bob", "alice");
        assertThat(site.rows("marketplace-offering-users/")).hasSize(2);
    }

    @Test
    void whoHasLostHisLastResourceIsDeletedWhereTheOfferingWantsIt() throws Exception {
        site = UsageSite.today();
        site.waldur.pluginOption(site.offering, "offering_user_auto_deletion", true);
        site.waldur.create(site.offering, "s", "proj-2", "cust", Map.of());
        List.of("proj-1", "proj-2").forEach(project -> site.waldur.join(site.offering, project, "alice"));
        site.waldur.joinRequested(site.offering, "proj-1", "Bob");
        site.waldur.leave("proj-1", "alice");
        assertThat(site.waldur.offeringUser("alice")).as("another project has a resource").containsEntry("state", "OK");
        site.waldur.leave("proj-2", "alice");
        site.waldur.leave("proj-1", "Bob");
        assertThat(site.waldur.offeringUser("alice")).containsEntry("state", "Requested deletion");
        assertThat(site.waldur.offeringUser("Bob")).containsEntry("state", "Deleted");
        site.waldur.join(site.offering, "proj-1", "alice");
        assertThat(site.waldur.offeringUser("alice")).containsEntry("state", "OK");
        site.waldur.offeringUserState("alice", "Deleted");
        site.waldur.join(site.offering, "proj-1", "alice");
        assertThat(site.waldur.offeringUser("alice")).containsEntry("state", "Requested").containsEntry("username", "alice");
    }

    @Test
    void statusesAreToldAllAtOnceWhereTheOfferingWantsThem() throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.joinRequested(site.offering, "proj-1", "Bob");
        assertThat(tell(site.a, status(waldurName("alice"), "synced", "")).statusCode()).isEqualTo(409);
        assertThat(site.waldur.statuses(site.a)).isEmpty();

        site.waldur.pluginOption(site.offering, "enable_membership_sync_status", true);
        HttpResponse<String> reply = tell(site.a, status(waldurName("alice"), "pending", "") + "," + status("alice", "synced", "") + ","
                + status(waldurName("alice"), "synced", "") + "," + status(waldurName("Bob"), "error", ", \"message\": \"no such user\""));
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(reply.body())).as("one role is stored once, and a cluster's usernames are not known")
                .isEqualTo(JSON.readTree("{\"stored\": 2, \"skipped\": [\"alice\"]}"));
        assertThat(site.waldur.statuses(site.a)).containsExactly("Bob resource PROJECT.MEMBER error no such user", "alice resource PROJECT.MEMBER synced");
        assertThat(site.waldur.statuses(site.b)).isEmpty();

        assertThat(tell(site.a, status(waldurName("alice"), "gone", "")).body()).isEqualTo("{\"statuses\":[{\"state\":[\"\\\"gone\\\" is not a valid choice.\"]}]}");
        assertThat(tell(site.a, status(waldurName("alice"), "synced", "").replace("resource", "project")).statusCode()).isEqualTo(400);
        assertThat(tell(site.a, status(waldurName("alice"), "synced", "").replace("PROJECT.MEMBER", "r".repeat(151))).statusCode()).isEqualTo(400);
        assertThat(site.waldur.statuses(site.a)).hasSize(2);
        String user = (String) site.waldur.offeringUser("Bob").get("user_uuid");
        assertThat(tell(site.a, status("", "synced", "").replace("\"username\": \"\"", "\"user_uuid\": \"" + user + "\"")).statusCode()).isEqualTo(200);
        assertThat(site.waldur.statuses(site.a)).containsExactly("Bob resource PROJECT.MEMBER synced");
        tell(site.a, "");
        assertThat(site.waldur.statuses(site.a)).isEmpty();
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void accountsOfProjectsAreListedWhereTheProjectHasAResource() throws Exception {
        site = UsageSite.today();
        String other = site.waldur.addOffering("other", "");
        site.waldur.addServiceAccount(site.offering, "proj-1", "svc-1", "OK");
        site.waldur.addServiceAccount(site.offering, "proj-9", "svc-9", "OK");
        site.waldur.addServiceAccount(site.offering, "proj-1", "svc-2", "OK");
        site.waldur.addServiceAccount(site.offering, "proj-1", "svc-2", "Closed");
        site.waldur.addCourseAccount(site.offering, "proj-1", "course-1", "OK");
        site.waldur.addCourseAccount(site.offering, "proj-1", null, "Erred");
        String offering = "marketplace-provider-offerings/" + site.offering + "/";
        assertThat(site.column(offering + "list_project_service_accounts/", "username")).containsExactly("svc-1", "svc-2");
        assertThat(site.column(offering + "list_project_service_accounts/", "state")).containsExactly("OK", "Closed");
        assertThat(site.column(offering + "list_project_service_accounts/?page_size=1&page=2", "username")).containsExactly("svc-2");
        assertThat(site.column(offering + "list_course_accounts/", "project_uuid")).containsOnly((String) site.waldur.resource(site.a).get("project_uuid"));
        assertThat(site.column(offering + "list_course_accounts/", "username")).containsExactly("course-1", "null");
        assertThat(site.rows("marketplace-provider-offerings/" + other + "/list_course_accounts/")).isEmpty();
        assertThat(site.waldur.breaches()).isEmpty();

        List.of(site.a, site.b).forEach(order -> site.waldur.setState(order, "Terminated"));
        assertThat(site.rows(offering + "list_project_service_accounts/")).isEmpty();
    }

    @Test
    void personsMayHaveLimitsOfTheirOwn() throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.join(site.offering, "proj-1", "bob");
        site.waldur.userLimit(site.a, "alice", "cpu", 10);
        site.waldur.userLimit(site.a, "alice", "cpu", 12.5);
        site.waldur.userLimit(site.a, "bob", "mem", 3);
        site.waldur.userLimit(site.b, "bob", "mem", 4);
        String list = "component-user-usage-limits/";
        assertThat(site.column(list + "?resource_uuid=" + site.uuid(site.a), "limit")).containsExactly("12.50", "3.00");
        assertThat(site.column(list + "?resource=" + site.waldur.apiUrl() + "marketplace-resources/" + site.uuid(site.b) + "/", "limit")).containsExactly("4.00");
        assertThat(site.column(list + "?username=bob&component_type=mem&offering_uuid=" + site.offering, "limit")).containsExactly("3.00", "4.00");
        assertThat(site.rows(list + "?username=bob&component_type=cpu")).isEmpty();
        assertThat(site.rows(list + "?offering_uuid=" + site.uuid(site.a))).isEmpty();
        assertThat(site.rows(list).get(0).get("user").asText()).isEqualTo(site.waldur.offeringUser("alice").get("url"));
        site.waldur.userLimit(site.a, "alice", "cpu", null);
        assertThat(site.column(list + "?resource_uuid=" + site.uuid(site.a), "component_type")).containsExactly("mem");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void waldur7HasNoneOfIt() throws Exception {
        site = UsageSite.old();
        site.waldur.pluginOption(site.offering, "offering_user_auto_deletion", true);
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.leave("proj-1", "alice");
        assertThat(usernames(site.a)).isEmpty();
        site.waldur.join(site.offering, "proj-1", "alice");
        assertThat(usernames(site.a)).containsExactly("alice");
        assertThat(team(site.a).get(0).has("offering_user_state")).isFalse();
        assertThat(team(site.a).get(0).get("role").asText()).isEqualTo("member");
        site.waldur.pluginOption(site.offering, "enable_membership_sync_status", true);
        for (String path : List.of("marketplace-provider-offerings/" + site.offering + "/list_project_service_accounts/",
                "marketplace-provider-offerings/" + site.offering + "/list_course_accounts/", "component-user-usage-limits/")) {
            assertThat(site.get(path).body()).as(path).startsWith("<!doctype html>");
        }
        assertThat(tell(site.a, "").body()).startsWith("<!doctype html>");
    }
}
