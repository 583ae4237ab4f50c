package org.waldur.siteagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A squeue that writes down that it was run, and prints how often; and something that writes. */
class SnapshotTest {
    private static final int LARGE = 2_000_000;
    @TempDir
    private Path folder;
    private final Snapshot snapshot = new Snapshot();
    private DefaultCamelContext context;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.getRegistry().bind("exec", new CommandComponent(snapshot));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:look").to("exec:command?maxAge=60000&timeout=20000");
                from("direct:look-by-lines").to("exec:command?maxAge=60000&timeout=20000&output=lines")
                        .process(exchange -> exchange.getMessage().setBody(exchange.getMessage().getBody(CommandOutput.class).size()));
                from("direct:look-for-a-moment").to("exec:command?maxAge=1&timeout=20000");
                from("direct:run").to("exec:command?timeout=20000");
            }
        });
        context.start();
        program("squeue", "");
        program("site-script", "");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\necho run >>" + folder + "/runs\nwc -l <" + folder + "/runs\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Object argv(String words) {
        return context.resolveLanguage("argv").createExpression(folder + "/" + words.replace(' ', '\n')).evaluate(null, Object.class);
    }

    private Exchange run(String route, String words) {
        return context.createProducerTemplate().request(route, exchange -> exchange.getMessage().setBody(argv(words)));
    }

    private String look(String words) {
        return run("direct:look", words).getMessage().getBody(String.class).strip();
    }

    private int runs() throws IOException {
        return Files.readAllLines(folder.resolve("runs")).size();
    }

    @Test
    void whatSomebodyHasJustAskedIsNotAskedAgain() {
        assertThat(look("squeue all")).isEqualTo("1");
        assertThat(look("squeue all")).isEqualTo("1");
        assertThat(look("squeue others")).as("another question").isEqualTo("2");
        assertThat(run("direct:run", "squeue all").getMessage().getBody(String.class).strip()).as("without maxAge").isEqualTo("3");
    }

    @Test
    void nothingThatWasReadBeforeAWriteIsGivenAfterIt() {
        assertThat(look("squeue")).isEqualTo("1");
        run("direct:run", "site-script");
        assertThat(look("squeue")).isEqualTo("3");
    }

    @Test
    void whoHasToLookAgainDoes() {
        assertThat(look("squeue")).isEqualTo("1");
        snapshot.forget();
        assertThat(look("squeue")).isEqualTo("2");
    }

    @Test
    void whatIsTooOldIsAskedAgain() throws Exception {
        run("direct:look-for-a-moment", "squeue");
        long end = System.nanoTime() + 2_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        run("direct:look-for-a-moment", "squeue");
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void whatFailsIsNoAnswer() throws Exception {
        program("squeue", "exit 1");
        assertThat(run("direct:look", "squeue").getException()).isInstanceOf(CommandFailed.class);
        program("squeue", "");
        assertThat(look("squeue")).isEqualTo("2");
    }

    @Test
    void whoAsksAtTheSameMomentWaitsForTheSameAnswer() throws Exception {
        program("squeue", waitFor("go"));
        List<CompletableFuture<String>> both = List.of(CompletableFuture.supplyAsync(() -> look("squeue")), CompletableFuture.supplyAsync(() -> look("squeue")));
        begun(1);
        Files.createFile(folder.resolve("go"));
        assertThat(both).allSatisfy(one -> assertThat(one.join()).isEqualTo("1"));
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void whatIsWrittenDuringALookIsSeenByWhoWaitedForIt() throws Exception {
        program("squeue", waitFor("go"));
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> look("squeue"));
        begun(1);
        run("direct:run", "site-script");
        Files.createFile(folder.resolve("go"));
        first.join();
        assertThat(look("squeue")).isEqualTo("3");
    }

    @Test
    void aLargeOutputIsReadByEachAndThenGone() throws Exception {
        program("squeue", "yes | head -c " + LARGE);
        assertThat(run("direct:look-by-lines", "squeue").getMessage().getBody()).isEqualTo(LARGE + 2L);
        assertThat(run("direct:look-by-lines", "squeue").getMessage().getBody()).isEqualTo(LARGE + 2L);
        assertThat(runs()).isEqualTo(1);
        assertThat(CommandTest.spools()).hasSize(1);
        run("direct:run", "site-script");
        assertThat(CommandTest.spools()).isEmpty();
    }

    @Test
    void noWriteIsSpared() throws Exception {
        assertThat(run("direct:look", "site-script").getException()).hasMessageContaining("only look");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    private String waitFor(String file) {
        return "while [ ! -e " + folder.resolve(file) + " ]; do sleep 0.01; done";
    }

    private void begun(int runs) throws IOException {
        while (Files.notExists(folder.resolve("runs")) || runs() < runs) {
            Thread.onSpinWait();
        }
    }
}
