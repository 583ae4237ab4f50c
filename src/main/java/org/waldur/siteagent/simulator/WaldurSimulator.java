package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A Waldur that exists only in memory, on a port of this machine. What a customer does are calls of Java; what an agent does are
 * requests. It refuses what a real one refuses, and can misbehave when it is told to.
 */
public final class WaldurSimulator implements AutoCloseable {
    static {
        // or each answer with a body would wait 40 ms for the acknowledgement of its headers, on every connection that is kept
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "simulated-token";
    private static final Contract CONTRACT = Contract.read();
    private final WaldurWorld world;
    private final WaldurApi api;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "simulated Waldur");
        thread.setDaemon(true);
        return thread;
    });
    private final List<WaldurRequest> requests = new CopyOnWriteArrayList<>();
    private final List<WaldurFault> faults = new ArrayList<>();
    private final Set<String> breaches = new ConcurrentSkipListSet<>();
    private volatile Consumer<WaldurRequest> listener = request -> { };
    private volatile Consumer<WaldurRequest> before = request -> { };
    private boolean spoiled;
    private int workAfter;

    private WaldurSimulator(WaldurWorld world) throws IOException {
        this.world = world;
        this.api = new WaldurApi(world);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Starts an empty Waldur of today. */
    public static WaldurSimulator start() throws IOException {
        return new WaldurSimulator(new WaldurWorld(WaldurWorld.Dialect.V8));
    }

    /** Starts an empty Waldur 7, whose worker needs some requests' time before it moves what was approved. */
    public static WaldurSimulator startOld(int workerIsLateByRequests) throws IOException {
        WaldurSimulator simulator = new WaldurSimulator(new WaldurWorld(WaldurWorld.Dialect.V7));
        simulator.workAfter = workerIsLateByRequests;
        return simulator;
    }

    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/");
    }

    /** The only token that is accepted. */
    public String token() {
        return TOKEN;
    }

    /** An offering without components. Gives its uuid. */
    public synchronized String addOffering(String name, String namePolicy) {
        Map<String, Object> offering = new LinkedHashMap<>();
        offering.put("uuid", world.uuid());
        offering.put("name", name);
        offering.put("state", "Active");
        offering.put("customer_uuid", id("customer", "provider"));
        offering.put("components", new ArrayList<Map<String, Object>>());
        offering.put("plugin_options", namePolicy.isEmpty() ? Map.of() : Map.of("account_name_generation_policy", namePolicy));
        world.offerings.put((String) offering.get("uuid"), offering);
        return (String) offering.get("uuid");
    }

    /** A person joins a project, with a username on an offering; blank: he has none there yet. */
    public synchronized void join(String offering, String projectSlug, String username) {
        String project = id("project", projectSlug);
        String user = id("user", username.isBlank() ? "nobody" + world.uuid() : username);
        Map<String, Object> member = new LinkedHashMap<>();
        member.put("uuid", user);
        member.put("url", apiUrl() + "users/" + user + "/");
        member.put("username", "person-" + user.substring(0, 6));
        member.put("full_name", "Person " + user.substring(0, 6));
        member.put("role", "PROJECT.MEMBER");
        member.put("expiration_time", null);
        member.put("offering_user_username", username);
        member.put("offering_user_state", username.isBlank() ? "Requested" : "OK");
        world.teams.computeIfAbsent(project, p -> new CopyOnWriteArrayList<>()).add(member);
        Map<String, Object> offeringUser = new LinkedHashMap<>();
        offeringUser.put("uuid", id("offering-user", user));
        offeringUser.put("url", apiUrl() + "marketplace-offering-users/" + offeringUser.get("uuid") + "/");
        offeringUser.put("user_uuid", user);
        offeringUser.put("username", username);
        offeringUser.put("state", username.isBlank() ? "Requested" : "OK");
        offeringUser.put("is_restricted", false);
        offeringUser.put("offering_uuid", offering);
        world.offeringUsers.put((String) offeringUser.get("uuid"), offeringUser);
    }

    /** Changes a field of the offering user with this username, as an administrator of Waldur would. */
    public synchronized void changeOfferingUser(String username, String field, Object value) {
        world.offeringUsers.values().stream().filter(u -> u.get("username").equals(username)).forEach(u -> u.put(field, value));
    }

    /** A customer orders an allocation. Gives the order's uuid. */
    public synchronized String create(String offering, String name, String projectSlug, String customerSlug, Map<String, ?> limits) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("uuid", world.uuid());
        resource.put("name", name);
        resource.put("slug", name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
        resource.put("state", "Creating");
        resource.put("backend_id", "");
        resource.put("error_message", "");
        resource.put("created", world.now());
        resource.put("end_date", null);
        resource.put("limits", new LinkedHashMap<>(limits));
        resource.put("plan_uuid", id("plan", offering));
        resource.put("offering_uuid", offering);
        resource.put("offering_plugin_options", world.offerings.get(offering).get("plugin_options"));
        resource.put("project_uuid", id("project", projectSlug));
        resource.put("project_slug", projectSlug);
        resource.put("project_name", "Project " + projectSlug);
        resource.put("customer_uuid", id("customer", customerSlug));
        resource.put("customer_slug", customerSlug);
        resource.put("customer_name", "Customer " + customerSlug);
        world.resources.put((String) resource.get("uuid"), resource);
        return (String) world.order("Create", resource, new LinkedHashMap<>(limits)).get("uuid");
    }

    /** A customer wants other limits for the resource of an earlier order. Gives the new order's uuid. */
    public synchronized String update(String order, Map<String, ?> limits) {
        return (String) world.order("Update", resourceRow(order), new LinkedHashMap<>(limits)).get("uuid");
    }

    /** A customer wants another plan for the resource of an earlier order, and says nothing about limits; Waldur 7 repeats them for him. */
    public synchronized String switchPlan(String order) {
        Map<String, Object> resource = resourceRow(order);
        Map<String, Object> limits = world.dialect == WaldurWorld.Dialect.V7 ? limits(resource) : Map.of();
        Map<String, Object> placed = world.order("Update", resource, limits);
        placed.put("plan_uuid", world.uuid());
        return (String) placed.get("uuid");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> limits(Map<String, Object> resource) {
        return (Map<String, Object>) resource.get("limits");
    }

    /** A customer ends the resource of an earlier order. Gives the new order's uuid. */
    public synchronized String terminate(String order) {
        return (String) world.order("Terminate", resourceRow(order), Map.of()).get("uuid");
    }

    /** A customer wants the terminated resource of an earlier order back. Gives the new order's uuid. */
    public synchronized String restore(String order, Map<String, ?> limits) {
        resourceRow(order).put("state", "Creating");
        return (String) world.order("Restore", resourceRow(order), new LinkedHashMap<>(limits)).get("uuid");
    }

    private Map<String, Object> resourceRow(String order) {
        return world.resources.get(world.orders.get(order).get("marketplace_resource_uuid"));
    }

    /** The worker of a Waldur 7 does what it has been given, now. */
    public synchronized void work() {
        world.work();
    }

    /** A copy of an order as it is now. */
    public synchronized Map<String, Object> order(String uuid) {
        return new LinkedHashMap<>(world.orders.get(uuid));
    }

    /** A copy of the resource of an order as it is now. */
    public synchronized Map<String, Object> resource(String order) {
        return new LinkedHashMap<>(resourceRow(order));
    }

    /** Sets a field of an order to anything, as a broken server might. */
    public synchronized void spoil(String order, String field, Object value) {
        spoiled = true;
        world.orders.get(order).put(field, value);
    }

    /** Sets a field of the resource of an order. */
    public synchronized void spoilResource(String order, String field, Object value) {
        spoiled = true;
        resourceRow(order).put(field, value);
    }

    /** Adds a component to an offering, as an administrator of Waldur would. Gives it with its uuid. */
    @SuppressWarnings("unchecked")
    public synchronized Map<String, Object> addComponent(String offering, Map<String, Object> fields) {
        Map<String, Object> component = new LinkedHashMap<>(fields);
        component.put("uuid", world.uuid());
        ((List<Map<String, Object>>) world.offerings.get(offering).get("components")).add(component);
        return Map.copyOf(component);
    }

    /** The components of an offering. */
    @SuppressWarnings("unchecked")
    public synchronized List<Map<String, Object>> components(String offering) {
        return List.copyOf((List<Map<String, Object>>) world.offerings.get(offering).get("components"));
    }

    /** A row of a table for people for each order and resource: what the world looks like, without uuids. */
    public synchronized String state() {
        StringBuilder text = new StringBuilder();
        Collection<Map<String, Object>> orders = world.orders.values();
        orders.forEach(o -> text.append(String.format("order     %-10s %-24s %-17s %s%n", o.get("type"), o.get("resource_name"), o.get("state"), o.get("error_message"))));
        world.resources.values().forEach(r -> text.append(String.format("resource  %-35s %-12s %-20s limits %s%n",
                r.get("name"), r.get("state"), r.get("backend_id"), r.get("limits"))));
        return text.toString();
    }

    /** All requests so far. */
    public List<WaldurRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * What a real Waldur would not have done as this one did: filters, fields and keys that it does not have, and that it would have
     * ignored without a word; and answers of the simulator that its contract does not allow. Empty, if all is well.
     */
    public Set<String> breaches() {
        return Set.copyOf(breaches);
    }

    /** Is told of each request after its answer. */
    public void onRequest(Consumer<WaldurRequest> heard) {
        listener = heard;
    }

    /** Is told of each request before it is handled. */
    public void beforeRequest(Consumer<WaldurRequest> heard) {
        before = heard;
    }

    public synchronized void inject(WaldurFault fault) {
        faults.add(fault);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        WaldurRequest request = request(exchange, body, 0);
        before.accept(request);
        Reply reply;
        WaldurFault fault;
        synchronized (this) {
            fault = fault(request);
            reply = fault != null && !fault.effect() ? faulty(fault) : handle(exchange, request, body);
        }
        boolean cut = fault != null && fault.cut();
        WaldurRequest ended = request(exchange, body, cut ? 0 : reply.code());
        requests.add(ended);
        if (!cut) {
            send(exchange, reply);
        }
        exchange.close();
        listener.accept(ended);
    }

    private Reply handle(HttpExchange exchange, WaldurRequest request, String body) {
        if (workAfter >= 0 && requests.size() % (workAfter + 1) == workAfter) {
            world.work();
        }
        if (!("Token " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Reply(401, Map.of("detail", "Invalid token."), Map.of("WWW-Authenticate", "Token"));
        }
        if (!exchange.getRequestURI().getPath().startsWith("/api/")) {
            return Reply.notFoundPage();
        }
        if (!request.path().isEmpty() && !request.path().endsWith("/")) {
            return new Reply(301, null, Map.of("Location", "/api/" + request.path() + "/"));
        }
        try {
            JsonNode json = body.isBlank() ? null : JSON.readTree(body);
            Optional<Reply> refusal = CONTRACT.refusal(request, json);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            Reply reply = api.handle(request, json == null ? Map.of() : JSON.convertValue(json, new TypeReference<Map<String, Object>>() { }));
            CONTRACT.ignored(request, json).forEach(what -> breaches.add(request.method() + " " + request.path() + " is sent " + what));
            (spoiled ? List.<String>of() : CONTRACT.mistakes(request, reply)).forEach(what -> breaches.add(request.method() + " " + request.path() + " is answered with " + what));
            return reply;
        } catch (JsonProcessingException e) {
            return Reply.of(400, Map.of("detail", "JSON parse error - " + e.getOriginalMessage()));
        }
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

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        boolean text = reply.body() instanceof String;
        byte[] bytes = reply.body() == null ? new byte[0] : text ? ((String) reply.body()).getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(reply.body());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", text ? "text/html" : "application/json");
        exchange.sendResponseHeaders(reply.code(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static WaldurRequest request(HttpExchange exchange, String body, int status) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), n -> new ArrayList<>())
                    .add(parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        return new WaldurRequest(exchange.getRequestMethod(), exchange.getRequestURI().getPath().replaceFirst("^/api/", ""), query, body, headers, status);
    }

    /** The same uuid for the same thing, so that two simulators can be compared. */
    private static String id(String kind, String name) {
        return java.util.UUID.nameUUIDFromBytes((kind + "/" + name).getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
