package org.waldur.siteagent.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.Rows;
import org.waldur.siteagent.waldur.Text;

/** What the order routes compute with. Bean {@code orders}; it keeps nothing between two calls. */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger("orders");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GENERAL_ERROR = "The allocation could not be provided. Please ask the provider.";
    private static final int LONGEST_MESSAGE = 1_000;

    private final boolean exposeErrors;
    private final DeadLetters deadLetters;
    private final Selection selection;
    private final String refusal;

    public Orders(boolean exposeErrors, DeadLetters deadLetters) {
        this(exposeErrors, deadLetters, Selection.ALL, "");
    }

    /**
     * @param selection no other orders are planned
     * @param refusal   what an operator tells the customers of all orders that are planned, which end with that; empty: they are carried out
     */
    public Orders(boolean exposeErrors, DeadLetters deadLetters, Selection selection, String refusal) {
        this.exposeErrors = exposeErrors;
        this.deadLetters = deadLetters;
        this.selection = selection;
        this.refusal = Text.oneLine(refusal, LONGEST_MESSAGE);
    }

    public String orderFields() {
        return Order.FIELDS;
    }

    public String resourceFields() {
        return Resource.FIELDS;
    }

    /** Orders that wait for us; a row that is no order is said and left out, and harms no other. */
    public List<Order> parse(List<JsonNode> rows) {
        return Rows.readable(rows, Order::of, why -> LOG.error("An order is left out, because Waldur describes it with {}", why)).stream()
                .filter(order -> order.state() == Order.State.PENDING_PROVIDER || order.state() == Order.State.EXECUTING).toList();
    }

    /** Resources; a row that cannot be read is said and left out. An order of that resource is then read by {@link #parseResource}. */
    public List<Resource> parseResources(List<JsonNode> rows) {
        return Rows.readable(rows, Resource::of, why -> LOG.error("A resource is left out, and its orders wait, because Waldur describes it with {}", why));
    }

    public Resource parseResource(JsonNode row) {
        return Resource.of(row);
    }

    /** The state of an order as Waldur writes it. */
    public String stateOf(JsonNode row) {
        return row.path("state").asText("");
    }

    /** The resource of an order; null if it is not among these. */
    public Resource resource(Order order, List<Resource> resources) {
        return resources.stream().filter(r -> r.uuid().equals(order.resource())).findFirst().orElse(null);
    }

    /** @param verdict {@code accept}, {@code hold} or {@code refuse}. Throws {@link IllegalArgumentException} for anything else */
    public PreparedOrder prepared(Order order, Resource resource, String customer, String project, String allocation, boolean numbered,
            String verdict, String message) {
        PreparedOrder.Verdict say;
        try {
            say = PreparedOrder.Verdict.valueOf(verdict.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the variable verdict is '" + Text.oneLine(verdict, 40) + "'; it must be accept, hold or refuse");
        }
        return new PreparedOrder(order, resource, new PreparedOrder.Names(customer, project, allocation, numbered), say,
                Text.oneLine(message, LONGEST_MESSAGE));
    }

    public OrderCycle plan(Offering offering, List<PreparedOrder> orders, List<Resource> resources, Cluster cluster) {
        List<PreparedOrder> selected = orders.stream().filter(o -> selection.accounts().isEmpty() || selection.accounts().contains(o.resource().backendId())
                || selection.accounts().contains(o.names().allocation().toLowerCase(Locale.ROOT)))
                .filter(o -> selection.orders().isEmpty() || selection.orders().contains(o.order().uuid())).map(this::asOperatorSays).toList();
        return new OrderCycle(OrderPlanner.plan(offering, selected, resources, cluster));
    }

    private PreparedOrder asOperatorSays(PreparedOrder prepared) {
        return refusal.isEmpty() ? prepared : new PreparedOrder(prepared.order(), prepared.resource(), prepared.names(), PreparedOrder.Verdict.REFUSE, refusal);
    }

    public void hold(OrderCycle cycle, Change.HoldOrder held) {
        cycle.leave(held.order(), held.reason());
    }

    /** Whether to look at Waldur once more before anything is carried out. */
    public boolean awaits(OrderCycle cycle, int looks) {
        return looks > 0 && !cycle.getUnready().isEmpty();
    }

    /** What Waldur shows now about the orders in hand. Gives the looks that are left. */
    public int see(OrderCycle cycle, List<Order> orders, List<Resource> resources, boolean plugin, int looks) {
        cycle.see(orders, resources, plugin).forEach(deadLetters::settle);
        return looks - 1;
    }

    public void leaveUnready(OrderCycle cycle) {
        cycle.getUnready().forEach(order -> cycle.leave(order, "Waldur has not made it executing yet"));
    }

    /** Allocations that are to go and still have jobs. */
    public List<Change.RemoveAllocation> busy(OrderCycle cycle, List<String> busyAccounts) {
        return cycle.getRemovals().stream().filter(r -> busyAccounts.contains(r.account())).toList();
    }

    public void leaveBusy(OrderCycle cycle, List<String> busyAccounts) {
        busy(cycle, busyAccounts).forEach(r -> {
            LOG.info("Account {} still has jobs; it is removed in the first cycle that finds none", r.account());
            cycle.leave(String.join(",", r.orders()), "account " + r.account() + " still has jobs");
        });
    }

    /** Who leaves which of the accounts that go, in as few commands as possible. */
    public List<Departure> departures(OrderCycle cycle, Cluster cluster) {
        return Departure.of(cycle.getRemovals(), cluster);
    }

    /** Who leaves this one account, one after the other. */
    public List<Departure> departuresAlone(Change.RemoveAllocation removal, Cluster cluster) {
        return Departure.oneByOne(List.of(removal), cluster);
    }

    public List<Change.SetDefaultAccount> newDefaults(OrderCycle cycle, Cluster cluster) {
        return Departure.newDefaults(cycle.getRemovals(), cluster);
    }

    /** The order has ended in Waldur: its dead letters are of the past. */
    public void ended(OrderCycle cycle, Change change) {
        cycle.ended(change);
        change.orders().forEach(deadLetters::settle);
        LOG.info("{} because {}", change.what(), change.reason());
    }

    public List<Change.RemoveParent> emptied(OrderCycle cycle, int level, Cluster now) {
        return cycle.emptyParents(level, now);
    }

    /** The body that refuses an order. */
    public String rejection(Change.RejectOrder change) {
        return json(Map.of("provider_rejection_comment", change.message()));
    }

    /** The body that ends an order as erred; Waldur wants both fields. */
    public String error(Change.FailOrder change) {
        String message = exposeErrors || change.forCustomer() ? Text.oneLine(change.message(), LONGEST_MESSAGE) : GENERAL_ERROR;
        return json(Map.of("error_message", message, "error_traceback", exposeErrors ? change.reason() : ""));
    }

    public void record(Offering offering, OrderCycle cycle) {
        LOG.info("Offering {}: {} orders ended, {} left", offering.name(), cycle.getEnded().size(), cycle.getLeft().size());
        cycle.getLeft().forEach((order, why) -> LOG.info("Order {} is left for another cycle: {}", order, why));
    }

    private static String json(Map<String, String> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        }
    }
}
