package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.rehearsal.Difference;
import org.waldur.siteagent.rehearsal.Played;
import org.waldur.siteagent.rehearsal.Rehearsal;
import org.waldur.siteagent.rehearsal.ScenarioFile;

/** The command {@code rehearse}. */
class RehearseTest {
    private static final String ORDER = """
            given: {projects: {brains: {customer: university, members: [alice]}}}
            steps:
              - order: {name: New, project: brains, limits: {cpu: 10}}
              - cycle: order_process
            """;
    @TempDir
    private Path folder;

    private record Said(int code, String out, String err) {
    }

    private static Said rehearse(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of("rehearse"));
        List.of(words).forEach(word -> args.add(word.toString()));
        int code = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    /** The example, with a token file that is not there and a state directory in which nothing may be written. */
    private Path config() throws Exception {
        String example = Files.readString(Path.of("examples/waldur-site-agent-config.yaml.example"));
        assertThat(example).contains("waldur_api_token: put-the-token-here").contains("# state_dir: /var/lib/waldur-site-agent");
        return file("config.yaml", example.replace("waldur_api_token: put-the-token-here", "waldur_api_token_file: no-such-file")
                .replace("# state_dir: /var/lib/waldur-site-agent", "state_dir: " + folder.resolve("state")).replace("# ca_file: /etc/ssl/certs/our-ca.pem", "ca_file: no-such-file"));
    }

    @Test
    void theRoutesOfTheInstallationDifferInNothingFromThemselvesInTheBuiltInScenario() throws Exception {
        Said said = rehearse("--config", config());
        assertThat(said.code()).as(said.toString()).isZero();
        assertThat(said.out()).isEqualTo("ok       built-in.yaml for Our cluster: no difference\n");
        assertThat(said.err()).isEmpty();
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void theExamplesAreMet() throws Exception {
        Said said = rehearse("-c", config(), "--alone", "--scenario", "examples/scenarios/member-leaves.yaml", "examples/scenarios/order-lifecycle.yaml",
                "examples/scenarios/slurmdbd-away.yaml", "examples/scenarios/usage-reported.yaml");
        assertThat(said.code()).as(said.toString()).isZero();
        assertThat(said.out()).isEqualTo("""
                ok       member-leaves.yaml for Our cluster
                ok       order-lifecycle.yaml for Our cluster
                ok       slurmdbd-away.yaml for Our cluster
                ok       usage-reported.yaml for Our cluster
                4 plays: 4 ok, 0 differ, 0 failed
                """);
    }

    /** A script and a server, of which each would show that it was reached. */
    @Test
    void nothingOutsideIsTouchedAndAllIsShown() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            heard.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            Path script = file("script", "#!/bin/sh\ntouch " + folder.resolve("was-run") + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            Checked copy = new Checked(folder.resolve("copy"));
            // from the end of the file to its beginning, so that no line has moved
            copy.edit("07");
            copy.edit("03");
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/letters";
            Path scenario = file("scenario.yaml", "properties: {site.script: " + script + ", site.hook: \"" + address + "\"}\n" + ORDER
                    + "  - order: {name: Wrong, project: brains, limits: {nonsense: 1}}\n  - cycle: order_process\n");
            Said said = rehearse("-c", config(), "--routes", copy.folder(), "--scenario", scenario);
            assertThat(said.code()).as(said.toString()).isEqualTo(2);
            assertThat(said.out()).contains("\n@@ 1. cycle, order_process: commands\n+ 0 (not run) " + script + " hpc_new\n",
                    "\n@@ 2. cycle, order_process: requests\n+ 200 (not sent) POST " + address + "  {");
            assertThat(said.out().lines().filter(line -> line.startsWith("+ ") || line.startsWith("- "))).hasSize(2);
            assertThat(folder.resolve("was-run")).doesNotExist();
            assertThat(heard).hasValue(0);
            assertThat(folder.resolve("state")).doesNotExist();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aFileIsNotWrittenAndARouteThatBeginsByItselfNeverDoes() throws Exception {
        Checked copy = new Checked(folder.resolve("copy"));
        Path in = Files.createDirectory(folder.resolve("in"));
        Files.writeString(in.resolve("letter"), "for the route that reads the folder");
        String step = "        - log:\n            id: nothing-after-account\n";
        assertThat(copy.read("hooks.camel.yaml")).contains(step);
        copy.write("hooks.camel.yaml", copy.read("hooks.camel.yaml").replace(step, """
                        - setBody:
                            id: what-to-write
                            expression:
                              constant:
                                expression: there is one more
                        - to:
                            id: write-it
                            uri: file:%s
                """.formatted(folder.resolve("out")) + step) + """
                - route:
                    id: reads-a-folder
                    description: Takes files
                    from:
                      uri: file:%s
                      steps:
                        - log:
                            id: taken
                            message: a file
                """.formatted(in));
        assertThat(copy.check()).isEmpty();
        Said said = rehearse("-c", config(), "--routes", copy.folder(), "--scenario", file("scenario.yaml", ORDER));
        assertThat(said.code()).as(said.toString()).isEqualTo(2);
        assertThat(said.out()).contains("+ (not sent) file://" + folder.resolve("out") + "  there is one more\n", "+ reads-a-folder.uri: file:" + in + "\n");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(in.resolve("letter")).exists();
    }

    @Test
    void whatFailsWithTheEditedRoutesOnlyIsAFailure() throws Exception {
        Checked copy = new Checked(folder.resolve("copy"));
        copy.edit("03");
        Path scenario = file("scenario.yaml", ORDER.replace("given:", "programs: {/usr/local/sbin/account-created: {exit: 3}}\ngiven:"));
        Said said = rehearse("-c", config(), "--routes", copy.folder(), "--scenario", scenario, "--format", "json");
        assertThat(said.code()).as(said.toString()).isEqualTo(1);
        JsonNode play = new ObjectMapper().readTree(said.out()).get("plays").get(0);
        assertThat(play.get("verdict").asText()).isEqualTo("failed");
        assertThat(play.get("failures").get(0).asText()).contains("1. cycle, order_process: <Create of New>: ", "ended with exit code 3");
        assertThat(play.get("differences").toString()).contains("order     Create     New                      executing");
    }

    @Test
    void anExpectationThatIsNotMetIsAFailureAndSaysWhatThereIs() throws Exception {
        Path good = file("good.yaml", ORDER + "expect: {orders: {New: done}}\n");
        Path bad = file("bad.yaml", ORDER + """
                expect:
                  orders: {New: erred}
                  resources: {New: Erred}
                  users: {New: [bob]}
                  limits: {New: {cpu: 7}}
                  usages: {New: {cpu: 7}}
                  accounts: ["${allocation_prefix}other"]
                  no_accounts: [New]
                  commands: [no such thing]
                  no_commands: [sacctmgr]
                  dead_letters: 1
                  held: 1
                """);
        Said said = rehearse("-c", config(), "--alone", "--scenario", good, bad);
        assertThat(said.code()).isEqualTo(1);
        String when = "         not as expected: after the 1. cycle: ";
        assertThat(said.out().lines()).containsExactly("ok       good.yaml for Our cluster", "FAILED   bad.yaml for Our cluster",
                when + "the last order of New: expected erred, and it is done", when + "the resource New: expected Erred, and it is OK",
                when + "the account hpc_other: expected there, and it is not there", when + "the account hpc_new: expected not there, and it is there",
                when + "the users of hpc_new: expected [bob], and it is [alice]", when + "GrpTRESMins of hpc_new, cpu: expected 7, and it is 600000",
                when + "the usage of hpc_new, cpu: expected 7, and it is not there", when + "a command that ended with 0 and has 'no such thing' in it: expected there, and it is not there",
                when + "a command that has 'sacctmgr' in it: expected not there, and it is there", when + "dead letters of what failed: expected 1, and it is 0",
                when + "dead letters of what is held: expected 1, and it is 0", "2 plays: 1 ok, 0 differ, 1 failed");
    }

    @Test
    void anEditThatIsNeverPlayedIsSaid() throws Exception {
        Checked copy = new Checked(folder.resolve("copy"));
        copy.edit("16");
        Said said = rehearse("-c", config(), "--routes", copy.folder(), "--scenario", file("scenario.yaml", ORDER));
        assertThat(said.code()).as(said.toString()).isZero();
        assertThat(said.out()).isEqualTo("ok       scenario.yaml for Our cluster: no difference\n         edited, and this scenario never comes to it: after-usage-held\n");
    }

    /** Orders are another agent's there; what it has made is there all the same. */
    @Test
    void anOfferingThatIsOnlyReported() throws Exception {
        Path config = config();
        Files.writeString(config, Files.readString(config).replace("# reporting_backend: slurm", "reporting_backend: slurm"));
        Said said = rehearse("-c", config, "--alone", "--scenario", "examples/scenarios/usage-reported.yaml", file("orders.yaml", ORDER + "expect: {orders: {New: pending-provider}}\n"));
        assertThat(said.code()).as(said.toString()).isZero();
    }

    @Test
    void wrongFilesAreSaidAllAtOnce() throws Exception {
        Said said = rehearse("-c", config(), "--scenario", file("one.yaml", "steps: []\nstep: 1\n"), file("two.yaml", "steps: [{sleep: 1}]\n"), folder.resolve("none.yaml"));
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains("one.yaml:2: step: there is no such key here", "two.yaml:1: steps[0].sleep: there is no such step", "none.yaml: the file cannot be read: there is no such file");
        assertThat(rehearse("-c", config(), "--routes", folder.resolve("none")).code()).isEqualTo(78);
        assertThat(rehearse("-c", config(), "--scenari0").code()).isEqualTo(64);
    }

    @Test
    void anEditThatDoesNotEndIsNamedAndEnded() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        Path hooks = routes.resolve("hooks.camel.yaml");
        Files.writeString(hooks, Files.readString(hooks).replace("uri: direct:after-account-created\n      steps:\n", """
                uri: direct:after-account-created
                      steps:
                        - delay:
                            id: a-day
                            expression:
                              constant:
                                expression: "86400000"
                """));
        AgentConfig config = ConfigFile.loadWithoutSecrets(config(), Map.of()).config();
        Settings settings = new Settings(config, routes, config.offerings(), Set.of(), true, false, Map.of());
        Played played = new Rehearsal(new RehearsalAgents(settings, Duration.ofSeconds(20)), config, Path.of("routes").toAbsolutePath())
                .play(ScenarioFile.read(file("order.yaml", ORDER)), config.offerings().get(0), routes, folder.resolve("stage"));
        assertThat(Difference.of(new Played(), Path.of("routes"), played, routes).failures())
                .anySatisfy(failure -> assertThat(failure).contains("did not end within 20 s; the route that it came to last is after-account-created"));
    }
}
