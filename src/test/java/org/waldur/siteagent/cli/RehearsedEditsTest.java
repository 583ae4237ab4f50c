package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        rehearsal = new Rehearsal(new RehearsalAgents(settings), config, SHIPPED);
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

    static List<String> edits() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/edits"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** What of a difference shows it: a text of its lines, for those edits whose effect could be mistaken for another. */
    private static final Map<String, String> SHOWN = Map.ofEntries(Map.entry("01", "600000"), Map.entry("03", "(not run) /usr/local/sbin/account-created hpc_new"), Map.entry("04", "mkhomedir_helper"),
            Map.entry("05", "1000 k-Hours"), Map.entry("07", "(not sent) POST http://127.0.0.1:8080/dead-letters"), Map.entry("08", "hpc_brains-new"), Map.entry("09", "qos=normal"),
            Map.entry("11", "isDue(3600000, 15)"), Map.entry("12", "320"), Map.entry("13", "\"mem\""), Map.entry("14", "\"gpu\""), Map.entry("16", "(not run) /usr/local/sbin/usage-held hpc_held 2026-01"),
            Map.entry("17", "'frank'"), Map.entry("20", "(not sent) POST http://127.0.0.1:8080/hook"), Map.entry("21", "remove user"), Map.entry("22", "stopped"));

    @ParameterizedTest
    @MethodSource("edits")
    void eachEditIsSeen(String edit) throws Exception {
        Checked copy = new Checked(folder.resolve("copy-" + edit));
        copy.edit(edit.substring(0, 2));
        Difference difference = edited(copy.folder(), edit);
        assertThat(difference.failures()).isEmpty();
        if (edit.startsWith("18")) {
            // the table has nobody's name here, so that nothing differs; but the route was played
            assertThat(difference.unplayed()).isEmpty();
        } else {
            assertThat(difference.verdict()).isEqualTo(Difference.Verdict.DIFFERENT);
            assertThat(difference.parts().toString()).contains(SHOWN.getOrDefault(edit.substring(0, 2), ""));
        }
    }

    @Test
    void aCopyDiffersInNothing() throws Exception {
        assertThat(edited(new Checked(folder.resolve("copy")).folder(), "unchanged")).isEqualTo(new Difference(Set.of(), Set.of(), List.of(), Set.of()));
    }
}
