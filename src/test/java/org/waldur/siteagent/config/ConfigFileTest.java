package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final String GOOD = Configs.GOOD;

    @TempDir
    private Path folder;

    private ConfigFile.Loaded load(String text, Map<String, String> environment) throws IOException, ConfigException {
        ConfigFile.Loaded loaded = ConfigFile.load(Files.writeString(folder.resolve("config.yaml"), text), environment);
        assertThat(Editor.mistakes(text)).as("the schema").isEmpty();
        return loaded;
    }

    @Test
    void aFileOfTheFirstAgentsUsersLoadsAsItIs() throws Exception {
        ConfigFile.Loaded loaded = load(GOOD, Map.of());
        assertThat(loaded.warnings()).isEmpty();
        Offering offering = loaded.config().offerings().get(0);
        assertThat(offering.apiUrl()).hasToString("https://waldur.site.org/api/");
        assertThat(offering.uuid()).isEqualTo("7c0b0b9e0b6a4b4e9a2c111111111111");
        assertThat(offering.components().get("gres/gpu").unitFactor()).isEqualTo(new BigDecimal("0.1"));
        assertThat(offering.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void theExampleSaysWhatIsToBeFilledInAndLoadsThen() throws Exception {
        assertThatThrownBy(() -> ConfigFile.load(Configs.EXAMPLE, Map.of())).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.mistakes())
                .extracting(Mistake::key).containsExactly("offerings[0].waldur_api_url", "offerings[0].waldur_api_token", "offerings[0].waldur_offering_uuid"));
        assertThat(load(Configs.filledIn(), Map.of()).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            waldur_api_token: s3cr3t   | waldur_api_token: s3cr3t
            unit_factor: 60000         | unit_factor: "6e4"
            unit_factor: 60000         | unit_factor: 60_000
            limit: 10                  | limit: null
            creation: true             | creation: On
            "0077"                     | 0077
            backend_type: SLURM        | backend_components_: &x {a: b}
            label: CPU                 | target_components: {cpu: 64, gres/gpu: {factor: 0.5}}
            default_account: root      | default_account: root\\n      periodic_limits: {enabled: no}\\n      qos_paused: ""\\n      execution_mode: CLI
            """)
    void whatPeopleWriteIsUnderstoodWithoutAWord(String right, String wrong) throws Exception {
        String text = wrong.contains("&x") ? wrong + "\n" + GOOD : Configs.with(right, wrong);
        ConfigFile.Loaded loaded = load("\uFEFF" + text.replace("\n", "\r\n"), Map.of());
        assertThat(loaded.warnings()).isEmpty();
        Offering offering = loaded.config().offerings().get(0);
        assertThat(offering.components().get("cpu").unitFactor()).isEqualByComparingTo("60000");
        assertThat(offering.backend().homedirUmask()).isEqualTo("0077");
        assertThat(offering.backend().createHomedirs()).isTrue();
    }

    @Test
    void whatIsNotUsedIsSaidWithWhatFollows() throws Exception {
        String text = GOOD.replace("    backend_type: SLURM\n", "    backend_type: slurm\n    stomp_enabled: true\n")
                .replace("      default_account: root\n", "      default_account: root\n      ldap: {uri: a}\n      homedir_quota: {provider: xfs}\n      enforce_offering_qos: true\n");
        Path file = folder.resolve("config.yaml");
        assertThat(load(text, Map.of()).warnings()).containsExactly(
                file + ":8: offerings[0]: stomp_enabled is not used by this version: orders are found by polling instead",
                file + ":11: offerings[0].backend_settings: ldap is not used by this version: nothing is written to LDAP",
                file + ":12: offerings[0].backend_settings: homedir_quota is not used by this version: home directories get no quota; use a hook",
                file + ":13: offerings[0].backend_settings: enforce_offering_qos is not used by this version: no QoS is granted; use the hook after-limits-set");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                       | ORDER_PROCESS REPORT MEMBERSHIP_SYNC
            order_processing_backend: slurm                                          | ORDER_PROCESS
            order_processing_backend: Slurm, reporting_backend: slurm                | ORDER_PROCESS REPORT
            order_processing_backend: '', reporting_backend: slurm                   | REPORT
            order_processing_backend: null                                           | ''
            order_processing_backend: moab, membership_sync_backend: slurm           | MEMBERSHIP_SYNC
            """)
    void aModeRunsOnlyWhereItsKeyNamesSlurmIfAnOfferingHasAnySuchKey(String keys, String modes) throws Exception {
        String lines = keys.isEmpty() ? "" : keys.replaceAll("(^|, )", "\n    ");
        ConfigFile.Loaded loaded = load(Configs.with("    backend_type: SLURM", "    backend_type: slurm" + lines), Map.of());
        assertThat(loaded.config().offerings().get(0).modes()).extracting(Mode::name).containsExactlyInAnyOrder(modes.isEmpty() ? new String[0] : modes.split(" "));
        assertThat(loaded.warnings()).hasSize(keys.contains("moab") ? 1 : 0).allMatch(w -> w.contains(":8: ") && w.contains("order_process does not run"));
    }

    @Test
    void theKeysOfModesTellTheBackendWhereBackendTypeIsMissing() throws Exception {
        assertThat(load(Configs.with("backend_type: SLURM", "order_processing_backend: slurm"), Map.of()).config().offerings()).hasSize(1);
        assertThat(load(Configs.with("backend_type: SLURM", "backend_type: ''\\n    order_processing_backend: okd\\n    reporting_backend: slurm"), Map.of())
                .config().offerings()).singleElement().satisfies(o -> assertThat(o.modes()).containsExactly(Mode.REPORT));
        assertThatThrownBy(() -> load(Configs.with("backend_type: SLURM", "order_processing_backend: okd"), Map.of())).hasMessageContaining("none of the offerings");
    }

    @Test
    void anOfferingOfAnotherBackendIsLeftAloneWhateverItSays() throws Exception {
        String other = "  - {name: x, backend_type: okd, waldur_api_token: '', backend_settings: [a], backend_components: {}, colour: red}\n";
        ConfigFile.Loaded loaded = load(GOOD + other, Map.of());
        assertThat(loaded.config().offerings()).extracting(Offering::name).containsExactly("Our cluster");
        assertThat(loaded.warnings()).singleElement().asString().contains(":28: offerings[1]: its backend is 'okd'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            homedir_umask: "0027"                                           | 0027 | old name
            homedir_umask: "0027"\\n      default_homedir_umask: "0022"      | 0022 | counts
            homedir_umask: "0700"                                           | 0077 | lock the owner out
            default_homedir_umask: 700                                      | 0077 | lock the owner out
            """)
    void theOldNameOfTheUmaskStillCountsAndAModeIsNoMask(String line, String umask, String part) throws Exception {
        ConfigFile.Loaded loaded = load(Configs.with("default_homedir_umask: \"0077\"", line), Map.of());
        assertThat(loaded.config().offerings().get(0).backend().homedirUmask()).isEqualTo(umask);
        assertThat(loaded.warnings()).anyMatch(w -> w.contains(part));
    }

    @Test
    void mergedMapsCountWhereTheMapHasNoKeyOfItsOwn() throws Exception {
        ConfigFile.Loaded loaded = load("""
                _names: {one: &one {customer_prefix: a_, project_prefix: a_}, two: &two {<<: *one, project_prefix: b_, default_account: root}}
                """ + GOOD.replace("      default_account: root\n      customer_prefix: HPC_\n      project_prefix: hpc_\n", "      <<: [*one, *two]\n"), Map.of());
        BackendSettings backend = loaded.config().offerings().get(0).backend();
        assertThat(List.of(backend.customerPrefix(), backend.projectPrefix(), backend.allocationPrefix(), backend.defaultAccount())).containsExactly("a_", "a_", "hpc_", "root");
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
        Files.writeString(folder.resolve("token"), "put-the-token-into-/etc/waldur/token");
        assertThatThrownBy(() -> load(GOOD.replace("waldur_api_token: s3cr3t", "waldur_api_token_credential: token"), Map.of("CREDENTIALS_DIRECTORY", folder.toString())))
                .as("what the unit says in its place").isInstanceOf(ConfigException.class).hasMessageContaining("the file of this credential is not there");
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
