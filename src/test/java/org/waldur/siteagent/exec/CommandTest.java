package org.waldur.siteagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny real programs, run by the exec component as the routes run theirs. */
class CommandTest {
    @TempDir
    private Path folder;
    private DefaultCamelContext context;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.getRegistry().bind("exec", new CommandComponent(new Snapshot()));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:run").to("exec:command?timeout=1500");
                from("direct:in-time").to("exec:command?timeout=20000");
                from("direct:lines").to("exec:command?timeout=20000&output=lines").process(CommandTest.this::read);
                from("direct:two-is-good").to("exec:command?timeout=1500&exitValues=0,2");
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String script(String body) throws Exception {
        Path file = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    private Exchange run(String route, String command, Map<String, ?> variables) {
        return context.createProducerTemplate().request(route, exchange -> {
            variables.forEach(exchange::setVariable);
            exchange.getMessage().setHeader("CamelExecCommandExecutable", "/bin/false");
            exchange.getMessage().setHeader("CamelExecCommandArgs", List.of("injected"));
            exchange.getMessage().setBody(context.resolveLanguage("argv").createExpression(command).evaluate(exchange, Object.class));
        });
    }

    /** The files that hold outputs of ours, as proc(5) names what this process has open. */
    static List<String> spools() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(Files::isSymbolicLink).map(CommandTest::target).filter(name -> name.matches(".*/waldur-site-agent-[0-9a-f-]{36}.*")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** Reads an output while it is there, as a route would. */
    private void read(Exchange exchange) {
        CommandOutput output = exchange.getMessage().getBody(CommandOutput.class);
        assertThat(spools()).isNotEmpty().allMatch(name -> name.endsWith(" (deleted)"));
        assertThat(output.lines().count()).isEqualTo(output.lines().filter(line -> line.length() == 99).count());
        exchange.setVariable("output", output);
        exchange.getMessage().setBody(output.size() + " " + output.lines().count() + " " + output.endsWithNewline());
    }

    private String output(String command, Map<String, ?> variables) {
        Exchange exchange = run("direct:run", command, variables);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "'q'", "\"q\"", "$HOME", "$(id)", ";", "a\\b", "*", "%20", "x=y,z", "\u00e4\u00f6\uD83D\uDE00", "{{x}}", "${y}", "-rf", "RAW(a)",
        "a'b\"c`d`", "?", "* ${variable.v}", " !#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~"})
    void aValueIsOneArgumentByteForByte(String value) throws Exception {
        assertThat(output(script("printf '<%s>' \"$@\"") + "\nname=${variable.v}\nlast", Map.of("v", value))).isEqualTo("<name=" + value + "><last>");
    }

    @Test
    void listsOptionalLinesAndOneForEach() throws Exception {
        String command = script("printf '<%s>' \"$@\"") + "\nusers=${variable.users}\n? cluster=${variable.cluster}\n* ${variable.users}";
        assertThat(output(command, Map.of("users", List.of("a", "b"), "cluster", Optional.empty()))).isEqualTo("<users=a,b><a><b>");
        assertThat(output(command, Map.of("users", List.of("a"), "cluster", Optional.of("c")))).isEqualTo("<users=a><cluster=c><a>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-rf", "a\nb", "a\u0000b"})
    void aValueThatIsBlankOrCouldBeMoreIsNotRun(String value) throws Exception {
        assertThat(run("direct:run", script("touch " + folder + "/ran") + "\n${variable.v}", Map.of("v", value)).getException()).isNotNull();
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void exitCodesAndSignalsAreFailures() throws Exception {
        assertThat(run("direct:run", script("echo no >&2; exit 2"), Map.of()).getException()).isInstanceOfSatisfying(CommandFailed.class, e -> {
            assertThat(e.exitCode()).isEqualTo(2);
            assertThat(e.output()).contains("no");
        });
        assertThat(run("direct:two-is-good", script("echo yes; exit 2"), Map.of()).getMessage().getBody(String.class)).isEqualTo("yes\n");
        assertThat(run("direct:run", script("kill -9 $$"), Map.of()).getException()).isInstanceOfSatisfying(CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(137));
        assertThat(run("direct:run", "/no/such/program", Map.of()).getException()).isInstanceOfSatisfying(CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(127));
    }

    @Test
    void anArgumentThatLinuxCannotTakeIsSaidBeforeTheCommandIsRun() throws Exception {
        String count = script("printf %s \"$1\" | wc -c");
        assertThat(output(count + "\n${variable.v}", Map.of("v", "x".repeat(131_071)))).isEqualTo("131071\n");
        List<String> users = IntStream.range(0, 20_000).mapToObj(i -> "user" + i).toList();
        assertThat(run("direct:run", count + "\nname=${variable.v}", Map.of("v", users)).getException())
                .hasMessageContainingAll("name=${variable.v}", "131071", "several commands");
        assertThat(output(script("echo $#") + "\n* ${variable.v}", Map.of("v", users))).isEqualTo("20000\n");
        assertThat(run("direct:run", count + "\n* ${variable.v}", Map.of("v", Collections.nCopies(40, "x".repeat(131_000)))).getException())
                .isInstanceOf(CommandFailed.class).hasMessageContaining("too long");
    }

    /** Two run at once; the third has waited when its time begins. */
    @Test
    void theDeadlineDoesNotCountWhatACommandWaitsForItsTurn() throws Exception {
        String program = script("sleep 1; echo done");
        assertThat(IntStream.range(0, 3).mapToObj(i -> CompletableFuture.supplyAsync(() -> run("direct:run", program, Map.of()))).toList())
                .allSatisfy(one -> assertThat(one.join().getMessage().getBody(String.class)).isEqualTo("done\n"));
    }

    private static final String TELL_MARK = "echo \"$WALDUR_SITE_AGENT_COMMAND\" >\"$(dirname \"$0\")/mark\"; ";

    /** Children that will not go, that are left by their parents, that become daemons, fork when they are told to end, close their streams. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep 60", "trap '' TERM; sleep 60", "(trap '' TERM; sleep 60) & wait", "sleep 60 & exit 0", "(sleep 60 &) & exit 0",
        "setsid sh -c 'trap \"\" TERM HUP; sleep 60' & exit 0", "trap 'trap \"\" TERM; sleep 60 & sleep 60' TERM; sleep 60 & wait",
        "exec <&- >&- 2>&-; sleep 60", "exec >&-; trap '' TERM; sleep 60", "yes >&2", "while :; do echo for ever; done", "setsid -f setsid -f sleep 60; exit 3"})
    void theDeadlineHoldsForAllThatACommandHasStarted(String body) throws Exception {
        long started = System.nanoTime();
        assertThat(run("direct:run", script(TELL_MARK + body), Map.of()).getException()).isInstanceOf(CommandFailed.class).hasMessageContaining("killed");
        assertThat((System.nanoTime() - started) / 1e9).isLessThan(1.5 + 5);
        assertThat(ProcessHandle.allProcesses().filter(this::isOurs)).isEmpty();
    }

    /** Whether the command of this test has started it, by the mark that the agent looks for itself. */
    private boolean isOurs(ProcessHandle process) {
        try {
            return process.isAlive() && Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains("WALDUR_SITE_AGENT_COMMAND=" + Files.readString(folder.resolve("mark")).strip());
        } catch (IOException e) {
            return false;
        }
    }

    @RepeatedTest(20)
    void whatAChildPrintsAfterItsParentHasEndedBelongsToTheOutput() throws Exception {
        assertThat(output(script("(sleep 0.05; echo late) & echo early; exit 0"), Map.of())).isEqualTo("early\nlate\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 60 >/dev/null 2>&1 &", "sleep 60 >/dev/null &", "setsid -f sleep 60 >/dev/null 2>&1"})
    void whatHasAnOutputOfItsOwnIsLeftAlone(String daemon) throws Exception {
        assertThat(output(script(TELL_MARK + daemon + "\necho started"), Map.of())).isEqualTo("started\n");
        List<ProcessHandle> left = ProcessHandle.allProcesses().filter(this::isOurs).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(process -> process.onExit().join());
        assertThat(left).hasSize(1);
    }

    @Test
    void aCommandHasASessionOfItsOwnSoThatCtrlCDoesNotReachIt() throws Exception {
        String session = script("cut -d' ' -f1,6 /proc/$$/stat");
        assertThat(output(session, Map.of()).strip().split(" ")).hasSize(2).satisfies(ids -> assertThat(ids[0]).isEqualTo(ids[1]));
        context.getPropertiesComponent().addOverrideProperty("host.setsid", "/no/such/setsid");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:without").to("exec:command?timeout=1501");
            }
        });
        assertThat(run("direct:without", session, Map.of()).getMessage().getBody(String.class).strip().split(" ")).satisfies(ids -> assertThat(ids[0]).isNotEqualTo(ids[1]));
    }

    /** 200 MB: no part of it is a text as a whole. */
    @Test
    void aLargeOutputIsReadByLines() throws Exception {
        String program = script("yes " + "x".repeat(99) + " | head -n 2000000");
        Exchange exchange = run("direct:lines", program, Map.of());
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("200000000 2000000 true");
        assertThat(spools()).isEmpty();
        assertThat(run("direct:in-time", program, Map.of()).getException()).isInstanceOf(CommandFailed.class).hasMessageContaining("output: lines");
        assertThat(spools()).isEmpty();
    }

    @Test
    void whatPrintsMoreThanIsKeptIsReadNoFurther() throws Exception {
        Spool spool = new Spool(3 << 20);
        Output output = new Output(new ZeroInputStream(), spool, "endless");
        assertThat(output.ended(10_000)).isTrue();
        assertThat(output.trouble()).isEqualTo("it printed more than 3 MB");
        assertThat(spool.output().size()).isBetween(2L << 20, 3L << 20);
        spool.output().close();
    }

    private static final class ZeroInputStream extends InputStream {
        @Override
        public int read() {
            return 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"'',0,false", "'a',1,false", "'a\n',1,true", "'\n\na',3,false", "'a\rb\n',1,true"})
    void aLineEndsWithANewlineOnly(String text, int lines, boolean ended) {
        CommandOutput output = CommandOutput.of(text.replace("\\n", "\n"));
        assertThat(output.lines()).hasSize(lines);
        assertThat(output.endsWithNewline()).isEqualTo(ended);
        assertThat(String.join("\n", output.lines().toList()) + (ended ? "\n" : "")).isEqualTo(output.text());
    }

    @Test
    void aCommandHasNoInputNoSecretsAndALocale() throws Exception {
        assertThat(output(script("cat; echo $LANG $TZ; env | grep -ci token; true"), Map.of())).startsWith("C.UTF-8 UTC\n0");
    }

    @Test
    void onlyTheLanguageMakesACommand() {
        for (Object body : new Object[] {"/bin/true", List.of("/bin/true"), Map.of()}) {
            assertThat(context.createProducerTemplate().request("direct:run", e -> e.getMessage().setBody(body)).getException()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(run("direct:run", "true", Map.of()).getException()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBusyLockNamesItsHolder() throws Exception {
        Path lock = Files.createFile(folder.resolve("lock"));
        Process holder = new ProcessBuilder("/usr/bin/flock", lock.toString(), "sleep", "30").start();
        try {
            while (new ProcessBuilder("/usr/bin/flock", "--nonblock", lock.toString(), "true").start().waitFor() == 0) {
                Thread.onSpinWait();
            }
            assertThat(run("direct:run", "/usr/bin/flock\n--wait\n0.1\n--conflict-exit-code\n75\n" + lock + "\n/bin/true", Map.of()).getException())
                    .isInstanceOf(LockBusy.class).hasMessageContaining("flock " + lock);
        } finally {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly();
        }
    }
}
