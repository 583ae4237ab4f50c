package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The side of a simulated Waldur that agents see: tokens, the contract, what goes wrong, and a record of what was asked. */
final class WaldurServer implements AutoCloseable {
    static final String TOKEN = "simulated-token";
    static final String STAFF_TOKEN = "simulated-staff-token";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Contract CONTRACT = Contract.read();
    private final Object lock;
    private final WaldurWorld world;
    private final WaldurApi api;
    private final HttpPort port;
    private final List<WaldurRequest> requests = new CopyOnWriteArrayList<>();
    private final List<WaldurFault> faults = new ArrayList<>();
    private final Set<String> breaches = new ConcurrentSkipListSet<>();
    private final int workAfter;
    volatile Consumer<WaldurRequest> listener = request -> { };
    volatile Consumer<WaldurRequest> before = request -> { };
    /** Rows were set to what Waldur would not hold: answers are not checked any more. */
    volatile boolean spoiled;
    /** Whether answers carry a {@code Date}. */
    volatile boolean dated = true;

    /**
     * @param lock      is held while the world is looked at or changed
     * @param workAfter the worker of a Waldur 7 works at each request after so many; 0: at each
     */
    WaldurServer(WaldurWorld world, Object lock, int workAfter) throws IOException {
        this.world = world;
        this.lock = lock;
        this.workAfter = workAfter;
        api = new WaldurApi(world);
        port = new HttpPort(this::serve);
    }

    URI apiUrl() {
        return URI.create("http://127.0.0.1:" + port.number() + "/api/");
    }

    List<WaldurRequest> requests() {
        return List.copyOf(requests);
    }

    Set<String> breaches() {
        return Set.copyOf(breaches);
    }

    void inject(WaldurFault fault) {
        faults.add(fault);
    }

    void calm() {
        faults.clear();
    }

    private HttpPort.Answer serve(HttpPort.Asked asked) throws IOException {
        WaldurRequest request = request(asked, 0);
        before.accept(request);
        Reply reply;
        WaldurFault fault;
        String date;
        synchronized (lock) {
            fault = fault(request);
            date = world.clock.httpDate();
            reply = fault != null && !fault.effect() ? faulty(fault) : handle(asked, request);
        }
        boolean cut = fault != null && fault.cut();
        WaldurRequest ended = request(asked, cut ? 0 : reply.code());
        requests.add(ended);
        boolean text = reply.body() instanceof String;
        byte[] body = reply.body() == null ? new byte[0]
                : text ? ((String) reply.body()).getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(reply.body());
        Map<String, String> headers = new LinkedHashMap<>(reply.headers());
        if (dated) {
            headers.put("Date", date);
        }
        headers.put("Content-Type", text ? "text/html" : "application/json");
        return new HttpPort.Answer(reply.code(), headers, body, cut, () -> listener.accept(ended));
    }

    private Reply handle(HttpPort.Asked asked, WaldurRequest request) {
        if (workAfter >= 0 && requests.size() % (workAfter + 1) == workAfter) {
            world.work();
        }
        String authorization = asked.headers().getOrDefault("Authorization", "");
        boolean staff = authorization.equals("Token " + STAFF_TOKEN);
        if (!staff && !authorization.equals("Token " + TOKEN)) {
            return new Reply(401, Map.of("detail", "Invalid token."), Map.of("WWW-Authenticate", "Token"));
        }
        if (!path(asked).startsWith("/api/")) {
            return Reply.notFoundPage();
        }
        if (!request.path().isEmpty() && !request.path().endsWith("/")) {
            return new Reply(301, null, Map.of("Location", "/api/" + request.path() + "/"));
        }
        try {
            JsonNode json = request.body().isBlank() ? null : JSON.readTree(request.body());
            Optional<Reply> refusal = CONTRACT.refusal(request, json);
            boolean judged = WaldurApi.judges(request) && json != null && json.isObject();
            return refusal.isPresent() && !judged ? refusal.get() : answer(request, json, staff, refusal);
        } catch (JsonProcessingException e) {
            return Reply.of(400, Map.of("detail", "JSON parse error - " + e.getOriginalMessage()));
        }
    }

    /** @param refusal what the contract says of the request */
    private Reply answer(WaldurRequest request, JsonNode json, boolean staff, Optional<Reply> refusal) {
        Map<String, Object> body = json == null ? Map.of() : JSON.convertValue(json, new TypeReference<Map<String, Object>>() { });
        Reply reply = api.handle(request, body, staff);
        String line = request.method() + " " + request.path();
        refusal.filter(refused -> reply.code() < 300).ifPresent(refused -> breaches.add(line + " is sent what the contract refuses: " + refused.body()));
        CONTRACT.ignored(request, json).forEach(what -> breaches.add(line + " is sent " + what));
        PlayedFilters.lacking(request).forEach(what -> breaches.add(line + " is sent " + what + ", which the simulator does not play"));
        (spoiled ? List.<String>of() : CONTRACT.mistakes(request, reply)).forEach(what -> breaches.add(line + " is answered with " + what));
        return reply;
    }

    private WaldurFault fault(WaldurRequest request) {
        for (int i = 0; i < faults.size(); i++) {
            WaldurFault fault = faults.get(i);
            if (fault.request().test(request)) {
                faults.remove(i);
                if (fault.times() > 1) {
                    faults.add(i, fault.times(fault.times() - 1));
                }
                return fault;
            }
        }
        return null;
    }

    private static Reply faulty(WaldurFault fault) {
        return new Reply(fault.code(), fault.body(), fault.retryAfter() == null ? Map.of() : Map.of("Retry-After", fault.retryAfter()));
    }

    private static WaldurRequest request(HttpPort.Asked asked, int status) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String raw = URI.create(asked.target()).getRawQuery();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), n -> new ArrayList<>())
                    .add(parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return new WaldurRequest(asked.method(), path(asked).replaceFirst("^/api/", ""), query, asked.body(), asked.headers(), status);
    }

    private static String path(HttpPort.Asked asked) {
        return URI.create(asked.target()).getPath();
    }

    @Override
    public void close() {
        port.close();
    }
}
