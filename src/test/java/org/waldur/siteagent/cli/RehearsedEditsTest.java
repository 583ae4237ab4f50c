package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.rehearsal.Difference;
import org.waldur.siteagent.rehearsal.Played;
import org.waldur.siteagent.rehearsal.Rehearsal;
import org.waldur.siteagent.rehearsal.Scenario;
import org.waldur.siteagent.rehearsal.ScenarioFile;

/** A rehearsal sees what each of the edits of examples/edits changes. */
class RehearsedEditsTest {
    private static final Path SHIPPED = Path.of("routes").toAbsolutePath();
    /** Something happens in it for each edit; the properties make those speak that depend on the day, the hour, or the name of an offering. */
    private static final String SCENARIO = """
            properties: {site.office_hours: "98..99", site.own_members: Our cluster, site.day_without_removals: "%s", site.username_table: "%s"}
            programs: {/usr/local/sbin/username-of: {answer: frank}}
            given:
              qos: [stopped]
              offering: {username_generation_policy: service_provider}
              components: {gpu: usage}
              projects:
                brains: {customer: university, members: [alice, bob, carol]}
            steps:
              - order: {name: Old, project: brains, limits: {cpu: 10}}
              - order: {name: Held, project: brains, limits: {cpu: 10}}
              - order: {name: New, project: brains, limits: {cpu: 10}}
              - order: {name: Large, project: brains, limits: {cpu: 2000}}
              - order: {name: Wrong, project: brains, limits: {nonsense: 1}}
              - cycle: order_process
              - job: {account: Old, user: alice, start: "2026-01-20T12:00:00Z", hours: 10}
              - wait: 1d
              - reported: {name: Held, component: cpu, amount: 9.99}
              - cycle: report
              - join: {project: brains, user: Frank, named: false}
              - leave: {project: brains, user: bob}
              - flag: {name: Old, flag: paused}
              - cycle: membership_sync
            """;

    @TempDir
    private static Path folder;
    private static Rehearsal rehearsal;
    private static AgentConfig config;
    private static Scenario scenario;
    private static Played shipped;

    @BeforeAll
    static void playTheShippedRoutes() throws Exception {
        config = ConfigFile.loadWithoutSecrets(Path.of("examples/waldur-site-agent-config.yaml.example"), Map.of()).config();
        Settings settings = new Settings(config, SHIPPED, config.offerings(), Set.of(), true, false, Map.of());
        rehearsal = new Rehearsal(new RehearsalAgents(settings, Duration.ofMinutes(2)), config, SHIPPED);
        Path table = Files.writeString(folder.resolve("table"), "nobody, nobody\n");
        scenario = ScenarioFile.read(Files.writeString(folder.resolve("scenario.yaml"), SCENARIO.formatted(LocalDate.now().getDayOfWeek().getValue(), table)));
        shipped = play(SHIPPED, "shipped");
    }

    private static Played play(Path routes, String name) throws Exception {
        return rehearsal.play(scenario, config.offerings().get(0), routes, Files.createDirectory(folder.resolve(name)));
    }

    private static Difference edited(Path copy, String name) throws Exception {
        return Difference.of(shipped, SHIPPED, play(copy, name), copy);
    }

    /**
     * Edits that do not hide each other's effect are played together, because a play takes seconds; those of one file from its end to its beginning, so that no line
     * has moved. With each edit a text of the difference that is there for its sake.
     */
    static List<Map<String, String>> edits() {
        Map<String, String> many = new LinkedHashMap<>();
        many.put("07", "(not sent) POST http://127.0.0.1:8080/dead-letters");
        many.put("17", "'frank'");
        many.put("20", "(not sent) POST http://127.0.0.1:8080/hook");
        many.put("16", "(not run) /usr/local/sbin/usage-held hpc_held 2026-01");
        many.put("09", "qos=normal");
        many.put("03", "(not run) /usr/local/sbin/account-created hpc_new");
        many.put("02", "fairshare of hpc_old: 10");
        many.put("04", "mkhomedir_helper");
        many.put("01", "600000");
        many.put("12", "mem 320.00");
        many.put("15", "/usr/bin/sacct ");
        many.put("11", "isDue(3600000, 15)");
        Map<String, String> others = new LinkedHashMap<>();
        others.put("22", "QOS=stopped");
        others.put("21", "remove user");
        others.put("08", "hpc_brains-new");
        others.put("13", "hpc_brains-old 2026-01 cpu 0.64");
        return List.of(many, others, Map.of("14", "2026-01 gpu 20.00", "19", "Frank OK", "10", "add user"), Map.of("05", "1000 k-Hours"), Map.of("06", "pending-provider"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void eachEditIsSeen(Map<String, String> edits) throws Exception {
        Checked copy = new Checked(folder.resolve("copy-" + String.join("-", edits.keySet())));
        for (String edit : edits.keySet()) {
            copy.edit(edit);
        }
        Difference difference = edited(copy.folder(), String.join("-", edits.keySet()));
        assertThat(difference.failures()).isEmpty();
        // where many accounts are new, a file is loaded instead
        assertThat(difference.unplayed()).isSubsetOf("add-account");
        assertThat(difference.verdict()).isEqualTo(Difference.Verdict.DIFFERENT);
        String lines = difference.parts().stream().flatMap(part -> part.lines().stream()).map(Difference.Line::text).collect(Collectors.joining("\n"));
        edits.forEach((edit, shown) -> assertThat(lines).as(edit).contains(shown));
    }

    /** Nobody is in the table, so that it gives the same names as nobody does. */
    @Test
    void anEditWithoutAnEffectIsPlayedAndDiffersInNothing() throws Exception {
        Checked copy = new Checked(folder.resolve("copy-18"));
        copy.edit("18");
        assertThat(edited(copy.folder(), "18")).isEqualTo(new Difference(Set.of(), Set.of(), List.of(), Set.of()));
    }

    @Test
    void noEditIsLeftOut() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/edits"))) {
            assertThat(files.map(file -> file.getFileName().toString().substring(0, 2))).containsExactlyInAnyOrderElementsOf(
                    Stream.concat(edits().stream().flatMap(each -> each.keySet().stream()), Stream.of("18")).toList());
        }
    }

    @Test
    void aCopyDiffersInNothing() throws Exception {
        assertThat(edited(new Checked(folder.resolve("copy")).folder(), "unchanged")).isEqualTo(new Difference(Set.of(), Set.of(), List.of(), Set.of()));
    }
}
