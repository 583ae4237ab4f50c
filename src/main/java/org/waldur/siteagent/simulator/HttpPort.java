package org.waldur.siteagent.simulator;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A port of this machine that speaks as much of HTTP/1.1 as an agent needs. The server of the JDK writes its own time into the
 * {@code Date} of each answer, and the date is what an agent tells the server's month by.
 */
final class HttpPort implements AutoCloseable {
    private static final int MOST_OF_A_LINE = 64 * 1024;
    private static final int MOST_OF_A_BODY = 32 * 1024 * 1024;

    /** @param headers by name, in any case of letters */
    record Asked(String method, String target, Map<String, String> headers, String body) {
    }

    /**
     * @param cut        the connection ends here, without an answer
     * @param afterwards what is to be done when the answer is on its way
     */
    record Answer(int code, Map<String, String> headers, byte[] body, boolean cut, Runnable afterwards) {
    }

    /** Answers one request; is called by several threads. */
    interface Answering {
        Answer answer(Asked request) throws IOException;
    }

    private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "simulated Waldur");
        thread.setDaemon(true);
        return thread;
    });
    private final Answering answering;

    HttpPort(Answering answering) throws IOException {
        this.answering = answering;
        threads.execute(this::accept);
    }

    int number() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                threads.execute(() -> talk(connection));
            } catch (IOException e) {
                // closed, or the client has gone already: it sees that itself
            }
        }
    }

    private void talk(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (Asked asked = read(in, out); asked != null; asked = read(in, out)) {
                Answer answer = answering.answer(asked);
                boolean last = answer.cut() || "close".equalsIgnoreCase(asked.headers().get("Connection"));
                if (!answer.cut()) {
                    out.write(bytes(asked, answer));
                    out.flush();
                }
                if (last) {
                    connection.close();
                }
                answer.afterwards().run();
                if (last) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client has gone
        } finally {
            connections.remove(connection);
        }
    }

    private static byte[] bytes(Asked asked, Answer answer) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.code()).append(" \r\n");
        answer.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!asked.method().equals("HEAD")) {
            all.write(answer.body());
        }
        return all.toByteArray();
    }

    /** Gives null at the end of the connection. */
    private static Asked read(InputStream in, OutputStream out) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            String[] header = line.split(":", 2);
            headers.merge(header[0].strip(), header.length > 1 ? header[1].strip() : "", (one, other) -> one + ", " + other);
        }
        if (words.length != 3) {
            throw new IOException("no request: " + first);
        }
        if ("100-continue".equalsIgnoreCase(headers.get("Expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Asked(words[0], words[1], headers, new String(body(in, headers), StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (!"chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
            return exactly(in, Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            body.write(exactly(in, size));
            line(in);
            if (body.size() > MOST_OF_A_BODY) {
                throw new IOException("too large");
            }
        }
        for (String trailer = line(in); trailer != null && !trailer.isEmpty(); trailer = line(in)) {
            // nothing in them is of interest
        }
        return body.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        String line = line(in);
        return line == null ? 0 : Integer.parseInt(line.split(";")[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        if (size < 0 || size > MOST_OF_A_BODY) {
            throw new IOException("too large");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new IOException("cut off");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        for (; c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
            if (line.size() > MOST_OF_A_LINE) {
                throw new IOException("too long");
            }
        }
        return c < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            // nobody needs it any more
        }
        threads.shutdownNow();
    }
}
