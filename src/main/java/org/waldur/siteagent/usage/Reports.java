package org.waldur.siteagent.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.NotAsPlanned;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.plan.UsageChange;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;
import org.waldur.siteagent.plan.UsageChange.TellLimits;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Slurm;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.ServerClock;
import org.waldur.siteagent.waldur.Text;
import org.waldur.siteagent.waldur.Uuid;

/** What the report routes compute with. Bean {@code reports}. */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger("usage");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLUGIN = "marketplace-slurm-remote";

    private final Clock clock;
    private final ServerClock serverClock;
    private final Features features;
    private final Slurm slurm;
    private final DeadLetters deadLetters;
    private final ReportOptions options;
    private final Consumer<UsageReport> announce;
    /** The accounts of all resources that were looked at. */
    private final Set<String> accounts = new ConcurrentSkipListSet<>();
    /** Resource to its last update, and to the plan periods that it has since then. */
    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private final Map<String, List<PlanPeriod>> periods = new ConcurrentHashMap<>();
    /** Offering and month of which Waldur has refused usage of usage-billed components: that month is invoiced. */
    private final Map<String, Instant> invoiced = new ConcurrentHashMap<>();

    /**
     * @param announce who hears of each report before it is told to Waldur
     */
    public Reports(Clock clock, ServerClock serverClock, Features features, Slurm slurm, DeadLetters deadLetters, ReportOptions options,
            Consumer<UsageReport> announce) {
        this.clock = clock;
        this.serverClock = serverClock;
        this.features = features;
        this.slurm = slurm;
        this.deadLetters = deadLetters;
        this.options = options;
        this.announce = announce;
    }

    /** From when on a switch of plan matters: the first moment of the months to report. */
    public String since(Offering offering, List<YearMonth> months) {
        return months.get(0).atDay(1).atStartOfDay(offering.billingTimezone()).toInstant().toString();
    }

    /** An update that a resource has had; it may have been a switch of plan. */
    public record Update(String order, String resource) {
    }

    /**
     * The last update of each of these resources, as far as nobody has asked yet what became of it. None for an audit, which compares all that
     * was used in a month with all that is booked of it, whatever the plan.
     *
     * @param orders that are done, of any type
     */
    public List<Update> updates(List<JsonNode> orders, List<Resource> resources) {
        if (options.audit()) {
            return List.of();
        }
        Set<String> wanted = resources.stream().map(Resource::uuid).collect(Collectors.toSet());
        Map<String, Update> last = new TreeMap<>();
        orders.stream().filter(order -> order.path("type").asText().equals("Update")).forEach(order -> Uuid.optional(order.path("marketplace_resource_uuid").asText())
                .filter(wanted::contains).ifPresent(resource -> last.put(resource, new Update(order.path("uuid").asText(), resource))));
        return last.values().stream().filter(update -> !update.order().equals(asked.get(update.resource()))).toList();
    }

    /** @param answer the plan periods of the resource of an update */
    public void remember(Update update, List<JsonNode> answer) {
        periods.put(update.resource(), PlanPeriod.of(answer));
        asked.put(update.resource(), update.order());
    }

    /** Tells apart what is booked under the plan that a resource has, and what was booked under another one in the same month. */
    public void tellApart(Offering offering, List<YearMonth> months, List<Resource> resources, Reported reported) {
        for (Resource resource : resources) {
            for (YearMonth month : periods.containsKey(resource.uuid()) ? months : List.<YearMonth>of()) {
                List<PlanPeriod> all = periods.get(resource.uuid());
                boolean undated = month.equals(now(offering)) || features.has(offering, PLUGIN);
                reported.elsewhere(month, undated ? PlanPeriod.elsewhere(all) : PlanPeriod.elsewhere(all, Booking.middle(month), offering.billingTimezone()));
            }
        }
    }

    /**
     * The months to report, the oldest first.
     *
     * @param text how many, the current one included; {@code last}: the last one that is over; or months themselves with commas between,
     *             like {@code 2026-09,2026-10}
     */
    public List<YearMonth> months(Offering offering, String text) {
        if (text.contains("-")) {
            return Arrays.stream(text.split(",")).map(month -> YearMonth.parse(month.strip())).sorted().toList();
        }
        YearMonth now = now(offering);
        if (text.strip().equals("last")) {
            return List.of(now.minusMonths(1));
        }
        List<YearMonth> months = new ArrayList<>();
        for (int back = Integer.parseInt(text.strip()) - 1; back >= 0; back--) {
            months.add(now.minusMonths(back));
        }
        return months;
    }

    private YearMonth now(Offering offering) {
        return YearMonth.from(clock.instant().atZone(offering.billingTimezone()));
    }

    /** Whether one of these is the resource that somebody wants to know about, or all are wanted. */
    public boolean areWanted(List<Resource> resources) {
        resources.forEach(resource -> accounts.add(resource.backendId()));
        return options.account().isEmpty() || resources.stream().anyMatch(resource -> resource.backendId().equals(options.account()));
    }

    /** The accounts of all resources that were looked at, sorted. */
    public Set<String> accounts() {
        return accounts;
    }

    /** Whether usage of this offering is reported at all, by this process or another one. */
    public boolean isReported(Offering offering) {
        return offering.serves(Mode.REPORT);
    }

    /** The resources that these orders end, as Waldur has them by now. */
    public List<Resource> terminated(List<Change.FinishOrder> orders, List<Resource> resources) {
        Set<String> wanted = orders.stream().map(Change.FinishOrder::resource).collect(Collectors.toSet());
        return resources.stream().filter(r -> wanted.contains(r.uuid())).map(r -> r.in("Terminating")).toList();
    }

    /** Resources by offering: none yet. */
    public Map<Offering, List<Resource>> noResources() {
        return new LinkedHashMap<>();
    }

    public void list(Map<Offering, List<Resource>> listed, Offering offering, List<Resource> resources) {
        listed.put(offering, resources);
    }

    public List<Resource> resources(Offering offering, Map<Offering, List<Resource>> listed) {
        return listed.get(offering);
    }

    public Holders holders(List<Resource> resources) {
        return Holders.of(resources);
    }

    /** Whose the accounts are on the cluster of an offering, whose jobs are read for all offerings together. */
    public Holders clusterHolders(Offering offering, Map<Offering, List<Resource>> listed) {
        return Holders.of(listed.entrySet().stream().filter(of -> Sacct.cluster(of.getKey()).equals(Sacct.cluster(offering)))
                .flatMap(of -> of.getValue().stream()).toList());
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

    public Formulas formulas(Offering offering) {
        return Formulas.of(offering);
    }

    /** Component to how the offering bills it. @param offering as {@code GET marketplace-provider-offerings/UUID/} gives it */
    public Map<String, String> billed(Offering served, JsonNode offering) {
        Map<String, String> billed = new TreeMap<>();
        boolean plugin = features.has(served, PLUGIN);
        for (JsonNode component : offering.path("components")) {
            String billing = component.path("billing_type").asText();
            // a Waldur 7 refuses the whole call if one of the components is prepaid
            if (List.of("usage", "limit").contains(billing) || billing.equals("one") && !plugin) {
                billed.put(component.path("type").asText(), billing);
            }
        }
        return billed;
    }

    public Reported nothingReported() {
        return new Reported();
    }

    public void add(Reported reported, YearMonth month, List<JsonNode> usages, List<JsonNode> userUsages) {
        reported.add(month, usages, userUsages);
    }

    /** Throws {@link IllegalStateException} if the server's months are not those of the config. */
    public UsageCycle plan(Offering offering, List<YearMonth> months, List<Resource> resources, Map<String, String> billed, Formulas formulas, Reading reading,
            Reported reported) {
        deadLetters.usageIsPlanned(offering.name());
        boolean plugin = features.has(offering, PLUGIN);
        mustBeTheZone(offering, Stream.concat(resources.stream().flatMap(r -> r.createdAt().stream()), reported.times().stream()), plugin);
        resources.forEach(resource -> accounts.add(resource.backendId()));
        LimitCheck limits = new LimitCheck(offering, reading.accounts(), slurm.tres(offering));
        UsagePlanner.Terms terms = new UsagePlanner.Terms(months, billed, (month, billing) -> refused(offering, month, billing), month -> booking(offering, month), options,
                !plugin);
        return new UsageCycle(UsagePlanner.plan(offering, resources, formulas, reading, reported, terms, options.limits() ? limits.news(resources, billed) : List.of(),
                options.limits() ? limits.differences(resources) : List.of()), reported, months.stream().allMatch(month -> reading.of(month).isPresent()));
    }

    /** A Waldur 7 bills the months of UTC whatever its zone; later ones those of their own, which their times show. */
    private static void mustBeTheZone(Offering offering, Stream<OffsetDateTime> times, boolean plugin) {
        ZoneId zone = offering.billingTimezone();
        boolean utc = zone.getRules().equals(ZoneOffset.UTC.getRules());
        if (plugin && !utc) {
            throw new IllegalStateException("this Waldur bills the months of UTC; set billing_timezone: UTC, not " + zone);
        }
        times.filter(t -> !plugin && !zone.getRules().getOffset(t.toInstant()).equals(t.getOffset())).findFirst()
                .ifPresent(t -> {
                    throw new IllegalStateException("Waldur's times are " + t.getOffset() + " from UTC, as in " + t + ", and billing_timezone is " + zone
                            + ", so its months begin at another moment; set billing_timezone to the time zone of the server");
                });
    }

    private Booking booking(Offering offering, YearMonth month) {
        return Booking.of(month, clock.instant(), serverClock.now(offering), offering.billingTimezone(), features.dates(offering));
    }

    public void announce(UsageCycle cycle) {
        cycle.report().notes().forEach(note -> LOG.warn("Offering {}: {}", cycle.report().offering(), note));
        announce.accept(cycle.report());
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

    private Optional<String> refused(Offering offering, YearMonth month, String billing) {
        boolean invoiced = isInvoiced(offering, month) || options.audit() && month.isBefore(now(offering));
        return billing.equals("usage") && invoiced ? Optional.of("the month is invoiced, and Waldur takes usage of it from its staff only") : Optional.empty();
    }

    private boolean isInvoiced(Offering offering, YearMonth month) {
        return Optional.ofNullable(invoiced.get(offering.uuid() + month)).filter(when -> when.plusSeconds(86_400).isAfter(clock.instant())).isPresent();
    }

    /** What Waldur has now, after rows were made. */
    public void seeAgain(UsageCycle cycle, String month, List<JsonNode> usages) {
        cycle.reported().add(YearMonth.parse(month), usages, List.of());
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
            deadLetters.settleUsage(offering.name());
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
