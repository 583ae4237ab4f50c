package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A wrong config never starts, and all that is wrong is said at once: line, key, what is wrong, what would be right. */
class BrokenConfigTest {
    /** What depends on other keys, on the environment or on files, and texts that YAML makes numbers of. */
    private static final List<String> NOT_IN_THE_SCHEMA = List.of("default_account: again", "https://waldur.example.com/api/", "backend_type: slrum", "backend_type: moab",
            "reporting_backend: slurn", "proxy: \"http://[::::]:80\"", "ca_file: config.yaml", "timezone: Mars/Olympus", "waldur_api_token: put-the-token-here", "waldur_api_token: ${NO_SUCH}",
            "waldur_api_token_env: NO_SUCH", "waldur_api_token_file: none", "waldur_api_token_credential: x", "customer_prefix: a_much_too_long", "pause_by: qos", "0o77", "63");

    @TempDir
    private Path folder;

    private List<Mistake> mistakes(byte[] text, Map<String, String> environment) throws IOException {
        Path file = Files.write(folder.resolve("config.yaml"), text);
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(file, environment));
        assertThat(e).as("it must not load").isNotNull();
        assertThat(e.getMessage().lines()).hasSize(e.mistakes().size()).allMatch(line -> line.startsWith(file + ":"));
        assertThat(e.getMessage()).doesNotContain("s3cr3t").doesNotContain("Exception");
        return e.mistakes();
    }

    /** The last column: the mistakes, each as line, key, part of the text; no others. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # keys
            sentry_dsn: ""                 | sentry_dns: x                                   | 1 sentry_dns = sentry_dsn
            default_account: root          | default_acount: root                            | 9 SET.default_acount = default_account && 9 SET = default_account: root
            default_account: root          | default-account: root                           | 9 SET.default-account = default_account && 9 SET = default_account: root
            default_account: root          | default_account: root\\n      colour: red       | 10 SET.colour = no such key
            backend_type: SLURM            | customer_prefix: x                              | 7 OFF.customer_prefix = the same key in backend_settings
            label: CPU                     | colour: red                                     | 22 CPU.colour = no such key
            allocation_name_max_len: 34    | default_account: again                          | 13 SET.default_account = twice
            name: Our cluster              | <<: text                                        | 3 OFF.<< = another map && 3 OFF = name is missing
            name: Our cluster              | <<: *none                                       | 3 = undefined alias
            name: Our cluster              | &me\\n    <<: *me\\n    name: x                 | 3 OFF.<< = another map
            default_account: root          | ? [a, b]\\n      : root                         | 9 SET = default_account is missing && 10 SET.? = no such key
            # shapes
            offerings:                     | offering:                                       | 1 = another program && 3 offering = offerings
            offerings:                     | offerings: []\\nx: &a                           | 2 offerings = there are no offerings
            - name: Our cluster            | `  name: Our cluster`                           | 3 offerings = items that begin with
            - name: Our cluster            | - text\\n  - name: Our cluster                  | 3 OFF = an offering belongs here
            `    backend_settings:`        | `    backend_settings: [a]\\n    state_dir:`     | 8 SET = a map of keys && 10 OFF.state_dir = at the top of the file
            `    backend_components:`      | `    backend_components: [cpu]\\n    proxy:`      | 16 OFF.backend_components = a map of keys && 18 OFF.proxy = one value
            limit: 10                      | limit: [10]                                     | 18 CPU.limit = one value
            name: Our cluster              | name: {a: b}                                    | 3 OFF.name = one value
            name: Our cluster              | `name: |-\\n      two\\n      lines`                | 3 OFF.name = line breaks
            # YAML
            `    backend_settings`         | \\tbackend_settings                             | 8 = blanks instead of tabs
            `      customer_prefix`        | `    customer_prefix`                           | 11 = look at the line above
            `      customer_prefix`        | `     customer_prefix`                          | 10 = look at the line above
            name: Our cluster              | name:Our cluster                                | 4 = a blank after each colon
            name: Our cluster              | name: "Our cluster                              | 15 = quotes
            sentry_dsn: ""                 | ---\\na: 1\\n---                                | 3 = one document
            # what an offering is
            https://waldur.site.org/api    | https://waldur.ai/                              | 4 OFF.waldur_api_url = https://HOST/api/
            https://waldur.site.org/api    | waldur                                          | 4 OFF.waldur_api_url = https://HOST/api/
            https://waldur.site.org/api    | https://waldur.site.org/api/v1                  | 4 OFF.waldur_api_url = https://HOST/api/
            https://waldur.site.org/api    | https://bob:s3cr3t@waldur.site.org/api          | 4 OFF.waldur_api_url = ***
            https://waldur.site.org/api    | http://[/api/                                   | 4 OFF.waldur_api_url = https://HOST/api/
            https://waldur.site.org/api    | https://waldur.example.com/api/                 | 4 OFF.waldur_api_url = host of the example
            7C0B0B9E-0B6A-4B4E-9A2C-111111111111 | 12                                        | 6 OFF.waldur_offering_uuid = 32 hex digits
            7C0B0B9E-0B6A-4B4E-9A2C-111111111111 | ""                                        | 6 OFF.waldur_offering_uuid = missing or empty
            7C0B0B9E-0B6A-4B4E-9A2C-111111111111 | 00000000000000000000000000000000          | 6 OFF.waldur_offering_uuid = of the example
            backend_type: SLURM            | backend_type: slrum                             | 7 OFF.backend_type = slurm
            backend_type: SLURM            | backend_type: moab                              | 3 offerings = none of the offerings
            backend_type: SLURM            | backend_type: [slurm]                           | 7 OFF.backend_type = one value
            backend_type: SLURM            | reporting_backend: slurn                        | 7 OFF.reporting_backend = slurm
            backend_type: SLURM            | proxy: socks5://u:s3cr3t@h:1                    | 7 OFF.proxy = http://HOST:PORT
            backend_type: SLURM            | proxy: "http://[::::]:80"                       | 7 OFF.proxy = http://HOST:PORT
            backend_type: SLURM            | ca_file: config.yaml                            | 7 OFF.ca_file = PEM
            sentry_dsn: ""                 | global_proxy: h                                 | 1 global_proxy = http://HOST:PORT
            sentry_dsn: ""                 | sentry_dsn: here                                | 1 sentry_dsn = https://KEY@HOST
            sentry_dsn: ""                 | timezone: Mars/Olympus                          | 1 timezone = time zone
            # tokens
            waldur_api_token: s3cr3t       | waldur_api_token: ""                            | 5 OFF.waldur_api_token = one of waldur_api_token, waldur_api_token_file
            waldur_api_token: s3cr3t       | waldur_api_token: put-the-token-here            | 5 OFF.waldur_api_token = filled in
            waldur_api_token: s3cr3t       | waldur_api_token: <TOKEN>                       | 5 OFF.waldur_api_token = filled in
            waldur_api_token: s3cr3t       | waldur_api_token: "s3 cr3t"                     | 5 OFF.waldur_api_token = blanks
            waldur_api_token: s3cr3t       | waldur_api_token: ${NO_SUCH}                    | 5 OFF.waldur_api_token = NO_SUCH
            waldur_api_token: s3cr3t       | waldur_api_token: $NO_SUCH                      | 5 OFF.waldur_api_token = ${NAME}
            waldur_api_token: s3cr3t       | waldur_api_token: [s3cr3t]                      | 5 OFF.waldur_api_token = one value
            waldur_api_token: s3cr3t       | waldur_api_token_env: NO_SUCH                   | 5 OFF.waldur_api_token_env = NO_SUCH
            waldur_api_token: s3cr3t       | waldur_api_token_file: none                     | 5 OFF.waldur_api_token_file = cannot be read
            waldur_api_token: s3cr3t       | waldur_api_token_credential: x                  | 5 OFF.waldur_api_token_credential = LoadCredential
            waldur_api_token: s3cr3t       | waldur_api_token: a\\n    waldur_api_token_env: b | 6 OFF.waldur_api_token_env = several ways
            waldur_api_token: s3cr3t       | oidc_client_id: x                               | 3 OFF = OIDC
            # backend_settings
            customer_prefix: HPC_          | customer_prefix: "-x"                           | 10 SET.customer_prefix = dash
            customer_prefix: HPC_          | customer_prefix: a b                            | 10 SET.customer_prefix = letters
            customer_prefix: HPC_          | customer_prefix: ""                             | 10 SET.customer_prefix = look like ours
            customer_prefix: HPC_          | customer_prefix: a_much_too_long_prefix_for_us_      | 10 SET.customer_prefix = allocation_name_max_len
            allocation_name_max_len: 34    | allocation_name_max_len: 99                     | 13 SET.allocation_name_max_len = from 12 to 42
            allocation_name_max_len: 34    | soft_delete: perhaps                            | 13 SET.soft_delete = neither true nor false
            allocation_name_max_len: 34    | execution_mode: rset                            | 13 SET.execution_mode = cli or rest
            allocation_name_max_len: 34    | slurm_bin_path: bin                             | 13 SET.slurm_bin_path = absolute
            allocation_name_max_len: 34    | missing_limit: none                             | 13 SET.missing_limit = hold or zero or unlimited
            allocation_name_max_len: 34    | removal_brake: false                            | 13 SET.removal_brake = cannot be switched off
            allocation_name_max_len: 34    | removal_brake: {acount: {count: 1}}             | 13 SET.removal_brake.acount = account
            allocation_name_max_len: 34    | removal_brake: {account: {count: 1, percent: 101}} | 13 SET.removal_brake.account.percent = from 0 to 100
            allocation_name_max_len: 34    | removal_brake: {offering: 5}                    | 13 SET.removal_brake.offering = a map
            allocation_name_max_len: 34    | removal_confirm_seconds: 0                      | 13 SET.removal_confirm_seconds = from 1 to 3600
            allocation_name_max_len: 34    | restrict_member_access: true                    | 13 SET.restrict_member_access = block or remove
            allocation_name_max_len: 34    | pause_by: qos                                   | 13 SET.pause_by = qos_paused
            allocation_name_max_len: 34    | qos_paused: a,b                                 | 13 SET.qos_paused = the name of one
            "0077"                         | 0o77                                            | 15 SET.default_homedir_umask = "0077"
            "0077"                         | 63                                              | 15 SET.default_homedir_umask = "0077"
            creation: true                 | creation: 7                                     | 14 SET.enable_user_homedir_account_creation = neither true nor false
            # backend_components
            unit_factor: 60000             | unit_factor: 0                                  | 20 CPU.unit_factor = above 0
            unit_factor: 60000             | unit_factor: many                               | 20 CPU.unit_factor = number
            unit_factor: 60000             | unit_factor: 1,5                                | 20 CPU.unit_factor = with a point
            unit_factor: 60000             | unit_factor: 1e999999999                        | 20 CPU.unit_factor = number
            unit_factor: 60000             | unit_factor: .inf                               | 20 CPU.unit_factor = number
            limit: 10                      | limit: -10                                      | 18 CPU.limit = negative
            accounting_type: limit         | accounting_type: free                           | 21 CPU.accounting_type = limit or usage or one
            accounting_type: limit         | accounting_type:                                | 21 CPU.accounting_type = usage or limit
            `cpu:\n`                       | `cpu: 10\\n      mem:\\n`                       | 17 OFF.backend_components.cpu = the keys of a component
            gres/gpu                       | "a,b"                                           | 24 OFF.backend_components.a,b = cannot be the type
            label: CPU                     | min_value: .inf                                 | 22 CPU.min_value = number
            label: CPU                     | max_value: 1.5                                  | 22 CPU.max_value = whole number
            label: CPU                     | is_boolean: perhaps                             | 22 CPU.is_boolean = neither true nor false
            label: CPU                     | limit_period: yearly                            | 22 CPU.limit_period = annual or month or quarterly or total
            label: CPU                     | target_components: [cpu]                        | 22 CPU.target_components = a map of keys
            label: CPU                     | target_components: {cpu: {factor: 0}, mem: {faktor: 1}, "a=b": 3} | 22 CPU.target_components.cpu = above 0 && 22 CPU.target_components.mem = above 0 && 22 CPU.target_components.a=b = name of a TRES
            """)
    void eachMistakeIsSaidWithLineAndKeyAndWhatWouldBeRight(String right, String wrong, String expected) throws Exception {
        String text = Configs.with(right.replace("\\n", "\n"), wrong);
        List<Mistake> mistakes = mistakes(text.getBytes(StandardCharsets.UTF_8), Map.of());
        List<String[]> all = Arrays.stream(expected.replace("OFF", "offerings[0]").replace("SET", "offerings[0].backend_settings")
                .replace("CPU", "offerings[0].backend_components.cpu").split(" && ")).map(one -> one.split("(?<= )= |(?<=^\\d{1,3} )= ", 2)).toList();
        assertThat(mistakes).extracting(m -> (m.line() + " " + m.key()).strip()).containsExactlyInAnyOrderElementsOf(all.stream().map(one -> one[0].strip()).toList());
        all.forEach(one -> assertThat(mistakes).anyMatch(m -> (m.line() + " " + m.key()).strip().equals(one[0].strip()) && m.text("f").contains(one[1])));
        // SnakeYAML Engine does not come to an end with a map that is merged into itself
        boolean hangs = wrong.startsWith("&me");
        assertThat(hangs || isRefusedByAnEditor(text)).as("refused by the schema").isEqualTo(NOT_IN_THE_SCHEMA.stream().noneMatch(wrong::startsWith));
    }

    private static boolean isRefusedByAnEditor(String text) {
        try {
            return !Editor.mistakes(text).isEmpty();
        } catch (YamlEngineException e) {
            return true;
        }
    }

    static Stream<Arguments> whatIsNoConfig() {
        byte[] good = Configs.GOOD.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("empty", "", 0, "empty"),
                Arguments.of("comment", "# only a comment", 0, "empty"),
                Arguments.of("a list", "- a\n- b", 1, "map"),
                Arguments.of("a text", "hello", 1, "map"),
                Arguments.of("nothing", "---\n", 1, "map"),
                Arguments.of("a closing bracket missing", "a: [1", 1, "not YAML"),
                Arguments.of("an ini file", "[main]\nkey = value", 2, "not YAML"),
                Arguments.of("docker-compose", "services:\n  web:\n    image: nginx", 1, "another program"),
                Arguments.of("prometheus", "scrape_configs:\n  - job_name: a", 1, "another program"),
                Arguments.of("nested", "[".repeat(50_000), 0, "nested too deeply"),
                Arguments.of("latin-1", new String("a: b\nname: Jülich\n".getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1), 2, "UTF-8"),
                Arguments.of("utf-16", new String(new String(good, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16), StandardCharsets.ISO_8859_1), 1, "UTF-8"),
                Arguments.of("a bell", "a: b\nname: \u0007\n", 2, "control character"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsNoConfig")
    void whatIsNoConfigIsSaid(String name, String text, int line, String part) throws Exception {
        assertThat(mistakes(text.getBytes(StandardCharsets.ISO_8859_1), Map.of())).anyMatch(m -> m.line() == line && m.text("f").contains(part));
    }

    @Test
    void theFirstMistakeHidesNoOther() throws Exception {
        String text = Configs.with("default_account: root", "default_acount: root").replace("unit_factor: 60000", "unit_factor: -1")
                .replace("k-Hours", "k-Hours\n        colour: red").replace("sentry_dsn: \"\"", "sentry_dsn: x") + "timezone: Mars\n";
        assertThat(mistakes(text.getBytes(StandardCharsets.UTF_8), Map.of("WALDUR_SITE_AGENT_REPORT_PERIOD_MINUTES", "soon", "REQUESTS_VERIFY_SSL", "maybe")))
                .extracting(Mistake::line).containsExactlyInAnyOrder(0, 0, 1, 9, 9, 20, 21, 29);
    }

    @ParameterizedTest
    @CsvSource({".,directory", "none,no such file"})
    void aFileThatCannotBeReadIsSaid(String name, String part) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(folder.resolve(name), Map.of()))).hasMessageContaining(part);
    }
}
