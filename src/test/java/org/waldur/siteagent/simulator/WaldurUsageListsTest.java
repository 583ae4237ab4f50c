package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a simulated Waldur shows the usage that it has. */
class WaldurUsageListsTest {
    private static final String USAGES = "marketplace-component-usages/";
    private static final String USERS = "marketplace-component-user-usages/";
    private UsageSite site;

    @AfterEach
    void close() {
        site.close();
    }

    private UsageSite filled(UsageSite empty) {
        site = empty;
        site.waldur.putUsage(site.a, "2026-10", "cpu", "3.00");
        site.waldur.putUsage(site.a, "2026-11", "cpu", "1.00");
        site.waldur.putUsage(site.a, "2026-11", "mem", "2.00");
        site.waldur.putUsage(site.b, "2025-11", "cpu", "4.00");
        site.waldur.putUserUsage(site.a, "2026-10", "cpu", "alice", "3.00");
        site.waldur.putUserUsage(site.a, "2026-11", "cpu", "alice", "0.50");
        site.waldur.putUserUsage(site.a, "2026-11", "cpu", "Bob", "0.25");
        site.waldur.putUserUsage(site.b, "2026-11", "mem", "alice", "0.75");
        return site;
    }

    @Test
    void whatIsPutThereIsShownAsLines() throws Exception {
        filled(UsageSite.today());
        assertThat(site.waldur.usages()).containsExactly("hpc_a 2026-10 cpu 3.00", "hpc_a 2026-10 cpu alice 3.00", "hpc_a 2026-11 cpu 1.00",
                "hpc_a 2026-11 cpu Bob 0.25", "hpc_a 2026-11 cpu alice 0.50", "hpc_a 2026-11 mem 2.00", "hpc_b 2025-11 cpu 4.00", "hpc_b 2026-11 mem 0.00",
                "hpc_b 2026-11 mem alice 0.75");
    }

    @ParameterizedTest
    @CsvSource({"V8, offering_uuid=OFFERING, 0.00 2.00 1.00 3.00 4.00", "V8, offering_uuid=00000000000000000000000000000000, ''", "V8, resource_uuid=A, 2.00 1.00 3.00",
        "V8, resource_uuid=A&type=cpu, 1.00 3.00", "V8, billing_period=2026-10-01, 3.00", "V8, billing_period=2026-10-02, ''",
        "V8, billing_period_year=2026&billing_period_month=11, 0.00 2.00 1.00", "V7, billing_period_year=1999, 0.00 2.00 1.00 3.00 4.00",
        "V8, date_after=2026-10-15&date_before=2026-10-15, 3.00", "V8, o=usage, 0.00 1.00 2.00 3.00 4.00", "V8, 'o=-billing_period,usage', 0.00 1.00 2.00 3.00 4.00",
        "V7, o=usage, 0.00 2.00 1.00 3.00 4.00"})
    void usageIsFilteredAndOrdered(String dialect, String filters, String amounts) throws Exception {
        filled(dialect.equals("V7") ? UsageSite.old() : UsageSite.today());
        String query = filters.replace("OFFERING", site.offering).replace("=A", "=" + site.uuid(site.a));
        assertThat(String.join(" ", site.column(USAGES + "?" + query, "usage"))).isEqualTo(amounts);
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"V8, offering_uuid=OFFERING, 3.00 0.50 0.25 0.75", "V8, resource_uuid=A&component_usage__billing_period=2026-11-01, 0.50 0.25",
        "V7, resource_uuid=A&component_usage__billing_period=2026-11-01, 0.50 0.25", "V8, username=bo, 0.25", "V7, username=bo, 3.00 0.50 0.25 0.75",
        "V8, type=mem, 0.75", "V8, billing_period_year=2026&billing_period_month=10, 3.00", "V8, o=-usage, 3.00 0.75 0.50 0.25"})
    void usageOfPersonsIsFilteredAndOrdered(String dialect, String filters, String amounts) throws Exception {
        filled(dialect.equals("V7") ? UsageSite.old() : UsageSite.today());
        String query = filters.replace("OFFERING", site.offering).replace("=A", "=" + site.uuid(site.a));
        assertThat(String.join(" ", site.column(USERS + "?" + query, "usage"))).isEqualTo(amounts);
        assertThat(site.waldur.breaches()).isEmpty();
    }

    @Test
    void theArgumentOfThePythonClientIsNoFilterOfAnyServer() throws Exception {
        filled(UsageSite.today());
        assertThat(site.column(USERS + "?component_usage_billing_period=2026-10-01", "usage")).hasSize(4);
        assertThat(site.waldur.breaches()).containsExactly("GET " + USERS + " is sent component_usage_billing_period");
    }

    @ParameterizedTest
    @CsvSource({"billing_period=nonsense, Enter a valid date.", "billing_period_month=x, Enter a number.", "resource_uuid=x, Enter a valid UUID.",
        "o=nonsense, Select a valid choice. nonsense is not one of the available choices."})
    void aValueThatIsNoneIsRefused(String query, String why) throws Exception {
        filled(UsageSite.today());
        var reply = site.get(USAGES + "?" + query);
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"" + query.split("=")[0] + "\":[\"" + why + "\"]}");
    }

    @Test
    void fieldsAreShownAsAskedForExceptThoseOfPersonsOnWaldur7() throws Exception {
        filled(UsageSite.today());
        assertThat(site.rows(USERS + "?field=username&field=usage&page_size=1")).hasToString("[{\"username\":\"alice\",\"usage\":\"3.00\"}]");
        assertThat(site.rows(USERS).get(0).get("component_usage").asText()).startsWith(site.waldur.apiUrl() + USAGES);
        assertThat(site.rows(USERS).get(0).get("billing_period").asText()).isEqualTo("2026-10-01");
        site.close();
        filled(UsageSite.old());
        assertThat(site.rows(USAGES + "?field=type&field=usage&page_size=1")).hasToString("[{\"type\":\"mem\",\"usage\":\"0.00\"}]");
        assertThat(site.rows(USERS + "?field=username&page_size=1").get(0)).hasSize(20);
    }

    @Test
    void pagesHaveEachRowOnce() throws Exception {
        site = UsageSite.today();
        IntStream.range(0, 25).forEach(i -> site.waldur.putUsage(site.a, "20" + (10 + i % 9) + "-0" + (1 + i / 9), "cpu", i + ".00"));
        TreeSet<String> seen = new TreeSet<>();
        for (int page = 1; page <= 3; page++) {
            seen.addAll(site.column(USAGES + "?page=" + page, "uuid"));
        }
        assertThat(seen).hasSize(25);
        assertThat(site.get(USAGES).headers().firstValue("X-Result-Count")).hasValue("25");
        assertThat(site.column(USAGES + "?page=last", "uuid")).hasSize(5);
        for (String page : List.of("4", "0", "abc")) {
            assertThat(site.get(USAGES + "?page=" + page).body()).isEqualTo("{\"detail\":\"Invalid page.\"}");
        }
    }
}
