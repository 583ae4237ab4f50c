package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a simulated Waldur holds: rows as its API gives them, and the rules by which orders and resources change state. */
final class WaldurWorld {
    /** The roles of the agent's user; null: those that an agent should have. */
    List<Map<String, Object>> roles;
    /** 8 is what sites run; 7 is the oldest that the agent serves, with a plugin whose worker moves resources after the approval. */
    enum Dialect { V7, V8 }

    /** Of a resource, set by policies and by administrators. */
    static final List<String> FLAGS = List.of("paused", "downscaled", "restrict_member_access");
    static final List<String> STATES = List.of("Creating", "OK", "Erred", "Updating", "Terminating", "Terminated");
    private static final List<String> LIVES = List.of("OK", "Erred", "Updating", "Creating", "Terminating");

    final Dialect dialect;
    final Map<String, Map<String, Object>> offerings = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> orders = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> offeringUsers = new LinkedHashMap<>();
    final Teams teams = new Teams(this);
    final ProjectAccounts accounts = new ProjectAccounts(this);
    final UserLimits userLimits = new UserLimits(this);
    final MemberStatuses memberStatuses = new MemberStatuses(this);
    /** Resource to the state of the plugin's allocation, V7 only. */
    final Map<String, String> allocations = new LinkedHashMap<>();
    final WaldurClock clock = new WaldurClock();
    final PlanPeriods planPeriods = new PlanPeriods(clock);
    final WaldurUsages usages = new WaldurUsages();
    String version;
    /** The address of the API, for the links in rows. */
    String api = "";
    private final List<Runnable> worker = new ArrayList<>();
    private int numbers;

    WaldurWorld(Dialect dialect) {
        this.dialect = dialect;
        version = dialect == Dialect.V7 ? "7.0.7" : "8.1.2";
    }

    /** A uuid that no other row has. */
    String uuid() {
        return String.format("%032x", 0xabc0000L + ++numbers);
    }

    /** The moment of a new row, later than those of all others. */
    String now() {
        return clock.text(clock.tick());
    }

    /** The component of a resource's offering. */
    Optional<Map<String, Object>> component(Map<String, Object> resource, String type) {
        return components(offerings.get(resource.get("offering_uuid"))).stream().filter(c -> c.get("type").equals(type)).findFirst();
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> components(Map<String, Object> offering) {
        return (List<Map<String, Object>>) offering.get("components");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> pluginOptions(Map<String, Object> offering) {
        return (Map<String, Object>) offering.get("plugin_options");
    }

    /** Whether usage of the component is accepted. Today's Waldur also takes that of components that are paid once. */
    boolean isReportable(Map<String, Object> resource, String type) {
        List<String> billed = dialect == Dialect.V7 ? List.of("usage", "limit") : List.of("usage", "limit", "one");
        return component(resource, type).filter(c -> billed.contains(c.get("billing_type"))).isPresent();
    }

    boolean isBilledByUsage(Map<String, Object> resource, String type) {
        return component(resource, type).filter(c -> "usage".equals(c.get("billing_type"))).isPresent();
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> currentUsages(Map<String, Object> resource) {
        return (Map<String, Object>) resource.getOrDefault("current_usages", Map.of());
    }

    /** The worker of a Waldur 7 does what it has been given; on 8 there is nothing to do. */
    void work() {
        List<Runnable> tasks = new ArrayList<>(worker);
        worker.clear();
        tasks.forEach(Runnable::run);
    }

    /** A customer places an order; gives the order's row. */
    Map<String, Object> order(String type, Map<String, Object> resource, Map<String, Object> limits) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("uuid", uuid());
        order.put("type", type);
        order.put("state", "pending-provider");
        order.put("created", now());
        order.put("resource_name", resource.get("name"));
        order.put("marketplace_resource_uuid", resource.get("uuid"));
        order.put("resource_uuid", dialect == Dialect.V7 && allocations.containsKey(resource.get("uuid")) ? resource.get("uuid") : null);
        order.put("limits", limits);
        if (dialect == Dialect.V8 || !type.equals("Terminate")) {
            order.put("plan_uuid", resource.get("plan_uuid"));
        }
        order.put("attributes", Map.of("name", resource.get("name")));
        order.put("offering_uuid", resource.get("offering_uuid"));
        for (String field : List.of("project_uuid", "project_slug", "project_name", "customer_uuid", "customer_slug", "customer_name")) {
            order.put(field, resource.get(field));
        }
        order.put("backend_id", "");
        order.put("error_message", "");
        orders.put((String) order.get("uuid"), order);
        return order;
    }

    /** Applies an action of a provider; gives 200, or the refusal. */
    Reply act(Map<String, Object> order, String action, Map<String, Object> body) {
        Map<String, Object> resource = resources.get(order.get("marketplace_resource_uuid"));
        String state = (String) order.get("state");
        switch (action) {
            case "approve_by_provider":
                return state.equals("pending-provider") ? approve(order, resource) : Reply.wrongState("pending-provider");
            case "reject_by_provider":
                if (!state.equals("pending-provider")) {
                    return Reply.wrongState("pending-provider");
                }
                order.put("state", "rejected");
                order.put("provider_rejection_comment", body.getOrDefault("provider_rejection_comment", ""));
                resource.put("state", "Create".equals(order.get("type")) ? "Terminated" : "OK");
                return Reply.ok();
            case "set_state_executing":
                if (!List.of("pending-consumer", "pending-provider", "erred").contains(state)) {
                    return Reply.wrongState("pending-consumer, pending-provider, erred");
                }
                order.put("state", "executing");
                return Reply.ok();
            case "set_state_done":
                return state.equals("executing") ? done(order, resource) : Reply.wrongState("executing");
            case "set_state_erred":
                return erred(order, resource, body);
            default:
                return Reply.notFoundPage();
        }
    }

    private Reply approve(Map<String, Object> order, Map<String, Object> resource) {
        order.put("state", "executing");
        Runnable move = () -> move(order, resource);
        if (dialect == Dialect.V7) {
            worker.add(move);
        } else {
            move.run();
        }
        return dialect == Dialect.V7 ? Reply.ok() : Reply.of(200, Map.of("detail", "Order has been approved."));
    }

    private void move(Map<String, Object> order, Map<String, Object> resource) {
        String uuid = (String) resource.get("uuid");
        switch ((String) order.get("type")) {
            case "Update" -> {
                if (dialect == Dialect.V7 && !order.get("plan_uuid").equals(resource.get("plan_uuid"))) {
                    done(order, resource);
                    return;
                }
                if (dialect == Dialect.V7 && !"ok".equals(allocations.get(uuid))) {
                    String number = "update_scheduled".equals(allocations.get(uuid)) ? "1" : "5";
                    order.put("state", "erred");
                    order.put("error_message", "Can't switch from state '" + number + "' using method 'schedule_updating'");
                    return;
                }
                allocations.put(uuid, "update_scheduled");
                resource.put("state", "Updating");
            }
            case "Terminate" -> resource.put("state", "Terminating");
            default -> {
                allocations.put(uuid, "creation_scheduled");
                resource.put("state", "Creating");
                if (dialect == Dialect.V7) {
                    order.put("resource_uuid", uuid());
                }
            }
        }
    }

    private Reply done(Map<String, Object> order, Map<String, Object> resource) {
        order.put("state", "done");
        switch ((String) order.get("type")) {
            case "Update" -> {
                if (!Map.of().equals(order.get("limits"))) {
                    resource.put("limits", order.get("limits"));
                }
                boolean switched = !order.get("plan_uuid").equals(resource.put("plan_uuid", order.get("plan_uuid")));
                if (switched) {
                    openPlanPeriod(resource);
                }
                resource.put("state", "OK");
            }
            case "Terminate" -> {
                planPeriods.close((String) resource.get("uuid"));
                resource.put("state", "Terminated");
            }
            default -> {
                openPlanPeriod(resource);
                resource.put("limits", order.get("limits"));
                resource.put("state", "OK");
            }
        }
        return Reply.ok();
    }

    private void openPlanPeriod(Map<String, Object> resource) {
        planPeriods.open(uuid(), (String) resource.get("uuid"), (String) resource.get("plan_uuid"));
    }

    private Reply erred(Map<String, Object> order, Map<String, Object> resource, Map<String, Object> body) {
        if (dialect == Dialect.V7 && !(body.containsKey("error_message") && body.containsKey("error_traceback"))) {
            return Reply.serverError();
        }
        boolean terminate = "Terminate".equals(order.get("type"));
        if (terminate && "OK".equals(resource.get("state"))) {
            return Reply.serverError();
        }
        if (!"pending-provider".equals(order.get("state")) && !"done".equals(order.get("state"))) {
            order.put("state", "erred");
        }
        order.put("error_message", String.valueOf(body.getOrDefault("error_message", "")).strip());
        order.put("error_traceback", body.getOrDefault("error_traceback", ""));
        resource.put("state", terminate ? "OK" : "Erred");
        return Reply.ok();
    }

    /** {@code marketplace-slurm-remote/UUID/set_state/}, V7 only. Of its states only ok is played, which is the one that an agent sets. */
    Reply allocation(String resource, String state) {
        if (!allocations.containsKey(resource)) {
            return Reply.notFound("Resource");
        }
        allocations.put(resource, state);
        return Reply.of(200, Map.of("detail", "Allocation state has been changed to " + state));
    }

    /** {@code marketplace-slurm-remote/UUID/set_limits/}, V7 only: nothing is checked. */
    Reply setPluginLimits(String resource, Map<String, Object> limits) {
        if (!allocations.containsKey(resource)) {
            return Reply.notFound("Resource");
        }
        resources.get(resource).put("limits", new LinkedHashMap<>(limits));
        return Reply.of(200, Map.of("status", "Limits are successfully set."));
    }

    boolean isLive(Map<String, Object> resource) {
        return LIVES.contains(resource.get("state"));
    }
}
