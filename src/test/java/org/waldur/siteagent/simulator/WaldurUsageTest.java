package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a simulated Waldur does with usage that is reported to it. */
class WaldurUsageTest {
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private UsageSite site(String dialect) throws Exception {
        site = dialect.equals("V7") ? UsageSite.old() : UsageSite.today();
        return site;
    }

    private List<String> usages() {
        return site.waldur.usages();
    }

    private static void accepted(HttpResponse<String> reply) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        assertThat(reply.body()).isEmpty();
    }

    private static void refused(HttpResponse<String> reply, String body) {
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"V7", "V8"})
    void aReportIsTheTotalOfTheMonthAndTheNextOneReplacesIt(String dialect) throws Exception {
        site(dialect);
        accepted(site.report(site.a, "cpu=12.34 mem=5"));
        accepted(site.report(site.a, "cpu=12.34 mem=5"));
        accepted(site.report(site.b, "cpu=1"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 12.34", "hpc_a 2026-11 mem 5.00", "hpc_b 2026-11 cpu 1.00");
        String row = site.usageOf(site.a, "cpu");
        accepted(site.report(site.a, "cpu=2.00"));
        accepted(site.report(site.a, "cpu=1 cpu=3"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 3.00", "hpc_a 2026-11 mem 5.00", "hpc_b 2026-11 cpu 1.00");
        assertThat(site.usageOf(site.a, "cpu")).isEqualTo(row);
        site.waldur.now(Instant.parse("2026-12-01T00:00:00Z"));
        accepted(site.report(site.a, "cpu=0.00"));
        assertThat(usages()).contains("hpc_a 2026-11 cpu 3.00", "hpc_a 2026-12 cpu 0.00");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void currentUsagesAreWhatCameLastOnWaldur7AndOfEachComponentToday() throws Exception {
        site("V7");
        site.report(site.a, "cpu=12.34 mem=5");
        site.report(site.a, "cpu=2");
        assertThat(site.waldur.resource(site.a)).containsEntry("current_usages", Map.of("cpu", "2.00"));
        site.close();
        site("V8");
        site.report(site.a, "cpu=12.34 mem=5");
        site.report(site.a, "cpu=2");
        assertThat(site.rows("marketplace-provider-resources/" + site.uuid(site.a) + "/").get("current_usages")).hasToString("{\"cpu\":2.0,\"mem\":5.0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "cpu=1.234; {\"usages\":[{\"amount\":[\"Ensure that there are no more than 2 decimal places.\"]}]}",
        "cpu=1 mem=x; {\"usages\":[{},{\"amount\":[\"A valid number is required.\"]}]}",
        "cpu=1111111111111111111; {\"usages\":[{\"amount\":[\"Ensure that there are no more than 18 digits before the decimal point.\"]}]}",
        "cpu=1e30; {\"usages\":[{\"amount\":[\"Ensure that there are no more than 20 digits in total.\"]}]}",
        "cpu=1 seat=1 nope=1; {\"non_field_errors\":[\"These components are invalid: nope, seat.\"]}"})
    void aReportIsRefusedAsAWhole(String amounts, String body) throws Exception {
        site("V8");
        refused(site.report(site.a, amounts), body);
        assertThat(usages()).isEmpty();
    }

    @Test
    void aReportNamesAResourceAndComponentsThatAreThere() throws Exception {
        site("V8");
        refused(site.post("marketplace-component-usages/set_usage/", "{\"usages\": []}"), "{\"non_field_errors\":[\"Either plan_period or resource should be provided.\"]}");
        refused(site.post("marketplace-component-usages/set_usage/", "{\"resource\": \"nonsense\", \"usages\": [{\"type\": \"cpu\"}]}"),
                "{\"resource\":[\"Object with uuid=nonsense does not exist.\"],\"usages\":[{\"amount\":[\"This field is required.\"]}]}");
        refused(site.post("marketplace-component-usages/set_usage/", "{\"resource\": \"" + site.uuid(site.a) + "\"}"), "{\"usages\":[\"This field is required.\"]}");
        String empty = site.waldur.addOffering("without components", "");
        String order = site.waldur.create(empty, "c", "proj-1", "cust", Map.of());
        site.done(order);
        refused(site.report(order, "cpu=1"), "{\"non_field_errors\":[\"These components are invalid: cpu.\"]}");
        accepted(site.post("marketplace-component-usages/set_usage/", "{\"resource\": \"" + site.uuid(site.a) + "\", \"usages\": []}"));
    }

    @ParameterizedTest
    @CsvSource({"Creating, 400", "OK, 201", "Erred, 400", "Updating, 201", "Terminating, 201", "Terminated, 400"})
    void theStateOfTheResourceSaysWhetherItsUsageIsTaken(String state, int code) throws Exception {
        site("V8");
        site.waldur.spoilResource(site.a, "state", state);
        HttpResponse<String> reply = site.report(site.a, "cpu=1");
        assertThat(reply.statusCode()).isEqualTo(code);
        assertThat(reply.body()).isEqualTo(code == 201 ? "" : "{\"resource\":[\"Resource is not in valid state.\"]}");
    }

    @Test
    void numbersAreTakenAsByARealOneButOurContractWantsTexts() throws Exception {
        site("V8");
        accepted(site.post("marketplace-component-usages/set_usage/", "{\"resource\": \"" + site.uuid(site.a) + "\", \"usages\": [{\"type\": \"cpu\", \"amount\": 5.5}]}"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 5.50");
        assertThat(site.waldur.breaches()).singleElement().asString().contains("set_usage", "refuses", "amount");
    }

    @Test
    void waldur7BooksEveryDateIntoItsCurrentMonth() throws Exception {
        site("V7");
        accepted(site.report(site.a, "cpu=1", "2026-10-15T12:00:00Z"));
        accepted(site.report(site.a, "cpu=2", "nonsense"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 2.00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "owner; cpu=1; 2026-10-15T12:00:00Z; BACKFILL", "owner; storage=1 cpu=1; 2026-10-15T12:00:00Z; BACKFILL",
        "owner; storage=1; 2026-10-15T12:00:00Z; hpc_a 2026-10 storage 1.00", "owner; gpu=1; 2026-10-15T12:00:00Z; hpc_a 2026-10 gpu 1.00",
        "owner; cpu=1; 2026-11-01T00:00:00Z; hpc_a 2026-11 cpu 1.00", "staff; cpu=1; 2025-01-15T12:00:00+02:00; hpc_a 2025-01 cpu 1.00",
        "staff; cpu=1; 2026-11-30T00:00:00Z; FUTURE", "owner; storage=1; 2027-01-01T00:00:00Z; FUTURE",
        "staff; cpu=1; 2026-10-15T12:00:00; hpc_a 2026-10 cpu 1.00"})
    void todaysWaldurBooksOnTheDateIfTheCallerMay(String caller, String amounts, String date, String expected) throws Exception {
        site("V8");
        HttpResponse<String> reply = (caller.equals("staff") ? site.asStaff() : site).report(site.a, amounts, date);
        switch (expected) {
            case "BACKFILL" -> refused(reply, "{\"date\":[\"Service providers can only specify date for limit-based or prepaid billing components when backfilling"
                    + " past billing periods.\"]}");
            case "FUTURE" -> refused(reply, "{\"date\":[\"Cannot submit usage for future dates.\"]}");
            default -> {
                accepted(reply);
                assertThat(usages()).containsExactly(expected);
            }
        }
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void aBrokenDateIsRefused() throws Exception {
        site("V8");
        assertThat(site.report(site.a, "cpu=1", "yesterday").body()).startsWith("{\"date\":[\"Datetime has wrong format.");
    }

    @Test
    void theMonthIsThatOfTheServersZoneAndOfUtcOnWaldur7() throws Exception {
        Instant newYear = Instant.parse("2026-12-31T22:30:00Z");
        site("V8").waldur.zone(ZoneId.of("Europe/Tallinn")).now(newYear);
        accepted(site.report(site.a, "cpu=1"));
        assertThat(usages()).containsExactly("hpc_a 2027-01 cpu 1.00");
        // the first of the month in Tallinn, sent from the west of it
        accepted(site.asStaff().report(site.a, "cpu=2", "2026-11-30T23:00:00Z"));
        assertThat(usages()).containsExactly("hpc_a 2026-12 cpu 2.00", "hpc_a 2027-01 cpu 1.00");
        site.close();
        site("V7").waldur.zone(ZoneId.of("Europe/Tallinn")).now(newYear);
        accepted(site.report(site.a, "cpu=1"));
        assertThat(usages()).containsExactly("hpc_a 2026-12 cpu 1.00");
    }

    @Test
    void aLimitAmountStopsWaldur7HalfWay() throws Exception {
        site("V7").component("month", "usage", Map.of("limit_period", "month", "limit_amount", 100));
        site.component("total", "usage", Map.of("limit_period", "total", "limit_amount", 100));
        site.component("year", "usage", Map.of("limit_period", "annual", "limit_amount", 100));
        site.component("disk", "limit", Map.of("limit_period", "total", "limit_amount", 1));
        accepted(site.report(site.a, "month=60 total=60 year=60 disk=60"));
        accepted(site.report(site.a, "month=60 disk=60"));
        refused(site.report(site.a, "total=60"), "[\"Total amount exceeds limit. Total amount: 120.00, limit: 100.\"]");
        refused(site.report(site.a, "cpu=7 month=101 mem=8"), "[\"Total amount exceeds limit. Total amount: 101.00, limit: 100.\"]");
        assertThat(usages()).contains("hpc_a 2026-11 cpu 7.00", "hpc_a 2026-11 month 60.00").noneMatch(line -> line.contains(" mem "));
        assertThat(site.waldur.resource(site.a)).containsEntry("current_usages", Map.of("month", "60.00", "disk", "60.00"));
        site.waldur.now(Instant.parse("2027-01-10T00:00:00Z"));
        accepted(site.report(site.a, "year=60"));
        refused(site.report(site.a, "total=60"), "[\"Total amount exceeds limit. Total amount: 120.00, limit: 100.\"]");
    }

    @Test
    void todaysWaldurDoesNotLookAtALimitAmount() throws Exception {
        site("V8").component("month", "usage", Map.of("limit_period", "month", "limit_amount", 100));
        accepted(site.report(site.a, "month=101"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"V7", "V8"})
    void aSwitchOfPlansMakesASecondRowOfTheMonth(String dialect) throws Exception {
        site(dialect);
        site.report(site.a, "cpu=10");
        String order = site.waldur.switchPlan(site.a);
        site.post("marketplace-orders/" + order + "/approve_by_provider/", "{}");
        site.waldur.work();
        site.post("marketplace-orders/" + order + "/set_state_done/", "");
        accepted(site.report(site.a, "cpu=12"));
        accepted(site.report(site.a, "cpu=13"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 10.00", "hpc_a 2026-11 cpu 13.00");
        var periods = site.rows("marketplace-provider-resources/" + site.uuid(site.a) + "/plan_periods/");
        assertThat(periods.findValuesAsText("usage")).containsExactly("10.00", "13.00");
        assertThat(periods.get(0).get("end").isNull()).isFalse();
        assertThat(periods.get(1).get("end").isNull()).isTrue();
        accepted(site.post("marketplace-component-usages/set_usage/", "{\"plan_period\": \"" + periods.get(0).get("uuid").asText()
                + "\", \"usages\": [{\"type\": \"cpu\", \"amount\": \"9.00\"}]}"));
        assertThat(usages()).containsExactly("hpc_a 2026-11 cpu 13.00", "hpc_a 2026-11 cpu 9.00");
        site.waldur.now(Instant.parse("2026-12-01T00:00:00Z"));
        refused(site.post("marketplace-component-usages/set_usage/", "{\"plan_period\": \"" + periods.get(0).get("uuid").asText() + "\", \"usages\": []}"),
                "{\"plan_period\":[\"Billing period is closed.\"]}");
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void usageOfBeforeTheFirstPlanPeriodKeepsOneRow() throws Exception {
        site("V8").asStaff();
        accepted(site.report(site.a, "cpu=1", "2026-03-15T12:00:00Z"));
        accepted(site.report(site.a, "cpu=2", "2026-03-15T12:00:00Z"));
        assertThat(usages()).containsExactly("hpc_a 2026-03 cpu 2.00");
    }

    @Test
    void limitsAreSetByTheirOwnCallOfEachDialect() throws Exception {
        site("V8");
        String path = "marketplace-provider-resources/" + site.uuid(site.a) + "/set_limits/";
        assertThat(site.post(path, "{\"limits\": {\"cpu\": 20.5}}").statusCode()).isEqualTo(200);
        assertThat(site.waldur.resource(site.a)).containsEntry("limits", Map.of("cpu", 20.5));
        assertThat(site.post("marketplace-slurm-remote/" + site.uuid(site.a) + "/set_limits/", "{\"cpu\": 5}").statusCode()).isEqualTo(404);
        assertThat(site.waldur.breaches()).isEmpty();
        site.close();
        site("V7");
        assertThat(site.post("marketplace-slurm-remote/" + site.uuid(site.a) + "/set_limits/", "{\"cpu\": 5}").body())
                .isEqualTo("{\"status\":\"Limits are successfully set.\"}");
        assertThat(site.waldur.resource(site.a)).containsEntry("limits", Map.of("cpu", 5));
        assertThat(site.post("marketplace-provider-resources/" + site.uuid(site.a) + "/set_limits/", "{\"limits\": {\"cpu\": 1}}").statusCode()).isEqualTo(404);
        assertThat(site.waldur.breaches()).isEmpty();
    }
}
