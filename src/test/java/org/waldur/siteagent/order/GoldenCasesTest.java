package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.waldur.siteagent.account.Limits;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.component.ComponentChange;
import org.waldur.siteagent.component.Components;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.plan.Change.FailOrder;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.Slurm;
import org.waldur.siteagent.slurm.TresLimits;

/** What users of the Python agent rely on: src/test/resources/golden/orders.yaml, read as data. */
class GoldenCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> COMPONENTS = Map.of(
            "limit", "mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: limit}",
            "usage", "mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: usage, limit: 10}");
    private static final String CPU = "cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}";

    @TempDir
    private Path folder;

    private static Stream<JsonNode> cases(String group) throws IOException {
        Object all = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of("src/test/resources/golden/orders.yaml")));
        return list(JSON.valueToTree(all).path(group)).stream();
    }

    private static List<JsonNode> list(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false).toList();
    }

    private static List<String> texts(JsonNode node) {
        return list(node).stream().map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> orders() throws IOException {
        return cases("orders");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void orderOnASite(JsonNode golden) throws IOException {
        try (Site site = new Site(folder, WaldurSimulator.start(), golden.path("policy").asText(""))) {
            site.components(golden.has("components") ? CPU + "\n" + COMPONENTS.get(golden.path("components").path("mem").asText()) : CPU);
            golden.path("settings").fields().forEachRemaining(s -> site.backend(s.getKey(), s.getValue().asText()));
            site.property("agent.root", "true");
            String order = happen(site, golden);
            JsonNode waldur = golden.path("waldur");
            if (!waldur.isMissingNode()) {
                Predicate<WaldurRequest> request = r -> r.path().contains(waldur.path("fails").asText());
                WaldurFault fault = waldur.has("code") ? WaldurFault.answer(request, waldur.path("code").asInt(), "{}") : WaldurFault.cutOff(request);
                site.waldur.inject(fault.times(waldur.path("times").asInt()));
            }
            Pattern command = Pattern.compile(golden.at("/slurm/fails").asText("there is none"));
            site.slurm.inject(SlurmFault.fail(argv -> command.matcher(String.join(" ", argv)).find(), 1, " Problem").times(99));
            site.cycle();
            check(site, order, golden.path("expect"));
        }
    }

    /** What is to have happened before, then the order of the case is placed; gives its uuid. */
    private static String happen(Site site, JsonNode golden) {
        Map<String, Integer> limits = golden.at("/components/mem").asText().equals("limit") ? Map.of("cpu", 10, "mem", 20) : Map.of("cpu", 10);
        List<String> before = texts(golden.path("before"));
        String create = site.waldur.create(site.offering, "Sample", "proj-1", "cust-1", limits);
        if (golden.path("order").asText().equals("create")) {
            return create;
        }
        if (before.isEmpty()) {
            site.waldur.spoil(create, "state", "done");
            site.waldur.spoilResource(create, "state", "OK");
        }
        for (String event : before) {
            switch (event) {
                case "create" -> assertThat(site.cycle()).isZero();
                case "terminate" -> {
                    site.waldur.terminate(create);
                    assertThat(site.cycle()).isZero();
                }
                default -> assertThat(site.slurm.run(("sacctmgr --immediate " + event).split(" ")).rc()).as(event).isZero();
            }
        }
        golden.path("resource").fields().forEachRemaining(f -> site.waldur.spoilResource(create, f.getKey(), f.getValue().asText()));
        Map<String, Object> wanted = golden.has("limits") ? JSON.convertValue(golden.path("limits"), Map.class) : Map.copyOf(limits);
        String order = switch (golden.path("order").asText()) {
            case "update" -> site.waldur.update(create, wanted);
            case "terminate" -> site.waldur.terminate(create);
            default -> site.waldur.restore(create, wanted);
        };
        if (golden.has("state")) {
            site.waldur.spoil(order, "state", golden.path("state").asText());
        }
        return order;
    }

    private static void check(Site site, String order, JsonNode expect) throws IOException {
        assertThat(site.waldur.order(order)).containsEntry("state", expect.path("order").asText());
        assertThat(site.deadLetters()).hasSize(expect.path("dead_letters").asInt(site.deadLetters().size()));
        if (expect.has("backend_id")) {
            assertThat(site.waldur.resource(order)).containsEntry("backend_id", expect.path("backend_id").asText());
        }
        List<String> accounts = site.slurm.associations().stream().filter(a -> a.user().isEmpty() && !a.account().equals("root"))
                .map(a -> (a.parent() + "/" + a.account() + " " + TresLimits.format(a.grpTresMins())).strip()).toList();
        if (expect.path("accounts").isEmpty() && expect.has("accounts")) {
            assertThat(accounts).isEmpty();
        }
        assertThat(accounts).containsAll(texts(expect.path("accounts")));
        if (expect.has("users")) {
            assertThat(site.slurm.associations().stream().filter(a -> a.account().equals("hpc_sample") && !a.user().isEmpty()).map(a -> a.user()))
                    .containsExactlyInAnyOrderElementsOf(texts(expect.path("users")));
        }
        for (String home : texts(expect.path("homes"))) {
            assertThat(site.slurm.homePath().resolve(home)).exists();
        }
    }

    static Stream<JsonNode> messages() throws IOException {
        return cases("messages");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void messageOfAnErredOrder(JsonNode golden) {
        FailOrder failed = new FailOrder(new TreeSet<>(List.of("o")), "o", golden.path("failed_with").asText(), false, golden.path("failed_with").asText());
        assertThat(new Orders(true, null).error(failed)).contains(golden.path("message_excludes").asText());
        assertThat(new Orders(false, null).error(failed)).doesNotContain(golden.path("message_excludes").asText());
    }

    static Stream<JsonNode> prepaid() throws IOException {
        return cases("prepaid");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("prepaid")
    void prepaidLimit(JsonNode golden) {
        int months = Limits.prepaidMonths(Optional.of(golden.path("created").asText()).map(LocalDate::parse),
                Optional.of(golden.path("end").asText()).map(LocalDate::parse));
        assertThat(months).isEqualTo(golden.path("months").asInt(months));
        Component component = new Component("cpu", "CPU", "h", new BigDecimal(golden.path("unit_factor").asText("1")), Component.AccountingType.ONE,
                Optional.empty(), Map.of(), Map.of());
        long limit = golden.path("limit").asLong(1);
        assertThat(Limits.of(Map.of("cpu", component), Map.of("cpu", Optional.of(BigDecimal.valueOf(limit))), months, MissingLimit.HOLD, true).grpTresMins())
                .containsEntry("cpu", golden.path("grp").asLong(months));
    }

    static Stream<JsonNode> parsing() throws IOException {
        return cases("parsing");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsing")
    void clusterAsRead(JsonNode golden) throws Exception {
        StringBuilder associations = new StringBuilder("Cluster|Account|ParentName|User|GrpTRESMins|Partition|GrpSubmit|QOS|Def QOS\nlab|root|||||||\n");
        texts(golden.path("associations")).forEach(row -> associations.append("lab|").append(row).append("||||\n"));
        Slurm slurm = new Slurm("root", folder);
        slurm.rememberTres(offering(CPU), CommandOutput.of("Type|Name\ncpu|\n" + texts(golden.path("tres")).stream().map(tres -> tres + "\n").collect(Collectors.joining())));
        Cluster cluster = slurm.read(CommandOutput.of(associations.toString()), CommandOutput.of("Account|Org|Descr\nroot|root|root\n"
                + golden.path("accounts").asText("") + "\n"), CommandOutput.of("Cluster|Account|User\nlab|root|root\n"), CommandOutput.of("-"), "-", offering(CPU));
        JsonNode expect = golden.path("expect");
        String account = golden.path("account").asText("root");
        assertThat(cluster.parent(account)).isEqualTo(expect.path("parent").asText(cluster.parent(account)));
        assertThat(cluster.users(account)).containsAll(texts(expect.path("users")));
        assertThat(texts(expect.path("tres"))).allMatch(cluster::knows);
        expect.path("limits").fields().forEachRemaining(l -> assertThat(cluster.account(account).orElseThrow().grpTresMins())
                .containsEntry(l.getKey(), l.getValue().asLong()));
        if (golden.has("accounts")) {
            assertThat(cluster.row(account)).isPresent();
        }
    }

    static Stream<JsonNode> components() throws IOException {
        return cases("components");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("components")
    void componentAsSent(JsonNode golden) throws Exception {
        ObjectNode config = JSON.createObjectNode().put("label", "CPU").put("measured_unit", "k-Hours").put("unit_factor", 60000).put("accounting_type", "limit");
        golden.path("config").fields().forEachRemaining(f -> config.set(f.getKey(), f.getValue()));
        ObjectNode waldur = JSON.createObjectNode();
        if (golden.has("existing")) {
            ObjectNode existing = JSON.createObjectNode().put("type", "cpu").put("uuid", "1".repeat(32));
            golden.path("existing").fields().forEachRemaining(f -> existing.set(f.getKey(), f.getValue()));
            waldur.putArray("components").add(existing);
        }
        List<ComponentChange> changes = new Components((o, c) -> { }).plan(offering("cpu: " + config), waldur);
        assertThat(changes).hasSize(1);
        JsonNode body = JSON.readTree(changes.get(0).json());
        golden.path("body").fields().forEachRemaining(f -> assertThat(body.path(f.getKey())).as(f.getKey()).isEqualTo(f.getValue()));
        assertThat(body.has(golden.path("body_excludes").asText("nothing"))).isFalse();
    }

    private Offering offering(String components) throws Exception {
        try (Site site = new Site(folder)) {
            return ConfigFile.load(site.components(components).config(), Map.of()).config().offerings().get(0);
        }
    }
}
