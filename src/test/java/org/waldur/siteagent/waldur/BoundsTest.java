package org.waldur.siteagent.waldur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.config.Offering;

/** Servers that hang, drip, or never stop. */
@Timeout(30)
class BoundsTest {
    private static final Bounds SHORT = new Bounds(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(1), 1 << 20);

    private static Throwable trouble(Bounds bounds, String apiUrl) throws Exception {
        Offering offering = Sender.offering(apiUrl);
        try (Sender sender = new Sender(bounds, offering)) {
            return catchThrowable(() -> sender.send(offering, "GET things/", null));
        }
    }

    private static void passes(Throwable trouble) {
        assertThat(trouble).isInstanceOf(IOException.class);
        assertThat(new Refusal().mayPass((Exception) trouble)).isTrue();
    }

    @Test
    void aServerThatNeverAnswers() throws Exception {
        try (RawServer server = new RawServer((in, out) -> Thread.sleep(60_000))) {
            passes(trouble(SHORT, server.apiUrl()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n"})
    void aBodyThatDripsForEver(String head) throws Exception {
        try (RawServer server = new RawServer((in, out) -> drip(out, head, "1\r\n \r\n"))) {
            Throwable trouble = trouble(SHORT, server.apiUrl());
            passes(trouble);
            assertThat(trouble).hasMessage("no whole answer within 1 s");
        }
    }

    @Test
    void aHeadThatDripsForEver() throws Exception {
        try (RawServer server = new RawServer((in, out) -> drip(out, "HTTP/1.1 200 OK\r\nX-Long: ", "x"))) {
            Throwable trouble = trouble(SHORT, server.apiUrl());
            passes(trouble);
            assertThat(trouble).hasMessage("no whole answer within 1 s");
        }
    }

    private static void drip(OutputStream out, String head, String drop) throws Exception {
        out.write(head.getBytes());
        while (true) {
            out.write(drop.getBytes());
            out.flush();
            Thread.sleep(100);
        }
    }

    @Test
    void aHandshakeThatNeverEnds() throws Exception {
        try (RawServer server = new RawServer((in, out) -> Thread.sleep(60_000))) {
            passes(trouble(SHORT, "https://127.0.0.1:" + server.port() + "/api/"));
        }
    }

    @Test
    void aHostThatNobodyConnectsTo() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // who is not accepted fills the queue; then a connection takes until the client gives up
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                RawServer.thread(() -> socket.connect(full.getLocalSocketAddress()));
            }
            Thread.sleep(200);
            passes(trouble(SHORT, "http://127.0.0.1:" + full.getLocalPort() + "/api/"));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void anAnswerOfFiftyMegabytes() throws Exception {
        try (RawServer server = new RawServer((in, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + (50 << 20) + "\r\n\r\n").getBytes());
            out.write(new byte[2 << 20]);
            Thread.sleep(60_000);
        })) {
            assertThat(trouble(SHORT, server.apiUrl())).isInstanceOf(AnswerTooLarge.class).hasMessageContaining("1 MB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "gzip, gzip"})
    void aBombIsWhatItUnpacksTo(String encoding) throws Exception {
        byte[] bomb = new byte[50 << 20];
        for (String coding : encoding.split(",")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bomb);
            }
            bomb = packed.toByteArray();
        }
        assertThat(bomb.length).isLessThan(1 << 20);
        byte[] body = bomb;
        try (RawServer server = new RawServer((in, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + "\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes());
            out.write(body);
        })) {
            assertThat(trouble(SHORT, server.apiUrl())).isInstanceOf(AnswerTooLarge.class);
        }
    }

    @Test
    void afterTroubleTheNextRequestIsServed() throws Throwable {
        try (RawServer server = new RawServer((in, out) -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes()))) {
            Offering good = Sender.offering(server.apiUrl());
            try (RawServer hanging = new RawServer((in, out) -> Thread.sleep(60_000))) {
                Offering bad = Sender.offering(hanging.apiUrl().replace("127.0.0.1", "localhost"));
                try (Sender sender = new Sender(SHORT, good, bad)) {
                    for (int i = 0; i < 6; i++) {
                        assertThatThrownBy(() -> sender.send(bad, "GET things/", null)).isInstanceOf(IOException.class);
                    }
                    assertThat(sender.send(good, "GET things/", null)).isEqualTo("{}");
                }
            }
        }
    }
}
