package org.waldur.siteagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For each key, the reader and the schema agree with what {@code keys.yaml} says of it: example, default, bounds and choices. */
class KeysTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> ENVIRONMENT = Map.of("WALDUR_TOKEN", "s3cr3t");

    @TempDir
    private Path folder;

    static Stream<Arguments> usedKeys() {
        return Arrays.stream(Keys.values()).flatMap(keys -> keys.used().stream().map(key -> Arguments.of(keys, key.name())));
    }

    /** A config with the keys that are needed, and no others. */
    private static ObjectNode least() {
        ObjectNode config = JSON.createObjectNode();
        ObjectNode offering = config.putArray("offerings").addObject().put("waldur_api_token", "s3cr3t");
        fill(offering, Keys.OFFERING).put("waldur_api_url", "https://waldur.site.org/api/").put("waldur_offering_uuid", "11111111-1111-1111-1111-111111111111");
        fill(offering.putObject("backend_settings"), Keys.BACKEND);
        fill(offering.putObject("backend_components").putObject("cpu"), Keys.COMPONENT);
        return config;
    }

    private static ObjectNode fill(ObjectNode map, Keys keys) {
        keys.used().stream().filter(Key::isNeeded).filter(key -> key.keys().isEmpty()).forEach(key -> map.put(key.name(), key.example()));
        return map;
    }

    private static ObjectNode place(ObjectNode config, Keys keys) {
        ObjectNode offering = (ObjectNode) config.at("/offerings/0");
        return switch (keys) {
            case GLOBAL -> config;
            case OFFERING -> offering;
            case BACKEND -> (ObjectNode) offering.get("backend_settings");
            case BRAKE -> offering.withObject("/backend_settings/removal_brake");
            case BRAKE_OF_ACCOUNT -> offering.withObject("/backend_settings/removal_brake/account");
            case BRAKE_OF_OFFERING -> offering.withObject("/backend_settings/removal_brake/offering");
            case COMPONENT -> offering.withObject("/backend_components/cpu");
        };
    }

    /** The config with one more value, which stands in YAML as it is here. */
    private static String with(Keys keys, String key, String value) {
        ObjectNode config = least();
        ObjectNode place = place(config, keys);
        if (List.of("waldur_api_token_file", "waldur_api_token_env", "waldur_api_token_credential").contains(key)) {
            place.remove("waldur_api_token");
        }
        if (key.equals("pause_by")) {
            place.put("qos_paused", "paused");
        }
        if (key.equals("allocation_name_max_len")) {
            // the shortest name has room for a short prefix only
            place.put("customer_prefix", "h_").put("project_prefix", "h_").put("allocation_prefix", "h_");
        }
        place.put(key, "@@");
        return config.toString().replace("\"@@\"", value);
    }

    private Optional<AgentConfig> load(String text) throws IOException {
        try {
            return Optional.of(ConfigFile.load(Files.writeString(folder.resolve("config.yaml"), text), ENVIRONMENT).config());
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    /** Whether it is accepted; the schema has to be of one mind with the reader. */
    private boolean isAccepted(String text) throws IOException {
        boolean accepted = load(text).isPresent();
        assertThat(Editor.mistakes(text).isEmpty()).as("accepted by the schema: " + text).isEqualTo(accepted);
        return accepted;
    }

    @Test
    void whatIsNeededIsEnoughAndNothingOfItCanBeLeftOut() throws IOException {
        assertThat(isAccepted(least().toString())).isTrue();
        for (Keys keys : List.of(Keys.GLOBAL, Keys.OFFERING, Keys.BACKEND, Keys.COMPONENT)) {
            for (Key key : keys.used().stream().filter(Key::isNeeded).toList()) {
                ObjectNode config = least();
                assertThat(place(config, keys).remove(key.name())).as(key.name()).isNotNull();
                assertThat(isAccepted(config.toString())).as("without " + key.name()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("usedKeys")
    void theExampleIsAccepted(Keys keys, String name) throws IOException {
        Files.writeString(folder.resolve("token"), "s3cr3t");
        Key key = keys.get(name);
        if (key.keys().isEmpty() && !List.of("waldur_api_url", "waldur_api_token", "waldur_offering_uuid", "ca_file", "waldur_api_token_credential").contains(name)) {
            String example = name.equals("waldur_api_token_file") ? folder.resolve("token").toString() : key.example();
            assertThat(isAccepted(with(keys, name, example))).isTrue();
        }
        assertThat(key.meaning()).isNotBlank().doesNotEndWith(".");
        assertThat(key.isNeeded() || !key.otherwise().isEmpty() || name.startsWith("waldur_api_token")).as("a default, or that it is needed").isTrue();
    }

    @ParameterizedTest
    @MethodSource("usedKeys")
    void theDefaultIsWhatHoldsWithoutTheKey(Keys keys, String name) throws IOException {
        Optional<String> fallback = keys.get(name).fallback();
        if (fallback.isPresent()) {
            String same = name.equals("default_homedir_umask") ? "\"" + fallback.get() + "\"" : fallback.get();
            String without = with(keys, name, "null");
            assertThat(load(with(keys, name, same)).orElseThrow()).hasToString(load(without).orElseThrow().toString());
        }
    }

    @ParameterizedTest
    @MethodSource("usedKeys")
    void everyChoiceAndBothBoundsAreAcceptedAndNothingBeyond(Keys keys, String name) throws IOException {
        Key key = keys.get(name);
        for (String choice : key.choices()) {
            assertThat(isAccepted(with(keys, name, choice))).as(choice).isTrue();
        }
        for (BigDecimal bound : Stream.of(key.least(), key.most()).flatMap(Optional::stream).toList()) {
            assertThat(isAccepted(with(keys, name, bound.toPlainString()))).as(bound.toPlainString()).isTrue();
        }
        for (BigDecimal beyond : Stream.of(key.least().map(least -> least.subtract(BigDecimal.ONE)), key.above(), key.most().map(most -> most.add(BigDecimal.ONE))).flatMap(Optional::stream).toList()) {
            assertThat(isAccepted(with(keys, name, beyond.toPlainString()))).as(beyond.toPlainString()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("usedKeys")
    void whatIsOfAnotherKindIsRefused(Keys keys, String name) throws IOException {
        Key key = keys.get(name);
        for (String wrong : wrong(key.kind().orElseThrow())) {
            assertThat(isAccepted(with(keys, name, wrong))).as(wrong).isFalse();
        }
        if (key.isNeeded()) {
            assertThat(isAccepted(with(keys, name, "null"))).as("null").isFalse();
        }
    }

    private static List<String> wrong(Kind kind) {
        return switch (kind) {
            case TEXT -> List.of("[a]", "{a: b}", "\"two\\nlines\"");
            case TOKEN -> List.of("[a]", "a b", "\"${A} ${B}\"");
            case BACKEND, ZONE -> List.of("[a]", "{a: b}");
            case URL -> List.of("[a]", "waldur", "https://waldur.site.org/", "ftp://waldur.site.org/api/", "5");
            case PROXY -> List.of("[a]", "socks5://h:1", "http://h", "http://u:p@h:1");
            case DSN -> List.of("[a]", "here", "\"https://a b\"");
            case UUID -> List.of("[a]", "12", "1111111111111111111111111111111g");
            case ACCOUNT, NAME -> List.of("[a]", "\"a b\"", "-a", "-5", "\"a,b\"", "ä");
            case PATH -> List.of("[a]", "bin", "5");
            case UMASK -> List.of("[a]", "\"0888\"", "\"77\"", "u=rwx", "1000");
            case FLAG -> List.of("[a]", "perhaps", "2", "-1", "1.5");
            case WHOLE -> List.of("[a]", "many", "1.5", "\"1,5\"", ".inf", "99999999999999");
            case NUMBER -> List.of("[a]", "many", "\"1,5\"", "5 GB", ".inf", "1e31");
            case CHOICE -> List.of("[a]", "no-such", "5");
            case FACTORS -> List.of("[a]", "5", "{cpu: many}", "{cpu: {factor: 1, x: 2}}", "{\"a b\": 1}", "{cpu: -1}");
            case MAP -> List.of("[a]", "5", "{no-such-key: 1}");
            case COMPONENTS -> List.of("[a]", "5", "{}", "{\"a b\": {accounting_type: usage}}", "{cpu: {no-such-key: 1, accounting_type: usage}}", "{cpu: {}}");
            case LIST -> List.of("{a: b}", "[]", "[a]", "5");
        };
    }

    @Test
    void whatHoldsOfMembersWithoutAnyKeyIsWhatTheTableSays() throws IOException {
        assertThat(load(least().toString()).orElseThrow().offerings().get(0).backend().membership()).isEqualTo(MembershipSettings.USUAL);
    }

    @Test
    void theEnvironmentsDefaultsAreWhatHoldsWithoutIt() throws IOException {
        AgentConfig config = load(least().toString()).orElseThrow();
        Map<String, Key> environment = Keys.environment();
        assertThat(Map.of("WALDUR_SITE_AGENT_ORDER_PROCESS_PERIOD_MINUTES", config.orderProcessPeriod(), "WALDUR_SITE_AGENT_REPORT_PERIOD_MINUTES", config.reportPeriod(),
                "WALDUR_SITE_AGENT_MEMBERSHIP_SYNC_PERIOD_MINUTES", config.membershipSyncPeriod()))
                .allSatisfy((name, period) -> assertThat(environment.get(name).fallback()).contains(String.valueOf(((Duration) period).toMinutes())));
        assertThat(environment.get("REQUESTS_VERIFY_SSL").fallback()).contains(String.valueOf(config.offerings().get(0).verifySsl()));
        assertThat(environment.values()).allMatch(variable -> !variable.meaning().isBlank() && !variable.otherwise().isBlank());
    }

    @Test
    void noKeyIsInTwoMinds() {
        for (Keys keys : Keys.values()) {
            assertThat(keys.all()).allMatch(key -> key.unused().isPresent() || key.kind().isPresent());
            assertThat(keys.all()).allMatch(key -> key.fallback().isEmpty() || !key.isNeeded());
            assertThat(keys.used()).allMatch(key -> key.choices().stream().allMatch(choice -> key.meaning().contains("`" + choice + "`")));
            assertThat(keys.all()).allMatch(key -> key.choices().isEmpty() != key.kind().filter(Kind.CHOICE::equals).isPresent());
        }
        JsonNode schema = ConfigSchema.node();
        assertThat(schema.at("/properties").size()).isEqualTo(Keys.GLOBAL.all().size());
    }
}
