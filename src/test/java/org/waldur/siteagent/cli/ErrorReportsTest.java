package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sentry.SentryEvent;
import io.sentry.protocol.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.WaldurFault;

/** What Sentry gets of a run in a process of its own. */
class ErrorReportsTest {
    @TempDir
    private Path folder;
    private Site site;
    private HttpServer sentry;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> envelopes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        site = new Site(folder);
        sentry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sentry.createContext("/", exchange -> {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            String envelope = new String((zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()).readAllBytes(), StandardCharsets.UTF_8);
            envelopes.add(envelope);
            for (String line : envelope.split("\n")) {
                JsonNode json = new ObjectMapper().readTree(line);
                if (json.has("logger")) {
                    events.add(json);
                }
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        sentry.start();
    }

    @AfterEach
    void close() throws IOException {
        sentry.stop(0);
        site.close();
    }

    private String create(String name) {
        return site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of("cpu", 10));
    }

    /** One cycle; gives how long the process lived after its dead letters were there. */
    private Duration run(String dsn, String... more) throws Exception {
        Path config = Files.writeString(folder.resolve("with-sentry.yaml"), "sentry_dsn: " + dsn + "\n" + Files.readString(site.config()));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "-c", config.toString(),
                "--routes", Path.of("routes").toAbsolutePath().toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("agent.log").toFile());
        builder.environment().put("SENTRY_ENVIRONMENT", "staging");
        Process agent = builder.start();
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        long end = System.currentTimeMillis();
        assertThat(agent.exitValue()).as(Files.readString(folder.resolve("agent.log"))).isEqualTo(1);
        Path letters = site.stateDir().resolve("dead-letters");
        return Files.exists(letters) ? Duration.ofMillis(end - Files.getLastModifiedTime(letters).toMillis()) : Duration.ZERO;
    }

    private String dsn() {
        return "http://publickey@127.0.0.1:" + sentry.getAddress().getPort() + "/1";
    }

    @Test
    void thereIsOneEventForEachDeadLetterWithoutSecretsAndWithOneFingerprintForEachCause() throws Exception {
        String one = create("One");
        String two = create("Two");
        String three = create("Three");
        for (String order : List.of(one, two, three)) {
            String path = "marketplace-orders/" + order + "/approve_by_provider/";
            site.waldur.inject(WaldurFault.answer(r -> r.path().equals(path), order.equals(three) ? 403 : 400,
                    "{\"detail\": \"order " + order + " of Jane Roe, sent with Token " + site.waldur.token() + "\"}"));
        }
        run(dsn(), "--once");
        assertThat(site.deadLetters()).hasSize(3);
        assertThat(events).as(String.join("\n", envelopes)).hasSize(3).allSatisfy(event -> {
            assertThat(event.path("environment").asText()).isEqualTo("staging");
            assertThat(event.path("level").asText()).isEqualTo("error");
            assertThat(event.path("release").asText()).isEqualTo("waldur-site-agent@" + Agent.VERSION);
            assertThat(event.path("message").path("formatted").asText()).contains("approve", "answered 40", "[dead letter ");
            assertThat(event.has("server_name")).isFalse();
        });
        assertThat(String.join("\n", envelopes)).doesNotContain(site.waldur.token(), "Jane Roe");
        assertThat(events.stream().map(e -> e.path("fingerprint").toString()).distinct()).hasSize(2);
        assertThat(site.deadLetters()).noneMatch(l -> l.contains(site.waldur.token())).allMatch(l -> l.contains("Jane Roe"));
    }

    @Test
    void aDryRunTellsNobody() throws Exception {
        create("One");
        site.waldur.inject(WaldurFault.answer(r -> true, 403, "{\"detail\": \"no\"}"));
        run(dsn(), "--dry-run");
        assertThat(envelopes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndDoesNotWaitForASentryThatIsGone(boolean silent) throws Exception {
        create("One");
        site.waldur.inject(WaldurFault.answer(r -> r.path().contains("approve"), 403, "{\"detail\": \"no\"}"));
        try (ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String dsn = "http://publickey@127.0.0.1:" + hole.getLocalPort() + "/1";
            if (!silent) {
                hole.close();
            }
            assertThat(run(dsn, "--once")).as("with its own defaults Sentry would wait 15 s").isLessThan(Duration.ofSeconds(7));
        }
        assertThat(site.deadLetters()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a, b: Waldur answered 400 {\"secret\": 1} [dead letter x-1 about 0a, 1 time] advice | a, b: Waldur answered 400 [dead letter x-1 about 0a, 1 time] advice",
        "a: waldur.example.com answered 502 [dead letter fake] [no dead letter, because we cannot] x | a: waldur.example.com answered 502 [no dead letter, because we cannot] x",
        "a: sacctmgr ended with exit code 1: text [dead letter y] | a: sacctmgr ended with exit code 1: text [dead letter y]"})
    void whatWaldurAnsweredIsCutOut(String line, String sent) {
        SentryEvent event = new SentryEvent();
        Message message = new Message();
        message.setFormatted(line);
        message.setParams(List.of("{\"secret\": 1}"));
        event.setMessage(message);
        assertThat(ErrorReports.trimmed(event).getMessage().getFormatted()).isEqualTo(sent);
        assertThat(event.getMessage().getParams()).isNull();
    }
}
