package org.waldur.siteagent.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The status for who asks by HTTP: a page at {@code /}, the same as JSON at {@code /status.json}, {@code /healthz}, {@code /readyz} and
 * {@code /metrics}. It only answers GET and HEAD, and knows nothing but the status.
 */
public final class StatusServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final Pattern OURSELVES = Pattern.compile("(?i)(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:\\d+)?");
    private static final int BACKLOG = 16;
    private final HttpServer server;
    private final ExecutorService threads;

    /** @param code 200, or 503 for who only looks at the code */
    private record Answer(int code, String type, String body) {
        static Answer text(boolean good, String body) {
            return new Answer(good ? 200 : 503, "text/plain; charset=utf-8", body + "\n");
        }
    }

    static {
        // who sends or reads slowly holds one of few threads, see jdk.httpserver
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private StatusServer(HttpServer server, Map<String, Function<Status, Answer>> pages, Supplier<Status> status) {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "status");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange, pages.get(exchange.getRequestURI().getPath()), status);
            }
        });
    }

    /**
     * Takes the address, and answers nobody yet. Throws {@link IOException} if it is not to be had.
     *
     * @param health why we are not well; empty: we are
     */
    public static StatusServer at(InetSocketAddress address, Supplier<Status> status, Supplier<Optional<String>> health, Supplier<String> metrics) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        return new StatusServer(server, Map.of(
                "/", now -> new Answer(200, "text/html; charset=utf-8", StatusPage.of(now)),
                "/status.json", now -> new Answer(200, "application/json", StatusJson.of(now)),
                "/healthz", now -> health.get().map(why -> Answer.text(false, why)).orElse(Answer.text(true, "ok")),
                "/readyz", now -> Answer.text(now.isReady(), now.isReady() ? "ok" : "no mode has ended a cycle yet, or one is overdue"),
                "/metrics", now -> new Answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get())), status);
    }

    /** Answers from now on, also who has asked before. */
    public void start() {
        server.start();
    }

    /** Where it listens; a port 0 has become a real one. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void answer(HttpExchange exchange, Function<Status, Answer> page, Supplier<Status> status) throws IOException {
        String method = exchange.getRequestMethod();
        if (!isMeant(exchange)) {
            send(exchange, Answer.text(false, "this is only for this machine: ask for http://localhost or an address, not for a name"), 421);
        } else if (page == null) {
            send(exchange, Answer.text(false, "there is no such page; there are /, /status.json, /healthz, /readyz and /metrics"), 404);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, Answer.text(false, "only to look at"), 405);
        } else {
            Answer answer = page.apply(status.get());
            send(exchange, answer, answer.code());
        }
    }

    /**
     * Whether who asks means us. A page of somebody else in a browser of this machine could ask for a name of its own that leads to the loopback
     * address (DNS rebinding), and would be given the answer to read.
     */
    private static boolean isMeant(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host == null || !exchange.getLocalAddress().getAddress().isLoopbackAddress() || OURSELVES.matcher(host).matches();
    }

    private static void send(HttpExchange exchange, Answer answer, int code) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
