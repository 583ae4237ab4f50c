package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with the keys that the Python agent's users have start this agent as they are, and each key that is not used is said. */
class PythonAgentConfigTest {
    private static ConfigFile.Loaded load(String year) throws ConfigException {
        return ConfigFile.load(file(year), Map.of());
    }

    private static Path file(String year) {
        return Path.of("src/test/resources/org/waldur/siteagent/config/python-agent-" + year + ".yaml");
    }

    /** The warnings as {@code line: what comes first in them}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2024 | 19: homedir_umask; 19: homedir_umask:; 27: its backend is 'moab'
            2025 | 3: timezone; 12: reporting_backend is 'cscs-dwdi'; \
            26: cscs_dwdi_api_url, cscs_dwdi_client_id, cscs_dwdi_client_secret, cscs_dwdi_oidc_token_url, cscs_dwdi_oidc_scope; 38: its backend is 'cscs-dwdi'
            2026 | 3: elastic_apm_server_url; 6: log_level; 9: log_shipping; 21: execution_mode, rest_api; 26: homedir_quota; \
            30: qos_enforcement_enabled; 32: qos_management; 34: enforce_offering_partitions; \
            35: project_directory; 36: ldap; 38: check_backend_id_uniqueness, check_all_offerings; 41: soft_delete; \
            45: oidc_token_url, oidc_client_id, oidc_client_secret; 54: username_management_backend; 55: resource_import_enabled; \
            56: username_reconciliation_enabled; 57: preserve_unmanaged_backend_users; 58: omit_anomalous_usage_components; 64: unit_factor_reporting; \
            83: period_type, carryover_enabled, grace_ratio; 98: stomp_enabled, stomp_ws_host, stomp_ws_port, stomp_ws_path; 99: stomp_membership_sync_enabled
            """)
    void itStartsAndSaysWhatIsNotUsed(String year, String warnings) throws Exception {
        List<String> expected = Arrays.stream(warnings.split("; ")).map(String::strip).toList();
        List<String> found = load(year).warnings();
        assertThat(found).hasSameSizeAs(expected).allMatch(w -> !w.contains("do not print me"));
        for (int i = 0; i < expected.size(); i++) {
            String[] lineAndKeys = expected.get(i).split(": ", 2);
            assertThat(found.get(i)).matches(".*\\.yaml:" + lineAndKeys[0] + ": (offerings\\S+: )?\\Q" + lineAndKeys[1] + "\\E(;| ).*");
        }
    }

    @Test
    void everyKeyThatIsKnownAndNotUsedIsInOneOfThem() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String year : List.of("2024", "2025", "2026")) {
            lines.addAll(Files.readAllLines(file(year)));
        }
        for (Keys keys : Keys.values()) {
            assertThat(keys.unused()).extracting(Key::name).allMatch(key -> lines.stream().anyMatch(line -> line.strip().startsWith(key + ":")));
        }
    }

    @Test
    void whatIsOrderedHereAndElsewhereIsKeptApart() throws Exception {
        assertThat(load("2024").config().offerings()).singleElement().satisfies(o -> assertThat(o.modes()).containsExactly(Mode.values()));
        assertThat(load("2025").config().offerings()).extracting(Offering::name).containsExactly("Orders by Slurm, usage from elsewhere", "Orders switched off");
        assertThat(load("2025").config().offerings()).extracting(o -> o.serves(Mode.ORDER_PROCESS)).containsExactly(true, false);
        assertThat(load("2025").config().offerings()).extracting(o -> o.serves(Mode.REPORT)).containsExactly(false, true);
    }

    @Test
    void anchorsAndMergedMapsGiveEachOfferingAllItsKeys() throws Exception {
        List<Offering> offerings = load("2026").config().offerings();
        assertThat(offerings).extracting(Offering::name).containsExactly("First", "Second, with events");
        assertThat(offerings).allSatisfy(offering -> {
            assertThat(offering.backend().clusterName()).contains("alps");
            assertThat(offering.backend().softDelete()).isTrue();
            assertThat(offering.backend().createHomedirs()).isFalse();
            assertThat(offering.components().get("node_hours").targetComponents().get("gres/gpu")).isEqualByComparingTo("8");
            assertThat(offering.components().get("node_hours").waldur()).hasSize(15).containsEntry("limit_period", "quarterly").containsEntry("is_prepaid", true);
        });
        assertThat(offerings).extracting(o -> o.serves(Mode.MEMBERSHIP_SYNC)).containsExactly(true, false);
    }
}
