package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.MembershipSite;

/** What a service shows to whoever asks, and what it tells systemd. */
class ServiceTest extends MembershipSite {
    private final HttpClient browser = HttpClient.newHttpClient();

    private HttpResponse<String> ask(URI address, String method) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The page once it is so. */
    private String await(URI address, Predicate<String> wanted) throws IOException, InterruptedException {
        String body = ask(address, "GET").body();
        for (long since = System.nanoTime(); !wanted.test(body); body = ask(address, "GET").body()) {
            assertThat(Duration.ofNanos(System.nanoTime() - since)).as(body).isLessThan(Duration.ofMinutes(1));
        }
        return body;
    }

    @Test
    void theStatusIsThereForPeopleForProgramsAndForPrometheus() throws IOException, InterruptedException {
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        site.property("agent.listen", "127.0.0.1:0");
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            URI status = service.status();
            await(status.resolve("readyz"), "ok\n"::equals);
            assertThat(ask(status.resolve("healthz"), "GET").statusCode()).isEqualTo(200);
            HttpResponse<String> page = ask(status, "GET");
            assertThat(page.body()).contains("<title>good: Waldur site agent</title>", "membership_sync", "1 add-users");
            assertThat(page.headers().firstValue("content-security-policy")).hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
            assertThat(new ObjectMapper().readTree(ask(status.resolve("status.json"), "GET").body()).path("state").asText()).isEqualTo("good");
            String metrics = ask(status.resolve("metrics"), "GET").body();
            assertThat(metrics).contains("waldur_agent_plan_changes{kind=\"add-users\",mode=\"membership_sync\",offering=\"slurm\"} 1.0", "waldur_agent_dead_letters 0.0",
                    "waldur_agent_cycle_seconds_count{mode=\"membership_sync\",result=\"good\"} 1",
                    "waldur_agent_request_seconds_count{request=\"GET marketplace-provider-resources\",status=\"200\"}").containsPattern("waldur_agent_command_seconds_count\\{command=\"sacctmgr add user\",exit=\"0\"} 1")
                    .containsPattern("waldur_agent_last_success_timestamp_seconds\\{mode=\"membership_sync\"} 1\\.\\d+E9").contains("waldur_agent_last_success_timestamp_seconds{mode=\"report\"} 0.0")
                    .doesNotContain(site.waldur.token(), "alice", " erin", "hpc_one");
        }
    }

    /** As with three services that have one environment: it ends at once, in the middle of nothing. */
    @Test
    void whereSomebodyElseListensAlreadyItDoesNotStart() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int before = site.waldur.requests().size();
            site.environment("WALDUR_SITE_AGENT_LISTEN", Integer.toString(taken.getLocalPort()));
            Process service = site.serve();
            try {
                assertThat(service.waitFor(1, TimeUnit.MINUTES)).as("it has ended").isTrue();
            } finally {
                service.destroyForcibly();
            }
            assertThat(service.exitValue()).isEqualTo(78);
            assertThat(Files.readString(site.log())).contains("--listen " + taken.getLocalPort() + ": Address already in use; right would be: a port from 1024 on that nobody else listens at")
                    .doesNotContain("Exception", "\tat ", "Failed");
            assertThat(site.waldur.requests()).hasSize(before);
        }
    }

    @Test
    void nothingButLookingIsPossible() throws IOException, InterruptedException {
        site.property("agent.listen", "127.0.0.1:0");
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            URI status = service.status();
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                assertThat(ask(status, method).statusCode()).as(method).isEqualTo(405);
            }
            assertThat(ask(status, "HEAD").body()).isEmpty();
            assertThat(ask(status.resolve("etc/passwd"), "GET").statusCode()).isEqualTo(404);
            assertThat(ask(status.resolve("metrics/"), "GET").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anotherSiteInABrowserOfThisMachineReadsNothing() throws IOException, InterruptedException {
        site.property("agent.listen", "127.0.0.1:0");
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            URI status = service.status();
            for (String name : List.of("evil.example.com", "127.0.0.1.evil.example.com:9464", "localhost.evil.example.com")) {
                assertThat(answerTo(status, name)).as(name).startsWith("HTTP/1.1 421 ").doesNotContain("membership_sync");
            }
            for (String name : List.of("localhost", "localhost:9464", "127.0.0.1:" + status.getPort(), "[::1]:9464")) {
                assertThat(answerTo(status, name)).as(name).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static String answerTo(URI status, String host) throws IOException {
        try (Socket socket = new Socket(status.getHost(), status.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(("GET /status.json HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void systemdHearsWhenItIsReadyWhenItGetsOnAndWhenItStops() throws IOException {
        Path said = folder.resolve("said");
        Path program = Files.writeString(folder.resolve("systemd-notify"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >>" + said + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        site.property("host.systemd_notify", program.toString()).property("host.notify_socket", "/run/systemd/notify").property("agent.listen", "127.0.0.1:0");
        try (Site.Serving service = site.service(Mode.MEMBERSHIP_SYNC)) {
            URI status = service.status();
            assertThat(status).isNotNull();
            for (long since = System.nanoTime(); !Files.exists(said) || !Files.readString(said).contains("WATCHDOG=1");) {
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofMinutes(1));
            }
        }
        assertThat(Files.readAllLines(said)).startsWith("READY=1").contains("WATCHDOG_USEC=2250000000", "WATCHDOG=1").contains("STOPPING=1")
                .anyMatch(line -> line.startsWith("STATUS=membership_sync ended a cycle at "));
    }
}
