package org.waldur.siteagent.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Slurm;
import org.waldur.siteagent.waldur.Features;

/** What the report routes compute with. Bean {@code reports}. */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger("usage");

    private final Clock clock;
    private final Features features;
    private final Slurm slurm;
    private final DeadLetters deadLetters;
    private final Bookings bookings;
    private final ReportOptions options;
    private final Consumer<UsageCycle> announce;
    /** What each offering's list said the last time that it came. */
    private final Map<Offering, List<Resource>> last = new ConcurrentHashMap<>();
    /** The accounts of all resources that were looked at. */
    private final Set<String> accounts = new ConcurrentSkipListSet<>();

    /**
     * @param announce who hears of each report before it is told to Waldur
     */
    public Reports(Clock clock, Features features, Slurm slurm, DeadLetters deadLetters, Bookings bookings, ReportOptions options,
            Consumer<UsageCycle> announce) {
        this.clock = clock;
        this.features = features;
        this.slurm = slurm;
        this.deadLetters = deadLetters;
        this.bookings = bookings;
        this.options = options;
        this.announce = announce;
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
        return Booking.month(clock.instant(), offering.billingTimezone());
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
        last.put(offering, resources);
    }

    /** Those whose resources are known. */
    public List<Offering> offerings(Map<Offering, List<Resource>> listed) {
        return List.copyOf(listed.keySet());
    }

    public List<Resource> resources(Offering offering, Map<Offering, List<Resource>> listed) {
        return listed.get(offering);
    }

    public Holders holders(List<Resource> resources) {
        return Holders.of(resources);
    }

    /**
     * Whose the accounts are on the cluster of an offering, whose jobs are read for all offerings together. Of an offering whose list did not come
     * in this cycle it is what the last one said.
     */
    public Holders clusterHolders(Offering offering) {
        return Holders.of(last.entrySet().stream().filter(of -> Sacct.cluster(of.getKey()).equals(Sacct.cluster(offering)))
                .flatMap(of -> of.getValue().stream()).toList());
    }

    public Formulas formulas(Offering offering) {
        return Formulas.of(offering);
    }

    /** Component to how the offering bills it. @param offering as {@code GET marketplace-provider-offerings/UUID/} gives it */
    public Map<String, String> billed(Offering served, JsonNode offering) {
        Map<String, String> billed = new TreeMap<>();
        boolean plugin = features.hasPlugin(served);
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
        deadLetters.begin(offering.name(), DeadLetter.Topic.USAGE);
        boolean plugin = features.hasPlugin(offering);
        mustBeTheZone(offering, Stream.concat(resources.stream().flatMap(r -> r.createdAt().stream()), reported.times().stream()), plugin);
        resources.forEach(resource -> accounts.add(resource.backendId()));
        LimitCheck limits = new LimitCheck(offering, reading.accounts(), slurm.tres(offering));
        UsagePlanner.Terms terms = new UsagePlanner.Terms(months, billed, (month, billing) -> bookings.refused(offering, month, billing),
                month -> bookings.booking(offering, month), options, !plugin);
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

    public void announce(UsageCycle cycle) {
        cycle.report().notes().forEach(note -> LOG.warn("Offering {}: {}", cycle.report().offering(), note));
        announce.accept(cycle);
    }

    /** What Waldur has now, after rows were made. */
    public void seeAgain(UsageCycle cycle, String month, List<JsonNode> usages) {
        cycle.reported().add(YearMonth.parse(month), usages, List.of());
    }
}
