package org.waldur.siteagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny real programs, run by the exec component as the routes run theirs. */
class CommandTest {
    @TempDir
    private Path folder;
    private DefaultCamelContext context;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.getRegistry().bind("exec", new CommandComponent());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:run").to("exec:command?timeout=1500");
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

    private String output(String command, Map<String, ?> variables) {
        Exchange exchange = run("direct:run", command, variables);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "'q'", "\"q\"", "$HOME", "$(id)", ";", "a\\b", "*", "%20", "x=y,z", "\u00e4\u00f6\uD83D\uDE00", "{{x}}", "${y}"})
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

    @ParameterizedTest
    @ValueSource(strings = {"sleep 60", "trap '' TERM; sleep 60", "(trap '' TERM; sleep 60) & wait"})
    void theDeadlineHoldsForAllThatACommandHasStarted(String body) throws Exception {
        long started = System.nanoTime();
        assertThat(run("direct:run", script(body), Map.of()).getException()).isInstanceOf(CommandFailed.class).hasMessageContaining("killed");
        assertThat((System.nanoTime() - started) / 1e9).isLessThan(20);
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
