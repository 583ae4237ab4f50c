package org.waldur.siteagent.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.NotAsPlanned;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.plan.UsageChange;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;
import org.waldur.siteagent.plan.UsageChange.TellLimits;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.ServerClock;

/** What the routes that tell Waldur of usage compute with: which months can be booked, and the bodies of the requests. Bean {@code bookings}. */
public final class Bookings {
    private static final Logger LOG = LoggerFactory.getLogger("usage");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;
    private final ServerClock serverClock;
    private final Features features;
    private final DeadLetters deadLetters;
    private final ReportOptions options;
    /** Offering and month of which Waldur has refused usage of usage-billed components: that month is invoiced. */
    private final Map<String, Instant> invoiced = new ConcurrentHashMap<>();

    public Bookings(Clock clock, ServerClock serverClock, Features features, DeadLetters deadLetters, ReportOptions options) {
        this.clock = clock;
        this.serverClock = serverClock;
        this.features = features;
        this.deadLetters = deadLetters;
        this.options = options;
    }

    private YearMonth now(Offering offering) {
        return Booking.month(clock.instant(), offering.billingTimezone());
    }

    /** Whether and how a month can be booked at this moment. */
    Booking booking(Offering offering, YearMonth month) {
        return Booking.of(month, clock.instant(), serverClock.now(offering), offering.billingTimezone(), features.dates(offering));
    }

    /** Why Waldur takes no usage of components billed like this in a month; empty if it does. */
    Optional<String> refused(Offering offering, YearMonth month, String billing) {
        boolean invoiced = isInvoiced(offering, month) || options.audit() && month.isBefore(now(offering));
        return billing.equals("usage") && invoiced ? Optional.of("the month is invoiced, and Waldur takes usage of it from its staff only") : Optional.empty();
    }

    private boolean isInvoiced(Offering offering, YearMonth month) {
        return Optional.ofNullable(invoiced.get(offering.uuid() + month)).filter(when -> when.plusSeconds(86_400).isAfter(clock.instant())).isPresent();
    }

    public boolean isOver(UsageCycle cycle, UsageChange change) {
        return cycle.isOver(change);
    }

    /** What a change is about, as dead letters name it. */
    public String subject(UsageChange change) {
        return options.subject() + " of " + change.account() + " in " + change.scope();
    }

    /**
     * The body of set_usage, made at the last moment: a month may have turned since the plan was made. Empty if the month cannot be booked any
     * more.
     */
    public String body(Offering offering, UsageCycle cycle, SetUsage change) {
        Booking booking = booking(offering, change.month());
        if (booking instanceof Booking.Closed closed) {
            LOG.warn("{} cannot be booked any more, see waldur-site-agent usage audit: {}", change.what(), closed.why());
            cycle.left(change);
            return "";
        }
        ObjectNode body = JSON.createObjectNode().put("resource", change.resource());
        if (booking instanceof Booking.Dated dated) {
            body.put("date", dated.date());
        }
        ArrayNode usages = body.putArray("usages");
        change.amounts().forEach((component, amount) -> usages.addObject().put("type", component).put("amount", amount.toPlainString()));
        return json(body);
    }

    public void told(UsageCycle cycle, UsageChange change) {
        cycle.told(change);
        LOG.info("{}", change.what());
    }

    /** Waldur takes no usage of this resource in its state; the next cycle tells it. */
    public void leave(UsageCycle cycle, SetUsage change) {
        cycle.left(change);
        LOG.info("{} is left for the next cycle, because Waldur takes no usage of a resource in that state", change.what());
    }

    /** That month of this offering is invoiced; it is not tried again for a day. */
    public void invoiced(Offering offering, UsageCycle cycle, SetUsage change) {
        if (invoiced.put(offering.uuid() + change.month(), clock.instant()) == null) {
            LOG.info("Offering {}: {} is invoiced already, and Waldur takes no usage of it any more but from its staff", offering.name(), change.month());
        }
        cycle.refused();
        cycle.getUsages().stream().filter(u -> u.month().equals(change.month())).forEach(cycle::left);
    }

    /** The row on which people's usage is booked: the youngest, if a switch of plan has left an older one. Empty if there is none. */
    public String row(UsageCycle cycle, SetUserUsages change) {
        List<Reported.Row> rows = cycle.rows(change);
        return rows.isEmpty() ? "" : rows.get(rows.size() - 1).uuid();
    }

    /** The people of a change in parts, each of which fits into one request. */
    public List<SetUserUsages> parts(SetUserUsages change) {
        return Portions.of(change.amounts().keySet()).stream().map(users -> {
            TreeMap<String, BigDecimal> amounts = new TreeMap<>(change.amounts());
            amounts.keySet().retainAll(users);
            return new SetUserUsages(change.resource(), change.account(), change.month(), change.component(), amounts, change.before(), change.reason());
        }).toList();
    }

    /** @param urls username to the url of the offering user */
    public String userBody(SetUserUsages part, Map<String, String> urls) {
        ArrayNode usages = JSON.createArrayNode();
        part.amounts().forEach((user, amount) -> usages.add(item(user, amount, urls)));
        return json(JSON.createObjectNode().set("usages", usages));
    }

    /** The bodies of set_user_usage, one for each of the people. */
    public List<String> userBodies(SetUserUsages change, Map<String, String> urls) {
        List<String> bodies = new ArrayList<>();
        change.amounts().forEach((user, amount) -> bodies.add(json(item(user, amount, urls))));
        return bodies;
    }

    private static ObjectNode item(String user, BigDecimal amount, Map<String, String> urls) {
        ObjectNode item = JSON.createObjectNode().put("username", user).put("usage", amount.toPlainString());
        Optional.ofNullable(urls.get(user)).ifPresent(url -> item.put("user", url));
        return item;
    }

    /** Username to the url of the offering user, in any case of letters. */
    public Map<String, String> urls(Offering offering, List<JsonNode> offeringUsers) {
        Map<String, String> urls = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        offeringUsers.stream().filter(user -> !user.path("username").asText("").isEmpty() && user.path("uuid").isTextual()).forEach(user ->
                urls.put(user.path("username").asText(), offering.apiUrl() + "marketplace-offering-users/" + user.path("uuid").asText() + "/"));
        return urls;
    }

    public String limitsBody(TellLimits change, boolean plugin) {
        ObjectNode limits = JSON.createObjectNode();
        change.limits().forEach(limits::put);
        return json(plugin ? limits : JSON.createObjectNode().set("limits", limits));
    }

    /** All has been told. What failed in an earlier cycle and not in this one is of the past. */
    public void record(Offering offering, UsageCycle cycle) {
        int open = cycle.leaveAll("");
        LOG.info("Offering {}: {} figures of usage told, {} left, {} held", offering.name(), cycle.toldNumber(), open, cycle.getHeld().size());
        if (open == 0 && cycle.isWhole()) {
            deadLetters.settle(offering.name(), DeadLetter.Topic.USAGE);
        }
    }

    /**
     * Throws {@link NotAsPlanned} if usage of a resource is still to be told that Waldur would take. A figure of an earlier month that is
     * held is not waited for: it was told when it grew. One of this month says that sacct cannot be believed, and somebody must look at it.
     */
    public void mustBeTold(Offering offering, UsageCycle cycle, Change.FinishOrder order) {
        cycle.getHeld().stream().filter(held -> held.resource().equals(order.resource()) && held.month().equals(now(offering))).findFirst().ifPresent(held -> {
            throw new NotAsPlanned("the last usage of " + order.account() + " is held (" + held.summary() + "): " + held.reason()
                    + ". The order waits for that; if it is ended by hand in Waldur, what is booked stays");
        });
        boolean open = cycle.getUsages().stream().anyMatch(u -> u.resource().equals(order.resource()))
                || cycle.report().plan().of(SetUserUsages.class).stream().anyMatch(u -> u.resource().equals(order.resource()) && !cycle.isOver(u))
                || cycle.report().figures().stream().anyMatch(f -> f.resource().equals(order.resource()) && f.state() == Figure.State.UNKNOWN);
        if (open) {
            throw new NotAsPlanned("the last usage of " + order.account() + " is not told to Waldur, which takes none once the order has ended");
        }
    }

    private static String json(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }
}
