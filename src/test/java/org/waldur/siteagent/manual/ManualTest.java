package org.waldur.siteagent.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Main;
import org.waldur.siteagent.config.Key;
import org.waldur.siteagent.config.Keys;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Manual pages and completion know every command and every option, and the programs that read them find nothing wrong. */
class ManualTest {
    private static final CommandLine ROOT = new CommandLine(new Main());

    @TempDir
    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        Manual.main(new String[] {folder.toString(), "2026-11-24T00:00:00Z"});
    }

    static List<CommandSpec> commands() {
        List<CommandSpec> commands = new ArrayList<>();
        collect(ROOT, commands);
        return commands;
    }

    private static void collect(CommandLine command, List<CommandSpec> commands) {
        commands.add(command.getCommandSpec());
        new LinkedHashSet<>(command.getSubcommands().values()).forEach(each -> collect(each, commands));
    }

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("man"))) {
            return files.sorted().toList();
        }
    }

    /** A page as somebody reads it who looks at the source: roff's way to write a dash or a quote is undone. */
    private static String page(String name) throws IOException {
        return Files.readString(folder.resolve("man").resolve(name)).replace("\\-", "-").replace("\\(aq", "'").replace("\\(dq", "\"");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void thePageOfACommandHasEachOptionWithWhatItMeansAndEachExitCode(CommandSpec command) throws IOException {
        String page = page(command.qualifiedName("-") + ".1");
        for (OptionSpec option : command.options()) {
            assertThat(page).contains("\n\\fB" + String.join(", ", option.names()) + "\\fR");
            assertThat(option.description()).isNotEmpty();
            assertThat(words(page).replaceAll("\\\\f[BIR]", "")).contains(words(String.join(" .br ", option.description())).replace("`", ""));
        }
        command.positionalParameters().forEach(argument -> assertThat(page).contains("\n\\fI" + argument.paramLabel() + "\\fR\n"));
        new LinkedHashSet<>(command.subcommands().values()).forEach(each -> assertThat(page).contains("\n\\fB" + each.getCommandName() + "\\fR\n"));
        assertThat(command.usageMessage().exitCodeList()).isNotEmpty();
        command.usageMessage().exitCodeList().forEach((code, meaning) -> assertThat(words(page)).contains("\\fB" + code + "\\fR " + words(meaning)));
        assertThat(page).contains("\\fB64\\fR", "\\fB78\\fR", ".SH \"SEE ALSO\"");
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @Test
    void thereAreExamplesOfTheCommandsThatAreUsedMost() throws IOException {
        for (String name : List.of("waldur-site-agent", "waldur-site-agent-check", "waldur-site-agent-plan", "waldur-site-agent-apply", "waldur-site-agent-usage")) {
            assertThat(page(name + ".1")).contains(".SH \"EXAMPLES\"\n.nf\n  waldur-site-agent ");
        }
        assertThat(page("waldur-site-agent.1")).contains(".SH \"FILES\"", "STATE_DIR/audit.jsonl");
        Keys.environment().keySet().forEach(name -> assertThat(folder.resolve("man/waldur-site-agent.1")).content().contains("\n\\fB" + name + "\\fR\n"));
    }

    @Test
    void thePageOfTheConfigHasEveryKey() throws IOException {
        String page = page("waldur-site-agent-config.5");
        for (Keys keys : Keys.values()) {
            assertThat(keys.all()).extracting(Key::name).allMatch(name -> page.contains("\n\\fB" + name + "\\fR\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void manAndMandocFindNothingWrong(Path page) throws Exception {
        List<List<String>> programs = Stream.of(List.of("/usr/bin/man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", page.toString()), List.of("/usr/bin/mandoc", "-T", "lint", "-W", "warning", page.toString()))
                .filter(program -> Files.isExecutable(Path.of(program.get(0)))).toList();
        assumeTrue(!programs.isEmpty(), "neither man nor mandoc is here");
        for (List<String> program : programs) {
            Ran ran = run(program);
            assertThat(ran.exit()).as(ran.said()).isZero();
            assertThat(program.get(0).endsWith("man") ? ran.err() : ran.said()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void bashCompletesCommandsAndOptions(CommandSpec command) throws Exception {
        List<String> line = List.of(command.qualifiedName(" ").split(" "));
        if (!command.subcommands().isEmpty()) {
            assertThat(completed(line, "")).containsAll(command.subcommands().values().stream().map(CommandLine::getCommandName).toList());
        }
        assertThat(completed(line, "--")).containsExactlyInAnyOrderElementsOf(command.options().stream().map(OptionSpec::longestName).toList());
    }

    @Test
    void bashCompletesModesAndFormats() throws Exception {
        assertThat(completed(List.of("waldur-site-agent", "-m"), "")).containsExactlyInAnyOrder("order_process", "report", "membership_sync");
        assertThat(completed(List.of("waldur-site-agent", "usage", "--format"), "")).containsExactlyInAnyOrder("text", "csv", "json");
        assertThat(completed(List.of("waldur-site-agent", "check", "-c"), folder + "/ma")).containsExactly(folder + "/man");
    }

    private static List<String> completed(List<String> line, String begun) throws Exception {
        List<String> program = new ArrayList<>(List.of("/bin/bash", "-c", "compopt() { :; }; . \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _complete_waldur-site-agent; printf '%s\\n' \"${COMPREPLY[@]}\"",
                folder.resolve("completion/bash/waldur-site-agent").toString()));
        program.addAll(line);
        program.add(begun);
        Ran ran = run(program);
        assertThat(ran.err()).isEmpty();
        return ran.out().lines().toList();
    }

    @Test
    void zshTakesItsFileForACompletionOfTheCommand() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "there is no zsh here");
        Ran ran = run(List.of("/usr/bin/zsh", "-f", "-c", "fpath=($0 $fpath); autoload -U compinit; compinit -u -D; print $_comps[waldur-site-agent]; zsh -n $0/_waldur-site-agent",
                folder.resolve("completion/zsh").toString()));
        assertThat(ran.said()).isEqualTo("_waldur-site-agent\n");
    }

    private record Ran(int exit, String out, String err) {
        String said() {
            return out + err;
        }
    }

    private static Ran run(List<String> program) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(program).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(process.waitFor(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
