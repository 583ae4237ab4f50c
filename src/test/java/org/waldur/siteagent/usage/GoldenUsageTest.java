package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.slurm.TresAmounts;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.ServerClock;

/** What users of the Python agent rely on: src/test/resources/golden/usage.yaml, read as data. */
class GoldenUsageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YearMonth MONTH = YearMonth.of(2026, 11);
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final String HEADER = "Cluster|JobIDRaw|Account|User|Start|End|ElapsedRaw|Suspended|TimelimitRaw|AllocTRES\n";

    private static Stream<JsonNode> cases(String group) throws IOException {
        Object all = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of("src/test/resources/golden/usage.yaml")));
        List<JsonNode> cases = StreamSupport.stream(JSON.valueToTree(all).path(group).spliterator(), false).map(JsonNode.class::cast).toList();
        assertThat(cases).as(group).isNotEmpty();
        return cases.stream();
    }

    /** Minutes with four decimals, as the cases have them. */
    private static String minutes(BigDecimal seconds) {
        return seconds.divide(BigDecimal.valueOf(60), 4, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    private static SortedMap<String, String> texts(JsonNode node) {
        SortedMap<String, String> texts = new TreeMap<>();
        node.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    static Stream<JsonNode> jobs() throws IOException {
        return cases("jobs");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void tresMinutesOfAJob(JsonNode golden) {
        String[] job = golden.path("job").asText().split("\\|", -1);
        Window window = Window.of(MONTH, UTC, 31, Long.MAX_VALUE / 2).get(0);
        long elapsed = Durations.seconds(job[2]);
        String row = "lab|1|" + job[0] + "|" + job[3] + "|" + window.from() + "|" + (window.from() + elapsed) + "|" + elapsed + "|00:00:00|1440|" + job[1] + "\n";
        WindowCount count = new WindowCount(window, new LiveJobs(0, Set.of(), 0, Map.of(), 0), Holders.NONE, (w, run, seconds) -> { });
        if (golden.has("unknown")) {
            assertThatThrownBy(() -> SacctReader.read(CommandOutput.of(HEADER + row), "lab", count::add)).isInstanceOf(UsageUnknown.class)
                    .hasMessageContaining(golden.path("unknown").asText());
            return;
        }
        SacctReader.read(CommandOutput.of(HEADER + row), "lab", count::add);
        SortedMap<String, String> minutes = new TreeMap<>();
        count.total().of(job[0]).getOrDefault(job[3], new TreeMap<>()).forEach((tres, seconds) -> minutes.put(tres, minutes(seconds)));
        assertThat(minutes).isEqualTo(texts(golden.path("minutes")));
    }

    static Stream<JsonNode> durations() throws IOException {
        return cases("durations");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("durations")
    void duration(JsonNode golden) {
        String text = golden.path("text").asText();
        if (golden.has("minutes")) {
            assertThat(minutes(BigDecimal.valueOf(Durations.seconds(text)))).isEqualTo(golden.path("minutes").asText());
        } else {
            assertThatThrownBy(() -> Durations.seconds(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    static Stream<JsonNode> amounts() throws IOException {
        return cases("amounts");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amounts")
    void amountInWaldursUnits(JsonNode golden) {
        Map<String, BigDecimal> used = new TreeMap<>();
        texts(golden.path("minutes")).forEach((tres, minutes) -> used.put(tres, new BigDecimal(minutes).multiply(BigDecimal.valueOf(60))));
        Map<String, BigDecimal> targets = new LinkedHashMap<>();
        texts(golden.path("target_components")).forEach((tres, factor) -> targets.put(tres, new BigDecimal(factor)));
        String component = targets.isEmpty() ? used.keySet().iterator().next() : "node_hours";
        Formulas formulas = Formulas.of(Offerings.of(UTC, Offerings.component(component, golden.path("unit_factor").asText(), targets)));
        assertThat(formulas.amount(component, used).toPlainString()).isEqualTo(golden.path("amount").asText());
    }

    static Stream<JsonNode> comparisons() throws IOException {
        return cases("comparisons");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("comparisons")
    void whatIsSent(JsonNode golden) {
        UsageWorld world = new UsageWorld().resource(1, "hpc_one");
        texts(golden.path("existing")).forEach((component, amount) -> world.booked(1, component, amount));
        texts(golden.path("new")).forEach((component, amount) -> world.used("hpc_one", "", component, amount));
        if (golden.has("sacct")) {
            assertThatThrownBy(() -> SacctReader.read(CommandOutput.of(golden.path("sacct").asText()), "lab", run -> { }))
                    .isInstanceOfSatisfying(UsageUnknown.class, unknown -> world.unknown(UsageWorld.NOVEMBER, unknown.getMessage()));
        }
        UsageReport report = world.report();
        SortedMap<String, String> sent = new TreeMap<>();
        report.plan().of(SetUsage.class).forEach(usage -> usage.amounts().forEach((component, amount) -> sent.put(component, amount.toPlainString())));
        assertThat(sent).isEqualTo(texts(golden.path("post")));
        assertThat(report.plan().of(HoldUsage.class).isEmpty()).isEqualTo(!golden.path("held").asBoolean());
    }

    static Stream<JsonNode> clocks() throws IOException {
        return cases("clocks");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clocks")
    void aMonthThatTurns(JsonNode golden) {
        Booking booking = Booking.of(YearMonth.parse(golden.path("month").asText()), Instant.parse(golden.path("own").asText()),
                Optional.of(Instant.parse(golden.path("server").asText())), UTC, false);
        assertThat(booking instanceof Booking.Undated).isEqualTo(golden.path("post").asBoolean());
        assertThat(booking instanceof Booking.Closed).isEqualTo(!golden.path("post").asBoolean());
    }

    private static Bookings bookings(Instant now, Offering offering) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        ServerClock server = new ServerClock(clock);
        server.saw(offering, DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atZone(ZoneOffset.UTC)));
        Features features = new Features();
        features.rememberVersion(offering, "{\"version\": \"8.1.2\"}");
        return new Bookings(clock, server, features, null, null);
    }

    static Stream<JsonNode> periods() throws IOException {
        return cases("periods");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("periods")
    void monthsToReport(JsonNode golden) {
        Offering offering = Offerings.of(UTC);
        Clock clock = Clock.fixed(Instant.parse(golden.path("now").asText()), ZoneOffset.UTC);
        assertThat(new Reports(clock, null, null, null, null, null, report -> { }).months(offering, golden.path("periods").asText())).map(YearMonth::toString).isEqualTo(JSON.convertValue(golden.path("months"), List.class));
    }

    static Stream<JsonNode> windows() throws IOException {
        return cases("windows");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("windows")
    void aMonthAsSacctIsAsked(JsonNode golden) {
        assertThat(Window.of(YearMonth.parse(golden.path("month").asText()), UTC, 31, Long.MAX_VALUE / 2)).singleElement()
                .returns(golden.path("start").asText(), Window::getStart).returns(golden.path("end").asText(), Window::getEnd);
    }

    static Stream<JsonNode> bodies() throws IOException {
        return cases("bodies");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void theRequest(JsonNode golden) throws IOException {
        Offering offering = Offerings.of(UTC);
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        texts(golden.path("amounts")).forEach((component, amount) -> amounts.put(component, new BigDecimal(amount)));
        SetUsage change = new SetUsage(UsageWorld.uuid(1), "hpc_one", YearMonth.parse(golden.path("month").asText()), amounts, new TreeMap<>(), "");
        String body = bookings(Instant.parse(golden.path("now").asText()), offering).body(offering, null, change);
        assertThat(JSON.readTree(body)).isEqualTo(golden.path("body"));
    }

    static Stream<JsonNode> parsing() throws IOException {
        return cases("parsing");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsing")
    void sizeOfMemory(JsonNode golden) {
        assertThat(TresAmounts.parse(golden.path("text").asText()).get("mem")).isEqualByComparingTo(golden.path("amount").asText());
    }
}
