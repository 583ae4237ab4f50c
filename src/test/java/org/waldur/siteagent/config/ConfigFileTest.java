package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final String GOOD = """
            sentry_dsn: ""
            offerings:
              - name: Our cluster
                waldur_api_url: https://waldur.example.com/api
                waldur_api_token: s3cr3t
                waldur_offering_uuid: 7C0B0B9E-0B6A-4B4E-9A2C-111111111111
                backend_type: SLURM
                backend_settings:
                  default_account: root
                  customer_prefix: HPC_
                  project_prefix: hpc_
                  allocation_prefix: hpc_
                  allocation_name_max_len: 34
                  enable_user_homedir_account_creation: true
                backend_components:
                  cpu:
                    limit: 10
                    measured_unit: k-Hours
                    unit_factor: 60000
                    accounting_type: limit
                    label: CPU
                  gres/gpu:
                    unit_factor: 0.1
                    measured_unit: GPU-Hours
                    accounting_type: usage
                    label: GPU
            """;

    @TempDir
    private Path folder;

    private ConfigFile.Loaded load(String text, Map<String, String> environment) throws IOException, ConfigException {
        return ConfigFile.load(Files.writeString(folder.resolve("config.yaml"), text), environment);
    }

    @Test
    void aFileOfTheFirstAgentsUsersLoadsAsItIs() throws Exception {
        ConfigFile.Loaded loaded = load(GOOD, Map.of());
        assertThat(loaded.warnings()).isEmpty();
        Offering offering = loaded.config().offerings().get(0);
        assertThat(offering.apiUrl()).hasToString("https://waldur.example.com/api/");
        assertThat(offering.uuid()).isEqualTo("7c0b0b9e0b6a4b4e9a2c111111111111");
        assertThat(offering.components().get("gres/gpu").unitFactor()).isEqualTo(new BigDecimal("0.1"));
        assertThat(offering.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void theExampleLoads() throws Exception {
        assertThat(ConfigFile.load(Path.of("examples/waldur-site-agent-config.yaml.example"), Map.of()).warnings()).isEmpty();
    }

    @Test
    void whatIsNotUsedIsSaidWithWhatFollows() throws Exception {
        String text = GOOD.replace("    backend_type: SLURM\n", "    backend_type: slurm\n    order_processing_backend: slurm\n    stomp_enabled: true\n")
                .replace("      default_account: root\n", "      default_account: root\n      qos_paused: paused\n      homedir_quota: {provider: xfs}\n");
        assertThat(load(text, Map.of()).warnings()).hasSize(4).anyMatch(w -> w.contains("stomp_enabled") && w.contains("polling") && w.startsWith("line 9"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sentry_dsn: ""                                | sentry_dns: x                         | 1  | sentry_dsn
            default_account: root                         | default_acount: root                  | 9  | default_account
            https://waldur.example.com/api                | https://waldur.ai/                    | 4  | https://HOST/api/
            https://waldur.example.com/api                | waldur                                | 4  | https://HOST/api/
            7C0B0B9E-0B6A-4B4E-9A2C-111111111111          | 12                                    | 6  | 32 hex digits
            waldur_api_token: s3cr3t                      | waldur_api_token: "s3 cr3t"           | 5  | blanks
            waldur_api_token: s3cr3t                      | waldur_api_token_env: NO_SUCH         | 3  | NO_SUCH
            waldur_api_token: s3cr3t                      | waldur_api_token_file: none           | 5  | cannot be read
            backend_type: SLURM                           | backend_type: moab                    | 7  | slurm
            backend_type: SLURM                           | ca_file: none                         | 7  | PEM
            backend_type: SLURM                           | ca_file: config.yaml                  | 7  | PEM
            customer_prefix: HPC_                         | customer_prefix: "-x"                 | 10 | dash
            customer_prefix: HPC_                         | customer_prefix: ""                   | 9  | look like ours
            allocation_name_max_len: 34                   | allocation_name_max_len: 99           | 13 | 42
            allocation_name_max_len: 34                   | default_account: again                | 13 | twice
            allocation_name_max_len: 34                   | soft_delete: true                     | 13 | removed
            allocation_name_max_len: 34                   | execution_mode: rest                  | 13 | cli
            unit_factor: 60000                            | unit_factor: 0                        | 19 | above 0
            unit_factor: 60000                            | unit_factor: many                     | 19 | number
            limit: 10                                     | limit: -10                            | 17 | negative
            accounting_type: limit                        | accounting_type: free                 | 20 | usage
            enable_user_homedir_account_creation: true    | enable_user_homedir_account_creation: 7 | 14 | neither true nor false
            sentry_dsn: ""                                | timezone: Mars/Olympus                | 1  | time zone
            offerings:                                    | offering:                             | 1  | offerings
            """)
    void aMistakeIsSaidWithLineAndWhatWouldBeRight(String right, String wrong, int line, String part) {
        assertThatThrownBy(() -> load(GOOD.replaceFirst(java.util.regex.Pattern.quote(right), wrong), Map.of())).isInstanceOfSatisfying(ConfigException.class,
                e -> assertThat(e.mistakes()).anySatisfy(m -> {
                    assertThat(m.text("f")).contains(part).doesNotContain("s3cr3t").doesNotContain("s3 cr3t");
                    assertThat(m.line()).isBetween(line - 1, line + 1);
                }));
    }

    @Test
    void allMistakesComeAtOnce() {
        String text = GOOD.replace("default_account: root", "default_acount: root").replace("unit_factor: 60000", "unit_factor: -1").replace("k-Hours", "k-Hours\n        colour: red");
        assertThatThrownBy(() -> load(text, Map.of())).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.mistakes()).hasSizeGreaterThanOrEqualTo(4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|empty", "# only a comment|empty", "- a\\n- b|map", "'a: [1'|not YAML", "a:\\n\\t- b|not YAML", "a: 1\\n---\\nb: 2|YAML", "server:\\n  port: 80|another program"})
    void whatIsNoConfigIsSaid(String text, String part) {
        assertThatThrownBy(() -> load(text.replace("\\n", "\n").replace("\\t", "\t"), Map.of())).isInstanceOf(ConfigException.class).hasMessageContaining(part);
    }

    @Test
    void twoOfferingsMustNotContradictEachOther() {
        String second = GOOD.substring(GOOD.indexOf("  - name"));
        assertThatThrownBy(() -> load(GOOD + second.replace("    backend_type", "    verify_ssl: false\n    backend_type"), Map.of()))
                .isInstanceOf(ConfigException.class).hasMessageContaining("has the uuid of").hasMessageContaining("same host");
    }

    @Test
    void theTokenMayComeFromElsewhere() throws Exception {
        Files.writeString(folder.resolve("token"), "from-file\n");
        assertThat(load(GOOD.replace("waldur_api_token: s3cr3t", "waldur_api_token_file: token"), Map.of()).config().offerings().get(0).token().reveal()).isEqualTo("from-file");
        assertThat(load(GOOD.replace("s3cr3t", "${MY_TOKEN}"), Map.of("MY_TOKEN", "from-env")).config().offerings().get(0).token().reveal()).isEqualTo("from-env");
        assertThat(load(GOOD.replace("waldur_api_token: s3cr3t", "waldur_api_token_credential: token"), Map.of("CREDENTIALS_DIRECTORY", folder.toString()))
                .config().offerings().get(0).token().reveal()).isEqualTo("from-file");
    }

    @Test
    void theEnvironmentOfTheFirstAgentStillCounts() throws Exception {
        AgentConfig config = load(GOOD, Map.of("WALDUR_SITE_AGENT_ORDER_PROCESS_PERIOD_MINUTES", "0.5", "REQUESTS_VERIFY_SSL", "false",
                "SENTRY_ENVIRONMENT", "lab", "STATE_DIRECTORY", "/tmp/state")).config();
        assertThat(config.orderProcessPeriod()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.offerings().get(0).verifySsl()).isFalse();
        assertThat(config.sentryEnvironment()).contains("lab");
        assertThat(config.stateDir()).hasToString("/tmp/state");
        assertThatThrownBy(() -> load(GOOD, Map.of("WALDUR_SITE_AGENT_REPORT_PERIOD_MINUTES", "soon"))).isInstanceOf(ConfigException.class).hasMessageContaining("soon");
    }
}
