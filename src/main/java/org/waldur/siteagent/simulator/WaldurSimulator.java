package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A Waldur that exists only in memory, on a port of this machine. What a customer does are calls of Java; what an agent does are
 * requests. It refuses what a real one refuses, and can misbehave when it is told to.
 */
public final class WaldurSimulator implements AutoCloseable {
    private final WaldurWorld world;
    private final WaldurServer server;
    private final Bookings bookings;

    private WaldurSimulator(WaldurWorld.Dialect dialect, int workAfter) throws IOException {
        world = new WaldurWorld(dialect);
        bookings = new Bookings(world);
        server = new WaldurServer(world, this, workAfter);
        world.api = apiUrl().toString();
    }

    /** Starts an empty Waldur of today. */
    public static WaldurSimulator start() throws IOException {
        return new WaldurSimulator(WaldurWorld.Dialect.V8, 0);
    }

    /** Starts an empty Waldur 7, whose worker needs some requests' time before it moves what was approved. */
    public static WaldurSimulator startOld(int workerIsLateByRequests) throws IOException {
        return new WaldurSimulator(WaldurWorld.Dialect.V7, workerIsLateByRequests);
    }

    public URI apiUrl() {
        return server.apiUrl();
    }

    /** The token of the owner of all offerings, which is what an agent has. */
    public String token() {
        return WaldurServer.TOKEN;
    }

    /** The token of an administrator of Waldur, who may report for any month. */
    public String staffToken() {
        return WaldurServer.STAFF_TOKEN;
    }

    /** The roles of the agent's user, as {@code permissions} of {@code users/me/} has them. */
    public synchronized void roles(List<Map<String, Object>> roles) {
        world.roles = roles;
    }

    /** An offering without components. Gives its uuid. */
    public synchronized String addOffering(String name, String namePolicy) {
        Map<String, Object> offering = WaldurRows.offering(world, name, namePolicy);
        world.offerings.put((String) offering.get("uuid"), offering);
        return (String) offering.get("uuid");
    }

    /** An offering without components that has this uuid, 32 hex digits, as a config names it. */
    public synchronized void addOffering(String uuid, String name, String namePolicy) {
        Map<String, Object> offering = WaldurRows.offering(world, name, namePolicy);
        offering.put("uuid", uuid);
        world.offerings.put(uuid, offering);
    }

    /**
     * A person joins a project, with a username on an offering; blank: he has none there yet, and no name. Who is on another project
     * already, or was on this one, keeps the offering user that he has.
     */
    public synchronized void join(String offering, String projectSlug, String username) {
        world.teams.join(offering, projectSlug, username.isBlank() ? "nobody" + world.uuid() : username, username);
    }

    /**
     * A person joins a project whose username on the offering is still to be given: his offering user is {@code Requested} and has
     * the username "". He can be named by {@code person} from then on.
     */
    public synchronized void joinRequested(String offering, String projectSlug, String person) {
        world.teams.join(offering, projectSlug, person, "");
    }

    /**
     * A person leaves the team of a project, and keeps his offering user. Where the offering has the plugin option
     * {@code offering_user_auto_deletion}, today's Waldur requests its deletion if he has no resource of the offering left.
     *
     * @param username or the name that he joined with
     * @throws IllegalArgumentException if he is not on the team
     */
    public synchronized void leave(String projectSlug, String username) {
        world.teams.leave(projectSlug, username);
    }

    /** A copy of a person's offering user as it is now, of the first offering that he joined; by username or the name that he joined with. */
    public synchronized Map<String, Object> offeringUser(String person) {
        return new LinkedHashMap<>(world.teams.offeringUsers(world.teams.person(person)).get(0));
    }

    /** Moves a person's offering users, on all offerings, to a state like {@code Error creating}, whatever they were; by username or name. */
    public synchronized void offeringUserState(String person, String state) {
        checked(state, OfferingUserStep.STATES);
        world.teams.offeringUsers(world.teams.person(person)).forEach(row -> world.teams.state(row, state));
    }

    /** Changes a field of the offering user with this username, as an administrator of Waldur would. */
    public synchronized void changeOfferingUser(String username, String field, Object value) {
        world.offeringUsers.values().stream().filter(u -> username.equals(u.get("username"))).forEach(u -> {
            u.put(field, value);
            world.teams.named(u);
        });
    }

    /** A customer orders an allocation. Gives the order's uuid. */
    public synchronized String create(String offering, String name, String projectSlug, String customerSlug, Map<String, ?> limits) {
        Map<String, Object> resource = WaldurRows.resource(world, offering, name, projectSlug, customerSlug, limits);
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
        server.spoiled = true;
        world.orders.get(order).put(field, value);
    }

    /** Sets a field of the resource of an order. */
    public synchronized void spoilResource(String order, String field, Object value) {
        server.spoiled = true;
        resourceRow(order).put(field, value);
    }

    /** A policy or an administrator sets {@code paused}, {@code downscaled} or {@code restrict_member_access} of the resource of an order. */
    public synchronized void setFlag(String order, String flag, boolean value) {
        resourceRow(order).put(checked(flag, WaldurWorld.FLAGS), value);
    }

    /** Moves the resource of an order to a state like {@code Erred}, whatever it was; no order changes. */
    public synchronized void setState(String order, String state) {
        resourceRow(order).put("state", checked(state, WaldurWorld.STATES));
    }

    /** Sets an option of an offering, which all its resources show; null takes it away. */
    public synchronized void pluginOption(String offering, String key, Object value) {
        Map<String, Object> options = new LinkedHashMap<>(WaldurWorld.pluginOptions(world.offerings.get(offering)));
        options.put(key, value);
        options.values().removeIf(Objects::isNull);
        world.offerings.get(offering).put("plugin_options", options);
        world.resources.values().stream().filter(r -> r.get("offering_uuid").equals(offering)).forEach(r -> r.put("offering_plugin_options", options));
    }

    /** Gives a project to another customer: its resources and orders show him from now on, and nothing else of them changes. */
    public synchronized void moveProject(String projectSlug, String customerSlug) {
        Stream.concat(world.resources.values().stream(), world.orders.values().stream()).filter(row -> projectSlug.equals(row.get("project_slug")))
                .forEach(row -> WaldurRows.customer(row, customerSlug));
    }

    /**
     * A service account of a project, which an offering lists while the project has a resource of it that is not terminated. One that
     * is there already changes its state.
     *
     * @param state OK, Closed or Erred
     */
    public synchronized void addServiceAccount(String offering, String projectSlug, String username, String state) {
        world.accounts.put(false, offering, projectSlug, username, state);
    }

    /**
     * As a service account, for a course.
     *
     * @param username null: not known yet, as Waldur 8.1.3 may have it
     */
    public synchronized void addCourseAccount(String offering, String projectSlug, String username, String state) {
        world.accounts.put(true, offering, projectSlug, username, state);
    }

    /**
     * Limits what a person may use of a component of the resource of an order.
     *
     * @param username or the name that he joined with
     * @param number   with two decimals at most; null: he has no limit any more
     */
    public synchronized void userLimit(String order, String username, String component, Number number) {
        world.userLimits.put(resourceRow(order), username, component, number);
    }

    /**
     * What {@code set_membership_sync_statuses} last told of the members of an order's resource, sorted, one line each:
     * {@code alice resource PROJECT.MEMBER error no such user}. Persons stand there by the name that they joined with.
     */
    public synchronized List<String> statuses(String order) {
        return world.memberStatuses.lines((String) resourceRow(order).get("uuid"));
    }

    private static String checked(String word, List<String> known) {
        if (!known.contains(word)) {
            throw new IllegalArgumentException(word + " is none of " + known);
        }
        return word;
    }

    /** Adds a component to an offering, as an administrator of Waldur would. Gives it with its uuid. */
    public synchronized Map<String, Object> addComponent(String offering, Map<String, Object> fields) {
        Map<String, Object> component = new LinkedHashMap<>(fields);
        component.put("uuid", world.uuid());
        WaldurWorld.components(world.offerings.get(offering)).add(component);
        return Map.copyOf(component);
    }

    /** Changes a field of a component, as an administrator of Waldur would. */
    public synchronized void changeComponent(String offering, String type, String field, Object value) {
        WaldurWorld.components(world.offerings.get(offering)).stream().filter(component -> type.equals(component.get("type"))).forEach(component -> component.put(field, value));
    }

    /** The components of an offering. */
    public synchronized List<Map<String, Object>> components(String offering) {
        return List.copyOf(WaldurWorld.components(world.offerings.get(offering)));
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

    /**
     * All usage, sorted, one line each: {@code hpc_alloc 2026-11 cpu 12.34} and, for a person, {@code hpc_alloc 2026-11 cpu alice 1.50}.
     * A resource without a backend id stands there by its name.
     */
    public synchronized List<String> usages() {
        List<String> lines = new ArrayList<>();
        for (ComponentUsage usage : world.usages.all()) {
            Map<String, Object> resource = world.resources.get(usage.resource());
            Object name = "".equals(resource.get("backend_id")) ? resource.get("name") : resource.get("backend_id");
            String start = name + " " + usage.month() + " " + usage.type() + " ";
            lines.add(start + usage.amount().toPlainString());
            world.usages.users(usage).forEach(user -> lines.add(start + user.username() + " " + user.amount().toPlainString()));
        }
        lines.sort(null);
        return lines;
    }

    /**
     * Usage that was reported earlier, of a component that need not exist any more.
     *
     * @param orderOrResource uuid
     * @param month           like {@code 2026-11}
     * @param amount          like {@code 12.34}
     */
    public synchronized void putUsage(String orderOrResource, String month, String type, String amount) {
        Map<String, Object> resource = found(orderOrResource);
        Instant moment = YearMonth.parse(month).equals(bookings.month(world.clock.now())) ? world.clock.tick() : middle(month);
        String period = bookings.period(resource, moment).map(PlanPeriods.PlanPeriod::uuid).orElse(null);
        bookings.book(resource, type, period, new BigDecimal(amount).setScale(2, RoundingMode.UNNECESSARY), moment, "", false, true);
    }

    /** Forgets all usage that was reported. */
    public synchronized void clearUsage() {
        world.usages.clear();
    }

    /** What a person used, as it was reported earlier; beneath 0 for the whole resource, if that has none in this month. */
    public synchronized void putUserUsage(String orderOrResource, String month, String type, String username, String amount) {
        String uuid = (String) found(orderOrResource).get("uuid");
        if (world.usages.of(uuid, type, YearMonth.parse(month)).isEmpty()) {
            putUsage(orderOrResource, month, type, "0.00");
        }
        List<ComponentUsage> rows = world.usages.of(uuid, type, YearMonth.parse(month));
        bookings.bookUser(rows.get(rows.size() - 1), username, new BigDecimal(amount).setScale(2, RoundingMode.UNNECESSARY), null);
    }

    private Map<String, Object> found(String orderOrResource) {
        return world.orders.containsKey(orderOrResource) ? resourceRow(orderOrResource) : world.resources.get(orderOrResource);
    }

    private static Instant middle(String month) {
        return YearMonth.parse(month).atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC);
    }

    /** The server's clock, which its months, its times and the {@code Date} of its answers follow. It is that of this machine at first. */
    public synchronized WaldurSimulator clock(Clock clock) {
        world.clock.set(clock);
        return this;
    }

    /** From now on no answer says what time it is. */
    public WaldurSimulator withoutDate() {
        server.dated = false;
        return this;
    }

    /** Stops the server's clock at this moment. */
    public WaldurSimulator now(Instant moment) {
        return clock(Clock.fixed(moment, ZoneOffset.UTC));
    }

    /** The server's zone; UTC at first. */
    public synchronized WaldurSimulator zone(ZoneId zone) {
        world.clock.zone(zone);
        return this;
    }

    /** What the server says its version is: 8.1.2 or 7.0.7 at first. Nothing else depends on it. */
    public synchronized WaldurSimulator version(String version) {
        world.version = version;
        return this;
    }

    /** All requests so far. */
    public List<WaldurRequest> requests() {
        return server.requests();
    }

    /**
     * What a real Waldur would not have done as this one did: filters, fields and keys that it does not have, and that it would have
     * ignored without a word; and answers of the simulator that its contract does not allow. Empty, if all is well.
     */
    public Set<String> breaches() {
        return server.breaches();
    }

    /** Is told of each request after its answer. */
    public void onRequest(Consumer<WaldurRequest> heard) {
        server.listener = heard;
    }

    /** Is told of each request before it is handled. */
    public void beforeRequest(Consumer<WaldurRequest> heard) {
        server.before = heard;
    }

    public synchronized void inject(WaldurFault fault) {
        server.inject(fault);
    }

    /** Nothing goes wrong any more of what was still to come. */
    public synchronized void calm() {
        server.calm();
    }

    @Override
    public void close() {
        server.close();
    }
}
