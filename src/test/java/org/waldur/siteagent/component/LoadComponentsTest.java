package org.waldur.siteagent.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.simulator.WaldurFault;

/** {@code load-components} on a simulated Waldur; tests look at the offering's components afterwards. */
class LoadComponentsTest extends SiteTest {
    private static final String CPU = "cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}\n";

    private int load() {
        return site.run("load-components", false);
    }

    private Map<String, Object> component(String type) {
        return site.waldur.components(site.offering).stream().filter(c -> c.get("type").equals(type)).findFirst().orElseThrow();
    }

    private long writes() {
        return site.waldur.requests().stream().filter(r -> !r.method().equals("GET")).count();
    }

    /** A component as Waldur has it already, with what only an administrator of Waldur sets. */
    private Map<String, Object> existing(String type, Map<String, Object> fields) {
        Map<String, Object> component = new LinkedHashMap<>(Map.of("type", type, "name", "CPU", "measured_unit", "k-Hours", "billing_type", "limit"));
        component.putAll(fields);
        return site.waldur.addComponent(site.offering, component);
    }

    @Test
    void aDryRunShowsTheDifferenceThenItIsWrittenThenThereIsNone() {
        site.components(CPU + "mem: {label: RAM, measured_unit: GB-Hours, unit_factor: 61440, accounting_type: usage, limit: 10}\n"
                + "node: {accounting_type: one}\n");
        assertThat(site.run("load-components", true)).isEqualTo(2);
        assertThat(site.printed).singleElement().asString().contains("3 to write", "+ cpu", "measured_unit: k-Hours", "+ mem", "limit_amount: 10", "is_prepaid: true");
        assertThat(site.waldur.components(site.offering)).isEmpty();
        assertThat(site.stateDir()).doesNotExist();

        assertThat(load()).isZero();
        assertThat(component("cpu")).containsEntry("name", "CPU").containsEntry("measured_unit", "k-Hours").containsEntry("billing_type", "limit")
                .doesNotContainKeys("unit_factor", "limit_amount", "is_prepaid");
        assertThat(component("mem")).containsEntry("billing_type", "usage").containsEntry("limit_amount", 10);
        assertThat(component("node")).containsEntry("name", "node").containsEntry("billing_type", "one").containsEntry("is_prepaid", true);

        assertThat(load()).isZero();
        assertThat(writes()).isEqualTo(3);
        assertThat(site.run("load-components", true)).isZero();
        assertThat(site.printed.get(site.printed.size() - 1)).contains("nothing to do");
    }

    @Test
    void anUpdateLeavesAloneWhatTheConfigDoesNotName() {
        Map<String, Object> before = existing("cpu", Map.of("measured_unit", "old", "limit_period", "annual", "article_code", "A-1", "min_value", 3,
                "description", "by hand", "max_value", 1000));
        existing("gpu", Map.of("limit_period", "month"));
        site.components(CPU);
        assertThat(load()).isZero();
        assertThat(site.printed).singleElement().asString().contains("~ cpu", "measured_unit: old -> k-Hours").doesNotContain("gpu", "name:");
        assertThat(component("cpu")).containsEntry("measured_unit", "k-Hours").containsEntry("limit_period", "annual").containsEntry("article_code", "A-1")
                .containsEntry("min_value", 3).containsEntry("description", "by hand").containsEntry("max_value", 1000).containsEntry("uuid", before.get("uuid"));
        assertThat(component("gpu")).containsEntry("limit_period", "month").containsEntry("measured_unit", "k-Hours");
        assertThat(writes()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"limit_period: month, limit_period, month", "min_value: 0, min_value, 0", "min_value: 0 , description, ",
        "description: null, description, ", "is_boolean: true, is_boolean, true", "unit_factor: 60, unit_factor, ", "is_prepaid: false, is_prepaid, false",
        "limit: 10.0, limit_amount, 10", "limit: 0.4, limit_amount, 1", "limit: 0, limit_amount, 0"})
    void aKeyOfTheConfigBecomesAField(String config, String field, String value) {
        String type = config.startsWith("limit:") ? "usage" : "one";
        site.components("cpu: {label: CPU, measured_unit: h, accounting_type: " + type + ", " + config + "}\n");
        assertThat(load()).isZero();
        Object found = component("cpu").get(field);
        assertThat(found == null ? null : found.toString()).isEqualTo(value);
        assertThat(load()).isZero();
        assertThat(writes()).as("the second time there is nothing to do").isEqualTo(1);
    }

    @Test
    void aNumberIsTheSameHoweverItIsWritten() throws Exception {
        site.components("cpu: {label: CPU, measured_unit: h, accounting_type: usage, limit: 10, min_value: 0.0}\n");
        Offering offering = ConfigFile.load(site.config(), Map.of()).config().offerings().get(0);
        JsonNode found = new ObjectMapper().readTree("[{\"type\": \"cpu\", \"name\": \"CPU\", \"measured_unit\": \"h\", \"billing_type\": \"usage\","
                + " \"limit_amount\": \"10.00\", \"min_value\": 0}]");
        assertThat(Components.difference(offering, found)).isEmpty();
        ((ObjectNode) found.get(0)).put("limit_amount", "10.01");
        assertThat(Components.difference(offering, found)).singleElement().satisfies(c -> assertThat(c.text()).contains("limit_amount: 10.01 -> 10"));
    }

    @Test
    void oneThatIsRefusedStopsNoOtherAndIsNamed() throws IOException {
        site.components(CPU + "mem: {label: RAM, measured_unit: " + "x".repeat(40) + ", accounting_type: limit}\n"
                + "node: {label: Node, measured_unit: h, accounting_type: limit}\n");
        assertThat(load()).isEqualTo(1);
        assertThat(site.waldur.components(site.offering)).extracting(c -> c.get("type")).containsExactly("cpu", "node");
        assertThat(site.deadLetters()).singleElement().asString().contains("component mem of offering", "measured_unit", "400", "create_offering_component",
                "load-components again");

        site.components(CPU + "mem: {label: RAM, measured_unit: GB, accounting_type: limit}\n");
        assertThat(load()).isZero();
        assertThat(component("mem")).containsEntry("measured_unit", "GB");
        assertThat(site.deadLetters()).isEmpty();
        assertThat(Files.readString(site.stateDir().resolve("audit.jsonl"))).contains("create_offering_component", "component mem");
    }

    @Test
    void anOfferingThatCannotBeReadIsAFailureAndNoDifference() {
        site.components(CPU);
        site.waldur.inject(WaldurFault.answer(r -> true, 403, "{\"detail\": \"no\"}").times(2));
        assertThat(site.run("load-components", true)).isEqualTo(1);
        assertThat(site.stateDir()).doesNotExist();
        assertThat(load()).isEqualTo(1);
        assertThat(site.waldur.components(site.offering)).isEmpty();
        assertThat(site.deadLetters()).singleElement().asString().contains("components of offering", "403");
        assertThat(load()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void allFieldsThatCanBeSetAreKeptInAnUpdate() {
        existing("cpu", new LinkedHashMap<>(Map.of("measured_unit", "old", "default_limit", 5, "max_available_limit", 9, "is_prepaid", true,
                "min_prepaid_duration", 1, "max_prepaid_duration", 12, "is_boolean", false)));
        site.components(CPU);
        assertThat(load()).isZero();
        assertThat(component("cpu")).containsEntry("measured_unit", "k-Hours").containsEntry("default_limit", 5).containsEntry("max_available_limit", 9)
                .containsEntry("is_prepaid", true).containsEntry("min_prepaid_duration", 1).containsEntry("max_prepaid_duration", 12);
        assertThat(List.of("min_prepaid_duration", "max_prepaid_duration", "default_limit")).allSatisfy(field ->
                assertThat(site.waldur.requests().get(site.waldur.requests().size() - 1).body()).contains(field));
    }
}
