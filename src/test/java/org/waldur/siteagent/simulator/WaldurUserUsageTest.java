package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a simulated Waldur does with the usage of persons. */
class WaldurUserUsageTest {
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private List<String> usages() {
        return site.waldur.usages();
    }

    private int one(String usage, String body) throws Exception {
        return site.post("marketplace-component-usages/" + usage + "/set_user_usage/", body).statusCode();
    }

    @Test
    void allPersonsOfARowComeInOneCallOrNone() throws Exception {
        site = UsageSite.today();
        site.report(site.a, "cpu=12.34");
        String usage = site.usageOf(site.a, "cpu");
        assertThat(site.reportUsers(usage, "alice=1.50 bob=2").statusCode()).isEqualTo(201);
        assertThat(site.reportUsers(usage, "alice=3.00").statusCode()).isEqualTo(201);
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 12.34", "hpc_a 2026-11 cpu alice 3.00", "hpc_a 2026-11 cpu bob 2.00");
        assertThat(site.waldur.breaches()).isEmpty();

        var reply = site.reportUsers(usage, "alice=9.00 bob=1.005");
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"usages\":[{},{\"usage\":[\"Ensure that there are no more than 2 decimal places.\"]}]}");
        assertThat(usages()).contains("hpc_a 2026-11 cpu alice 3.00");
        assertThat(site.post("marketplace-component-usages/" + usage + "/set_user_usages/", "{\"usages\": []}").statusCode()).isEqualTo(400);
        assertThat(site.reportUsers("00000000000000000000000000000000", "alice=1").body()).isEqualTo("{\"detail\":\"No ComponentUsage matches the given query.\"}");
    }

    @Test
    void aTotalOfZeroTakesOverTheSumOfItsPersons() throws Exception {
        site = UsageSite.today();
        site.report(site.a, "cpu=0 mem=7");
        site.reportUsers(site.usageOf(site.a, "cpu"), "alice=1.50 bob=2");
        site.reportUsers(site.usageOf(site.a, "mem"), "alice=9.00");
        assertThat(usages()).contains("hpc_a 2026-11 cpu 3.50", "hpc_a 2026-11 mem 7.00");
        site.reportUsers(site.usageOf(site.a, "cpu"), "alice=5.00");
        assertThat(usages()).contains("hpc_a 2026-11 cpu 3.50");
    }

    @Test
    void aDateBooksOnTheRowOfItsMonth() throws Exception {
        site = UsageSite.today();
        site.report(site.a, "storage=5 cpu=5");
        String body = "{\"username\": \"alice\", \"usage\": \"2.00\", \"date\": \"2026-10-15T12:00:00Z\"}";
        assertThat(one(site.usageOf(site.a, "storage"), body)).isEqualTo(201);
        assertThat(usages()).contains("hpc_a 2026-10 storage 0.00", "hpc_a 2026-10 storage alice 2.00").doesNotContain("hpc_a 2026-11 storage alice 2.00");
        assertThat(one(site.usageOf(site.a, "cpu"), body)).isEqualTo(400);
        assertThat(one(site.usageOf(site.a, "cpu"), body.replace("2026-10", "2026-12"))).isEqualTo(400);
        site.asStaff();
        assertThat(one(site.usageOf(site.a, "cpu"), body)).isEqualTo(201);
        assertThat(usages()).contains("hpc_a 2026-10 cpu alice 2.00");
    }

    @Test
    void waldur7KnowsOnePersonAtATime() throws Exception {
        site = UsageSite.old();
        site.waldur.join(site.offering, "proj-1", "alice");
        site.report(site.a, "cpu=0");
        String usage = site.usageOf(site.a, "cpu");
        assertThat(site.reportUsers(usage, "alice=1").body()).startsWith("<!doctype html>");
        assertThat(one(usage, "{\"username\": \"alice\", \"usage\": \"1.50\", \"date\": \"2026-10-15T12:00:00Z\"}")).isEqualTo(201);
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 0.00", "hpc_a 2026-11 cpu alice 1.50");
        assertThat(one(usage, "{\"username\": \"alice\"}")).isEqualTo(500);
        assertThat(one(usage, "{\"username\": \"" + "x".repeat(101) + "\", \"usage\": \"1\"}")).isEqualTo(400);
        assertThat(one(usage, "{\"username\": \"bob\", \"usage\": \"1\", \"user\": \"http://localhost/api/nope/\"}")).isEqualTo(400);

        String user = site.rows("marketplace-offering-users/").get(0).get("url").asText();
        assertThat(one(usage, "{\"username\": \"bob\", \"usage\": \"1\", \"user\": \"" + user + "\"}")).isEqualTo(201);
        assertThat(one(usage, "{\"username\": \"alice\", \"usage\": \"1\", \"user\": \"" + user + "\"}")).isEqualTo(201);
        assertThat(site.rows("marketplace-component-user-usages/").findValuesAsText("user")).as("attached to a new row only").containsExactly("null", user);
    }
}
