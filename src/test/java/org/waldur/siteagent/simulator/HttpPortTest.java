package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpPortTest {
    /** Says this on one connection; gives all that is answered until the connection ends. */
    private static String said(String text) throws IOException {
        HttpPort.Answering echo = asked -> {
            byte[] body = (asked.method() + " " + asked.target() + " " + asked.headers().get("x-test") + " " + asked.body()).getBytes(StandardCharsets.UTF_8);
            return new HttpPort.Answer(200, Map.of("Date", "today"), body, asked.target().equals("/cut"), () -> { });
        };
        try (HttpPort port = new HttpPort(echo); Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "|");
        }
    }

    @Test
    void aConnectionIsKeptForTheNextRequest() throws IOException {
        assertThat(said("GET /a HTTP/1.1\r\nX-Test: 1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nöx"))
                .isEqualTo("HTTP/1.1 200 |Date: today|Content-Length: 9||GET /a 1 HTTP/1.1 200 |Date: today|Content-Length: 16||POST /b null öx");
    }

    @Test
    void bodiesComeInPiecesToo() throws IOException {
        assertThat(said("POST / HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"))
                .isEqualTo("HTTP/1.1 100 Continue||HTTP/1.1 200 |Date: today|Content-Length: 25||POST / null abc0123456789");
    }

    @Test
    void aHeadHasNoBodyAndACutHasNoAnswer() throws IOException {
        assertThat(said("HEAD / HTTP/1.1\r\n\r\n")).endsWith("Content-Length: 12||");
        assertThat(said("GET /cut HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")).isEmpty();
        assertThat(said("GET / HTTP/1.1\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n")).containsOnlyOnce("200");
        assertThat(said("nonsense\r\n\r\n")).isEmpty();
    }
}
