package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of an offering user in a simulated Waldur. */
class WaldurOfferingUsersTest {
    private static final String LIST = "marketplace-offering-users/";
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private int act(String person, String action) throws Exception {
        return act(person, action, "").statusCode();
    }

    private HttpResponse<String> act(String person, String action, String body) throws Exception {
        return site.post(LIST + site.waldur.offeringUser(person).get("uuid") + "/" + action + "/", body);
    }

    private HttpResponse<String> patch(String person, String body) throws Exception {
        return site.send("PATCH", LIST + site.waldur.offeringUser(person).get("uuid") + "/", body, site.waldur.token());
    }

    private Object state(String person) {
        return site.waldur.offeringUser(person).get("state");
    }

    @Test
    void whoIsNewIsRequestedAndBecomesOkByHisName() throws Exception {
        site = UsageSite.today();
        site.waldur.joinRequested(site.offering, "proj-1", "Alice");
        assertThat(site.waldur.offeringUser("Alice")).containsEntry("state", "Requested").containsEntry("username", "");
        assertThat(act("Alice", "begin_creating")).isEqualTo(200);
        assertThat(state("Alice")).isEqualTo("Creating");
        assertThat(patch("Alice", "{\"username\": \" alice \"}").body()).contains("\"username\":\"alice\"", "\"state\":\"OK\"");
        assertThat(site.waldur.offeringUser("alice")).isEqualTo(site.waldur.offeringUser("Alice")).containsEntry("state", "OK");
        assertThat(site.rows(LIST + site.waldur.offeringUser("alice").get("uuid") + "/?field=username").toString()).isEqualTo("{\"username\":\"alice\"}");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void aNameThatHeHasAlreadyDoesNotMakeHimOk() throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.offeringUserState("alice", "Error creating");
        assertThat(patch("alice", "{\"username\": \"alice\"}").statusCode()).isEqualTo(200);
        assertThat(state("alice")).isEqualTo("Error creating");
        assertThat(patch("alice", "{\"username\": \"\"}").statusCode()).isEqualTo(200);
        assertThat(state("alice")).isEqualTo("Error creating");
        assertThat(patch("alice", "{\"username\": \"" + "x".repeat(101) + "\"}").body())
                .isEqualTo("{\"username\":[\"Ensure this field has no more than 100 characters.\"]}");
        assertThat(act("alice", "set_ok")).isEqualTo(200);
        assertThat(state("alice")).isEqualTo("OK");
    }

    @ParameterizedTest
    @CsvSource({
        "begin_creating, Creating, Requested+Error creating",
        "set_ok, OK, Requested+Creating+Pending account linking+Pending additional validation+Error creating+Error deleting+Requested deletion+Deleting",
        "set_pending_account_linking, Pending account linking, Creating+Error creating+Pending additional validation",
        "set_pending_additional_validation, Pending additional validation, Creating+Error creating+Pending account linking",
        "set_validation_complete, OK, Pending account linking+Pending additional validation",
        "set_error_creating, Error creating, Requested+Creating+Pending account linking+Pending additional validation",
        "request_deletion, Requested deletion, OK+Creating+Pending account linking+Pending additional validation+Error creating",
        "set_deleting, Deleting, Requested deletion+Error deleting",
        "set_deleted, Deleted, Deleting+Requested",
        "set_error_deleting, Error deleting, Requested deletion+Deleting"})
    void aStepHasItsStatesAndEveryOtherIsAConflict(String action, String to, String from) throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        for (String state : OfferingUserStep.STATES) {
            site.waldur.offeringUserState("alice", state);
            boolean may = List.of(from.split("\\+")).contains(state);
            assertThat(act("alice", action)).as(state).isEqualTo(may ? 200 : 409);
            assertThat(state("alice")).isEqualTo(may ? to : state);
        }
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void whatIsAskedOfAPersonStandsThereUntilHeHasDoneIt() throws Exception {
        site = UsageSite.today();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.waldur.offeringUserState("alice", "Creating");
        assertThat(act("alice", "set_pending_account_linking", "{\"comment\": \"Link it\", \"comment_url\": \"here\"}").body())
                .isEqualTo("{\"comment_url\":[\"Enter a valid URL.\"]}");
        assertThat(state("alice")).isEqualTo("Creating");
        act("alice", "set_pending_account_linking", "{\"comment\": \"Link it\", \"comment_url\": \"https://example.org/link\"}");
        assertThat(site.waldur.offeringUser("alice")).containsEntry("service_provider_comment", "Link it")
                .containsEntry("service_provider_comment_url", "https://example.org/link");
        act("alice", "set_validation_complete");
        assertThat(site.waldur.offeringUser("alice")).containsEntry("service_provider_comment", "").containsEntry("service_provider_comment_url", "");
    }

    @Test
    void filtersAndOrders() throws Exception {
        site = UsageSite.today();
        String other = site.waldur.addOffering("other", "");
        site.waldur.join(site.offering, "proj-1", "zoe");
        site.waldur.join(site.offering, "proj-1", "bob");
        site.waldur.now(Instant.parse("2026-11-23T12:00:00Z"));
        site.waldur.joinRequested(site.offering, "proj-1", "carl");
        site.waldur.join(other, "proj-1", "zoe");
        assertThat(act("bob", "update_restricted", "{\"is_restricted\": true}").statusCode()).isEqualTo(200);
        assertThat(act("bob", "update_restricted", "{}").body()).isEqualTo("{\"is_restricted\":[\"This field is required.\"]}");
        String here = LIST + "?offering_uuid=" + site.offering;
        assertThat(site.column(here, "username")).as("usernames order the list").containsExactly("", "bob", "zoe");
        assertThat(site.column(here + "&o=created", "username")).containsExactly("zoe", "bob", "");
        assertThat(site.column(here + "&o=-created", "username")).containsExactly("", "bob", "zoe");
        assertThat(site.column(LIST + "?is_restricted=true", "username")).containsExactly("bob");
        assertThat(site.column(here + "&is_restricted=false&state=OK", "username")).containsExactly("zoe");
        assertThat(site.column(here + "&state=OK&state=Requested", "username")).hasSize(3);
        assertThat(site.column(LIST + "?user_uuid=" + site.waldur.offeringUser("zoe").get("user_uuid"), "offering_uuid")).containsExactlyInAnyOrder(site.offering, other);
        assertThat(site.column(LIST + "?offering_uuid=" + site.offering + "," + other, "username")).hasSize(4);
        assertThat(site.column(here + "&modified=2026-11-23T11:00:00Z", "username")).containsExactly("", "bob");
        assertThat(site.column(here + "&modified=2026-11-23T11:00:00Z&field=username&field=state", "state")).containsExactly("Requested", "OK");
        assertThat(site.get(LIST + "?state=NoSuch").statusCode()).isEqualTo(400);
        assertThat(site.get(LIST + "0123456789abcdef0123456789abcdef/").body()).isEqualTo("{\"detail\":\"No OfferingUser matches the given query.\"}");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void waldur7HasUsernamesAndNoStates() throws Exception {
        site = UsageSite.old();
        site.waldur.joinRequested(site.offering, "proj-1", "Alice");
        assertThat(site.waldur.offeringUser("Alice")).containsEntry("username", "").doesNotContainKeys("state", "service_provider_comment");
        assertThat(patch("Alice", "{\"username\": \"alice\"}").statusCode()).isEqualTo(200);
        assertThat(site.waldur.offeringUser("Alice")).containsEntry("username", "alice").doesNotContainKey("state");
        assertThat(act("alice", "begin_creating", "{}").body()).startsWith("<!doctype html>");
        assertThat(act("alice", "update_restricted", "{\"is_restricted\": true}").statusCode()).isEqualTo(200);
        assertThat(site.column(LIST + "?is_restricted=true&state=Requested", "username")).as("state is not looked at").containsExactly("alice");
        String one = LIST + site.waldur.offeringUser("alice").get("uuid") + "/";
        assertThat(site.send("PUT", one, "{\"username\": \"al\"}", site.waldur.token()).body())
                .isEqualTo("{\"user\":[\"This field is required.\"],\"offering\":[\"This field is required.\"]}");
        assertThat(patch("alice", "{\"username\": null}").body()).contains("\"username\":null");
        assertThat(site.waldur.breaches()).isEmpty();
    }
}
