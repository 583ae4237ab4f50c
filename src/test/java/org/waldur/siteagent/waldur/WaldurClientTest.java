package org.waldur.siteagent.waldur;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.config.Offering;

/** What goes over the wire, and what does not. */
class WaldurClientTest {
    @TempDir
    private static Path folder;
    private static Path certificate;
    private static WireMockServer waldur;
    private static WireMockServer elsewhere;

    @BeforeAll
    static void start() throws Exception {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=lab", "-ext", "san=dns:localhost");
        certificate = folder.resolve("ca.pem");
        keytool("-exportcert", "-rfc", "-file", certificate.toString());
        waldur = new WireMockServer(WireMockConfiguration.options().dynamicPort().dynamicHttpsPort().keystoreType("PKCS12")
                .keystorePath(folder.resolve("keys").toString()).keystorePassword("changeit").keyManagerPassword("changeit"));
        elsewhere = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        waldur.start();
        elsewhere.start();
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        Stream<String> command = Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), arguments[0],
                "-keystore", folder.resolve("keys").toString(), "-storetype", "PKCS12", "-storepass", "changeit", "-alias", "lab");
        Process process = new ProcessBuilder(Stream.concat(command, Stream.of(arguments).skip(1)).toList()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @BeforeEach
    void forget() {
        waldur.resetAll();
        elsewhere.resetAll();
        waldur.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        elsewhere.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    }

    @AfterAll
    static void stop() {
        waldur.stop();
        elsewhere.stop();
    }

    private static Offering plain() {
        return Sender.offering(waldur.baseUrl().replace("https", "http").replaceAll(":\\d+$", ":" + waldur.port()) + "/api/");
    }

    private static Offering tls(String host, boolean verify, Path caFile) {
        return Sender.offering("https://" + host + ":" + waldur.httpsPort() + "/api/", verify, caFile, null);
    }

    private static List<LoggedRequest> received(WireMockServer server) {
        return server.findAll(anyRequestedFor(anyUrl()));
    }

    @Test
    void eachHostIsVerifiedAsItsOfferingSays() throws Throwable {
        Offering known = tls("LocalHost", true, certificate);
        Offering unverified = tls("127.0.0.1", false, null);
        Offering unknown = tls("127.0.0.2", true, null);
        try (Sender sender = new Sender(known, unverified, unknown)) {
            assertThat(sender.send(known, "GET things/", null)).isEqualTo("{}");
            assertThat(sender.send(unverified, "GET things/", null)).isEqualTo("{}");
            assertThatThrownBy(() -> sender.send(unknown, "GET things/", null)).hasMessageContainingAll("127.0.0.2:" + waldur.httpsPort(),
                    "is refused", "ca_file of offering 'at 127.0.0.2'");
        }
        assertThat(received(waldur)).hasSize(2);
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedAlsoIfItsAuthorityIsKnown() throws Throwable {
        Offering other = tls("127.0.0.1", true, certificate);
        try (Sender sender = new Sender(other)) {
            Throwable refusal = catchThrowable(() -> sender.send(other, "POST things/", "{}"));
            assertThat(refusal).hasMessageContainingAll("127.0.0.1:" + waldur.httpsPort(), "waldur_api_url of offering 'at 127.0.0.1'");
            assertThat(new Refusal().mayPass((Exception) refusal)).as("another try is of no use").isFalse();
        }
        assertThat(received(waldur)).isEmpty();
    }

    @Test
    void aServerThatEndsTheHandshakeIsNoWrongCertificate() throws Throwable {
        try (RawServer server = new RawServer((in, out) -> { throw new IOException("closed"); })) {
            RawServer.thread(() -> {
                while (true) {
                    for (Socket connection : server.connections) {
                        connection.close();
                    }
                    Thread.sleep(5);
                }
            });
            Offering gone = Sender.offering("https://127.0.0.1:" + server.port() + "/api/");
            try (Sender sender = new Sender(gone)) {
                Throwable trouble = catchThrowable(() -> sender.send(gone, "GET things/", null));
                assertThat(new Refusal().mayPass((Exception) trouble)).as("%s may pass", trouble).isTrue();
            }
        }
    }

    @Test
    void aProxyOfHttpsSeesNoToken() throws Throwable {
        try (RawServer proxy = tunnel()) {
            Offering offering = Sender.offering("https://localhost:" + waldur.httpsPort() + "/api/", true, certificate, "http://127.0.0.1:" + proxy.port());
            try (Sender sender = new Sender(offering)) {
                assertThat(sender.send(offering, "POST things/", "{}")).isEqualTo("{}");
            }
            assertThat(proxy.heads).singleElement().asString().startsWith("CONNECT localhost:" + waldur.httpsPort()).doesNotContainIgnoringCase("authorization");
            assertThat(received(waldur)).singleElement().satisfies(r -> assertThat(r.getHeader("Authorization")).isEqualTo("Token " + Sender.TOKEN));
        }
    }

    /** A proxy that joins its client with the one server there is. */
    private static RawServer tunnel() throws IOException {
        return new RawServer((in, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
            try (Socket target = new Socket("localhost", waldur.httpsPort())) {
                RawServer.thread(() -> target.getInputStream().transferTo(out));
                in.transferTo(target.getOutputStream());
            }
        });
    }

    @Test
    void onlyRequestsOfItsOfferingGoThroughAProxy() throws Throwable {
        Offering far = Sender.offering("http://waldur.invalid/api/", true, null, "http://127.0.0.1:" + elsewhere.port());
        Offering near = plain();
        try (Sender sender = new Sender(far, near)) {
            assertThat(sender.send(far, "GET things/", null)).isEqualTo("{}");
            assertThat(sender.send(near, "GET things/", null)).isEqualTo("{}");
        }
        assertThat(received(elsewhere)).singleElement().satisfies(r -> assertThat(r.getHeader("Host")).isEqualTo("waldur.invalid"));
        assertThat(received(waldur)).hasSize(1);
    }

    static Stream<Arguments> redirects() {
        return Stream.of(301, 302, 303, 307, 308).flatMap(code -> Stream.of(Arguments.of(code, "GET"), Arguments.of(code, "POST")));
    }

    @ParameterizedTest
    @MethodSource("redirects")
    void noRedirectIsFollowed(int code, String method) throws Throwable {
        waldur.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(code).withHeader("Location", elsewhere.baseUrl() + "/api/things/?secret=1")));
        Offering offering = plain();
        try (Sender sender = new Sender(offering)) {
            Throwable refusal = catchThrowable(() -> sender.send(offering, method + " things/", "{}"));
            assertThat(Refusal.text((HttpOperationFailedException) refusal)).contains("localhost answered " + code, elsewhere.baseUrl(), "waldur_api_url")
                    .doesNotContain("secret");
            assertThat(new Refusal().mayPass((Exception) refusal)).isFalse();
        }
        assertThat(received(elsewhere)).isEmpty();
        assertThat(received(waldur)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"http://HOST", "''"})
    void aMissingSlashIsSaid(String host) throws Throwable {
        waldur.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(301).withHeader("Location",
                host.replace("HOST", "localhost:" + waldur.port()) + "/api/things/?page=1")));
        Offering offering = plain();
        try (Sender sender = new Sender(offering)) {
            Throwable refusal = catchThrowable(() -> sender.send(offering, "GET things?page=1", null));
            assertThat(Refusal.text((HttpOperationFailedException) refusal)).contains("lacks the slash at its end");
        }
    }

    @ParameterizedTest
    @CsvSource({"429,GET", "429,POST", "503,GET", "503,POST", "0,GET", "0,POST"})
    void oneRequestOfARouteIsOneOnTheWire(int code, String method) throws Throwable {
        waldur.stubFor(any(anyUrl()).willReturn(code == 0 ? aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)
                : aResponse().withStatus(code).withHeader("Retry-After", "0")));
        Offering offering = plain();
        try (Sender sender = new Sender(offering)) {
            Throwable trouble = catchThrowable(() -> sender.send(offering, method + " things/", "{}"));
            assertThat(new Refusal().mayPass((Exception) trouble)).as("%s may pass", trouble).isTrue();
        }
        assertThat(received(waldur)).hasSize(1);
    }

    @Test
    void theTokenIsForTheServerOfItsOfferingOnly() throws Throwable {
        Offering offering = plain();
        try (Sender sender = new Sender(offering)) {
            for (String url : List.of(elsewhere.baseUrl() + "/api/", "http://127.0.0.1:" + waldur.port() + "/api/", "https://localhost:" + waldur.httpsPort() + "/api/")) {
                Throwable refusal = catchThrowable(() -> sender.send(url, exchange -> exchange.getMessage().setHeader(WaldurClient.OFFERING, offering.uuid())));
                assertThat(refusal).isNotNull();
                assertThat(refusal.toString()).doesNotContain(Sender.TOKEN);
            }
            Throwable steered = catchThrowable(() -> sender.send(offering.apiUrl() + "things/", exchange -> {
                exchange.getMessage().setHeader(WaldurClient.OFFERING, offering.uuid());
                exchange.getMessage().setHeader(Exchange.HTTP_URI, elsewhere.baseUrl() + "/api/things/");
            }));
            assertThat(steered).hasMessageContaining("is for " + offering.apiUrl());
            assertThat(new Refusal().mayPass((Exception) steered)).as("a mistake in a route does not pass").isFalse();
        }
        assertThat(received(elsewhere)).isEmpty();
        assertThat(received(waldur)).isEmpty();
    }

    @Test
    void noHeaderOfAnExchangeOrOfAnAnswerGoesOutAndNoCookieIsKept() throws Throwable {
        waldur.stubFor(any(anyUrl()).willReturn(okJson("{}").withHeader("Set-Cookie", "session=1; Path=/").withHeader("X-Answer", "1")
                .withHeader("CamelExecCommandArgs", "reboot")));
        Offering offering = plain();
        try (Sender sender = new Sender(offering)) {
            for (String endpoint : List.of("direct:waldur-send", offering.apiUrl() + "things/", offering.apiUrl() + "things/")) {
                Exchange exchange = sender.template.send(endpoint, e -> {
                    e.setVariable("offering", offering);
                    e.setVariable("request", "GET things/");
                    Map.of("CamelExecCommandArgs", "x", "waldur-thing", "x", "Authorization", "Basic x", "X-Thing", "x", "Cookie", "x", "Referer", "x", "Host",
                            "evil.example", "User-Agent", "evil", "Proxy-Authorization", "x").forEach(e.getMessage()::setHeader);
                    e.getMessage().setHeader(WaldurClient.OFFERING, offering.uuid());
                });
                assertThat(exchange.getException()).isNull();
                assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("CamelExecCommandArgs");
            }
        }
        assertThat(received(waldur)).hasSize(3).allSatisfy(request -> {
            assertThat(request.getHeaders().all()).extracting(HttpHeader::key).extracting(k -> k.toLowerCase(Locale.ROOT)).isSubsetOf("host", "accept",
                    "accept-language", "accept-encoding", "user-agent", "connection", "authorization", "content-type");
            assertThat(request.getHeader("Authorization")).isEqualTo("Token " + Sender.TOKEN);
            assertThat(request.getHeader("Host")).isEqualTo("localhost:" + waldur.port());
            assertThat(request.getHeader("User-Agent")).isEqualTo("waldur-site-agent-test/1");
        });
    }

    @Test
    void twoThousandPathsAreOneClientAndOneConnection() throws Throwable {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK", "{}")) {
            Offering offering = Sender.offering(server.apiUrl());
            try (Sender sender = new Sender(offering)) {
                for (int i = 0; i < 50; i++) {
                    sender.send(offering, "GET things/" + i + "/?page=" + i, null);
                }
                int endpoints = sender.context.getEndpointRegistry().size();
                int services = sender.context.getCamelContextExtension().getServices().size();
                for (int i = 50; i < 2000; i++) {
                    sender.send(offering, "GET things/" + i + "/?page=" + i, null);
                }
                assertThat(sender.context.getEndpointRegistry().size()).isEqualTo(endpoints);
                assertThat(sender.context.getCamelContextExtension().getServices().size()).isEqualTo(services);
            }
            assertThat(server.heads).hasSize(2000);
            assertThat(server.connections).hasSize(1);
        }
    }
}
