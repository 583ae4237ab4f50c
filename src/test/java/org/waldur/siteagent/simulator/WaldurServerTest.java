package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What any client of a simulated Waldur sees of it: its clock, its version, and what it has. */
class WaldurServerTest {
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private String date(String path, String token) throws Exception {
        return site.send("GET", path, "", token).headers().firstValue("Date").orElse("none");
    }

    @Test
    void everyAnswerHasTheServersTime() throws Exception {
        site = UsageSite.today();
        site.waldur.now(Instant.parse("2026-11-01T00:00:09.999Z")).zone(ZoneId.of("Europe/Tallinn"));
        site.waldur.inject(WaldurFault.answer(request -> request.path().equals("version/"), 503, "busy"));
        String expected = "Sun, 01 Nov 2026 00:00:09 GMT";
        assertThat(List.of(date("marketplace-orders/", site.waldur.token()), date("marketplace-orders/", "wrong"), date("marketplace-orders", site.waldur.token()),
                date("no-such-list/", site.waldur.token()), date("version/", site.waldur.token()))).containsOnly(expected);
        site.waldur.now(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(date("marketplace-orders/", site.waldur.token())).isEqualTo("Tue, 01 Dec 2026 00:00:00 GMT");
    }

    @Test
    void theClockIsThatOfThisMachineAtFirst() throws Exception {
        try (WaldurSimulator waldur = WaldurSimulator.start()) {
            site = UsageSite.today();
            String order = waldur.create(waldur.addOffering("slurm", ""), "a", "p", "c", Map.of());
            Instant created = Instant.parse((String) waldur.resource(order).get("created"));
            assertThat(Duration.between(created, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void timesAreWrittenInTheServersZoneAndGoUp() throws Exception {
        site = UsageSite.today();
        site.waldur.zone(ZoneId.of("Europe/Tallinn")).now(Instant.parse("2026-07-31T21:30:00Z"));
        site.report(site.a, "cpu=1 mem=2");
        assertThat(site.column("marketplace-component-usages/", "date")).allMatch(date -> date.startsWith("2026-08-01T00:30:00") && date.endsWith("+03:00"));
        assertThat(site.column("marketplace-component-usages/", "billing_period")).containsOnly("2026-08-01");
        String first = (String) site.waldur.resource(site.waldur.create(site.offering, "c", "proj-1", "cust", Map.of())).get("created");
        String second = (String) site.waldur.resource(site.waldur.create(site.offering, "d", "proj-1", "cust", Map.of())).get("created");
        assertThat(ZonedDateTime.parse(first)).isBefore(ZonedDateTime.parse(second, DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }

    @Test
    void theVersionIsToldToEverybodyTodayAndToStaffOnWaldur7() throws Exception {
        site = UsageSite.today();
        assertThat(site.get("version/").body()).isEqualTo("{\"version\":\"8.1.2\"}");
        site.waldur.version("8.1.3");
        assertThat(site.get("version/").body()).isEqualTo("{\"version\":\"8.1.3\"}");
        assertThat(site.waldur.breaches()).isEmpty();
        site.close();
        site = UsageSite.old();
        assertThat(site.get("version/").statusCode()).isEqualTo(403);
        assertThat(site.asStaff().get("version/").body()).isEqualTo("{\"version\":\"7.0.7\"}");
    }

    @Test
    void theRootNamesWhatTheServerHas() throws Exception {
        site = UsageSite.today();
        assertThat(site.rows("").fieldNames()).toIterable().contains("marketplace-component-usages", "marketplace-component-user-usages", "personal-access-tokens",
                "event-consumers", "marketplace-site-agent-identities", "component-user-usage-limits").doesNotContain("marketplace-slurm-remote", "version");
        assertThat(site.rows("component-user-usage-limits/")).isEmpty();
        site.close();
        site = UsageSite.old();
        assertThat(site.rows("").fieldNames()).toIterable().contains("marketplace-component-usages", "marketplace-component-user-usages", "marketplace-slurm-remote")
                .doesNotContain("personal-access-tokens", "event-consumers", "marketplace-site-agent-identities", "component-user-usage-limits");
        assertThat(site.rows("").get("marketplace-orders").asText()).isEqualTo(site.waldur.apiUrl() + "marketplace-orders/");
        assertThat(site.get("component-user-usage-limits/").statusCode()).isEqualTo(404);
    }
}
