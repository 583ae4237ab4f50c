package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waldur.siteagent.config.Editor;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import picocli.CommandLine;

/** The exit codes of the real command line, and what it says. */
class CommandLineTest {
    @TempDir
    private Path folder;
    private Site site;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void open() throws IOException {
        site = new Site(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    /** Runs it with the config and the routes of the site. */
    private int run(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("-c", site.config().toString(), "--routes", "routes"));
        return plain(args.toArray(String[]::new));
    }

    private int plain(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine().setOut(Site.asInAProcess(out)).setErr(Site.asInAProcess(err));
        return line.execute(args);
    }

    private String create(Map<String, ?> limits) {
        return site.waldur.create(site.offering, "One", "proj-1", "cust-1", limits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--nonsense | Unknown option: '--nonsense'",
        "--onec | --once",
        "nonsense | nonsense",
        "-m orders | there is no mode 'orders'; the modes are order_process, report, membership_sync",
        "-m order_process,membership | there is no mode 'membership'",
        "-m order_process, | there is no mode ''",
        "-m event_process | by polling: -m order_process,membership_sync",
        "--once --offering other | --offering other: the config has ['slurm']",
        "load-components --once | --once",
        "check --dry-run | --dry-run"})
    void wrongUsageIs64(String args, String said) {
        assertThat(run(args.split(" "))).isEqualTo(64);
        assertThat(err.toString()).contains(said, "--help").doesNotContain("Exception", "\tat ");
        assertThat(site.stateDir()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"--once", "--dry-run", "check", "load-components", "load-components --dry-run", "''"})
    void aWrongConfigOrWrongRoutesAre78(String words) throws IOException {
        String[] command = words.isEmpty() ? new String[0] : words.split(" ");
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--routes", "routes", "-c", folder.resolve("none.yaml").toString()));
        assertThat(plain(args.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("none.yaml", "no such file");

        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), Files.readString(site.config()).replace("default_account:", "defualt_account:"));
        args.set(args.size() - 1, wrong.toString());
        assertThat(plain(args.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("defualt_account", "default_account", "wrong.yaml");

        args.set(args.size() - 1, site.config().toString());
        args.set(args.size() - 3, folder.resolve("no-routes").toString());
        assertThat(plain(args.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("no-routes", "--routes");

        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.writeString(routes.resolve("x.camel.yaml"), "- route:\n    id: x\n    from:\n      uri: direct:x\n      steps:\n        - to:\n"
                + "            id: nowhere\n            uri: direct:nowhere\n");
        args.set(args.size() - 3, routes.toString());
        assertThat(plain(args.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("x.camel.yaml", "nowhere");
        assertThat(site.stateDir()).doesNotExist();
    }

    /** As the Python agent's users have them in their fingers and in their units. */
    @ParameterizedTest
    @CsvSource({"-m order_process -c", "-m report -c", "-m membership_sync -c", "--mode report --config-file", "--mode=membership_sync -c", "load-components -c",
        "load-components --config-file", "create-homedirs --config-file"})
    void theOptionsOfThePythonAgentMeanHereWhatTheyMeanThere(String words) {
        List<String> args = new ArrayList<>(List.of(words.split(" ")));
        args.add(folder.resolve("none.yaml").toString());
        assertThat(plain(args.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("none.yaml: the file cannot be read");
    }

    @Test
    void theSchemaIsPrintedAndNothingElse() throws IOException {
        assertThat(plain("config-schema")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).at("/properties/offerings/type").asText()).isEqualTo("array");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aGoodCheckIs0() throws IOException {
        assertThat(Editor.mistakes(Files.readString(site.config()))).as("the schema is of one mind with check").isEmpty();
        assertThat(run("check")).isZero();
        assertThat(out.toString()).startsWith("good: ");
        assertThat(site.stateDir()).doesNotExist();
        assertThat(site.waldur.requests()).isEmpty();
    }

    /** Who runs something by hand means the routes that his service runs. */
    @Test
    void routesBesideTheConfigAreMeantUnlessOthersAreNamed() throws IOException {
        String config = site.config().toString();
        assertThat(plain("check", "-c", config)).isZero();
        assertThat(out.toString()).endsWith(", and " + Path.of("routes").toAbsolutePath() + System.lineSeparator());
        Path beside = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, beside.resolve(file.getFileName()));
            }
        }
        assertThat(plain("check", "-c", config)).isZero();
        assertThat(out.toString()).endsWith(", and " + beside + System.lineSeparator());
        assertThat(run("check")).isZero();
        assertThat(out.toString()).endsWith(", and " + Path.of("routes").toAbsolutePath() + System.lineSeparator());
    }

    @Test
    void helpListsTheExitCodesOfTheReadmeAndVersionNamesTheVersion() throws IOException {
        assertThat(plain("--version")).isZero();
        assertThat(out.toString()).startsWith("waldur-site-agent " + Agent.VERSION);
        assertThat(plain("--help")).isZero();
        String readme = Files.readString(Path.of("README.md"));
        Map<String, String> codes = new HashMap<>();
        new CommandLine(new Main()).getCommandSpec().usageMessage().exitCodeList().forEach(codes::put);
        assertThat(codes).containsOnlyKeys("0", "1", "2", "3", "64", "78");
        codes.forEach((code, meaning) -> {
            assertThat(out.toString().replaceAll("\\s+", " ")).contains(code + " " + meaning);
            assertThat(readme).contains("| " + code + " | " + meaning + " |");
        });
    }

    @Test
    void onceIs0WhenAllIsWell() {
        assertThat(run("--once")).isZero();
        String order = create(Map.of("cpu", 10));
        assertThat(run("--once", "--offering", site.offering)).isZero();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
    }

    @Test
    void onceIs1WhenSomethingFailed() {
        create(Map.of("cpu", 10));
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Problem talking to the database"));
        assertThat(run("--once", "--offering", "slurm")).isEqualTo(1);
        assertThat(site.deadLetters()).hasSize(1);
    }

    @Test
    void aDryRunIs0WithoutChanges2WithChangesAnd3IfAllIsHeldForTheOperator() {
        assertThat(run("--dry-run")).isZero();
        assertThat(out).as("it says that it has looked").hasToString("order_process: nothing to do\n");
        create(Map.of());
        assertThat(run("--dry-run")).isEqualTo(3);
        assertThat(out.toString()).contains("hold order");
        site.waldur.create(site.offering, "Two", "proj-1", "cust-1", Map.of("cpu", 10));
        assertThat(run("--dry-run")).isEqualTo(2);
        assertThat(out.toString()).contains("hold order", "create account hpc_two");
        assertThat(site.stateDir()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"slurm", "waldur", "team"})
    void aDryRunInWhichSomethingFailsIs1AndWritesNothing(String what) throws IOException {
        create(Map.of("cpu", 10));
        switch (what) {
            case "slurm" -> site.slurm.inject(SlurmFault.fail(argv -> argv.contains("show"), 1, " Problem talking to the database").times(9));
            case "waldur" -> site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-orders/"), 403, "{\"detail\": \"no\"}"));
            default -> site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("/team/"), 404, "{\"detail\": \"no\"}"));
        }
        Path routes = new Edited(folder.resolve("edited")).hook();
        String before = site.world();
        assertThat(plain("--dry-run", "-c", site.config().toString(), "--routes", routes.toString())).isEqualTo(1);
        assertThat(site.world()).isEqualTo(before);
        assertThat(site.waldur.requests()).isNotEmpty().allMatch(r -> r.method().equals("GET"));
        assertThat(site.stateDir()).doesNotExist();
        assertThat(folder.resolve("edited/called")).doesNotExist();
    }

    /** The hook is real: the same failure without --dry-run calls it. */
    @Test
    void theHookOfADeadLetterIsCalledOtherwise() throws IOException {
        create(Map.of("cpu", 10));
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("show"), 1, " Problem talking to the database").times(9));
        Path routes = new Edited(folder.resolve("edited")).hook();
        assertThat(plain("--once", "-c", site.config().toString(), "--routes", routes.toString())).isEqualTo(1);
        assertThat(folder.resolve("edited/called")).exists();
    }

    @Test
    void aFolderWithBlanksAndOtherSignsIsLoaded() throws IOException {
        Path routes = copied("my routes (old) $new #1 é'");
        assertThat(plain("check", "-c", site.config().toString(), "--routes", routes.toString())).as(err.toString()).isZero();
        assertThat(plain("--dry-run", "-c", site.config().toString(), "--routes", routes.toString())).as(err.toString()).isZero();
    }

    private Path copied(String name) throws IOException {
        Path routes = Files.createDirectories(folder.resolve(name));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        return routes;
    }

    @Test
    void loadComponentsIs2InADryRunWithADifferenceAnd0WithoutOne() {
        assertThat(run("load-components", "--dry-run")).isEqualTo(2);
        assertThat(out.toString()).contains("1 to write", "+ cpu");
        assertThat(site.stateDir()).doesNotExist();
        assertThat(run("load-components")).isZero();
        assertThat(run("load-components", "--dry-run")).isZero();
        assertThat(run("load-components", "--offering", "other")).isEqualTo(64);
        site.waldur.inject(WaldurFault.answer(r -> true, 401, "{\"detail\": \"Invalid token.\"}"));
        assertThat(run("load-components")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"--once", "load-components", "''"})
    void aStateDirectoryThatCannotBeUsedIs78(String words) throws IOException {
        Files.writeString(site.stateDir(), "a file");
        assertThat(words.isEmpty() ? run() : run(words)).isEqualTo(78);
        assertThat(err.toString()).contains(site.stateDir() + " (state_dir) cannot be made", "is no folder");
        assertThat(site.waldur.requests()).isEmpty();
    }

    /** A copy of the routes whose hook after-dead-letter leaves a file. */
    private record Edited(Path folder) {
        Path hook() throws IOException {
            Path routes = Files.createDirectories(folder.resolve("routes"));
            try (var files = Files.list(Path.of("routes"))) {
                for (Path file : files.toList()) {
                    Files.copy(file, routes.resolve(file.getFileName()));
                }
            }
            Path hooks = routes.resolve("hooks.camel.yaml");
            String text = Files.readString(hooks);
            int log = text.indexOf("        - log:\n            id: nothing-after-dead-letter");
            Files.writeString(hooks, text.substring(0, log) + "        - setBody:\n            id: touch\n            expression:\n              language:\n"
                    + "                language: argv\n                expression: |\n                  /usr/bin/touch\n                  " + folder + "/called\n"
                    + "        - to:\n            id: run-touch\n            uri: exec:command\n            parameters:\n              timeout: \"5000\"\n");
            return routes;
        }
    }
}
