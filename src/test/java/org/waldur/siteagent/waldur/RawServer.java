package org.waldur.siteagent.waldur;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says on a connection whatever a test wants, and remembers the heads of the requests. */
final class RawServer implements AutoCloseable {
    final List<Socket> connections = new CopyOnWriteArrayList<>();
    final List<String> heads = new CopyOnWriteArrayList<>();
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Talk talk;

    /** What is said after the head of a request. */
    interface Talk {
        void answer(InputStream in, OutputStream out) throws Exception;
    }

    RawServer(Talk talk) throws IOException {
        this.talk = talk;
        thread(() -> {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                thread(() -> talk(connection));
            }
        });
    }

    static RawServer answering(String head, String body) throws IOException {
        return new RawServer((in, out) -> out.write((head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8)));
    }

    int port() {
        return socket.getLocalPort();
    }

    String apiUrl() {
        return "http://127.0.0.1:" + port() + "/api/";
    }

    private void talk(Socket connection) throws Exception {
        try (connection) {
            for (String head = head(connection.getInputStream()); !head.isEmpty(); head = head(connection.getInputStream())) {
                heads.add(head);
                talk.answer(connection.getInputStream(), connection.getOutputStream());
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.write(c);
            if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** A task that may fail when its connection ends. */
    interface Task {
        void run() throws Exception;
    }

    static void thread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // the other side has gone, which tests see there
            }
        }, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
