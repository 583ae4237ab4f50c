package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;
import org.waldur.siteagent.usage.Figure.State;

/** Makes the plan of one offering of what was read: a pure function. */
final class UsagePlanner {
    /**
     * @param months    to be reported, the oldest first
     * @param billed    component to how the offering bills it, as Waldur says
     * @param refused   why Waldur takes no usage of a component in a month, by month and billing type; empty if it does
     * @param bookings  whether and how a month can be booked now
     * @param options   what somebody at the command line has said
     * @param ofErred   whether Waldur takes usage of resources that are Erred
     */
    record Terms(List<YearMonth> months, Map<String, String> billed, BiFunction<YearMonth, String, Optional<String>> refused,
            Function<YearMonth, Booking> bookings, ReportOptions options, boolean ofErred) {
    }

    private final Offering offering;
    private final Formulas formulas;
    private final Reading reading;
    private final Reported reported;
    private final Terms terms;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Set<String> released = new TreeSet<>();
    /** Account to the resources that have it, where it is more than one that Waldur takes usage of. */
    private final Map<String, List<String>> shared;

    private UsagePlanner(Offering offering, Formulas formulas, Reading reading, Reported reported, Terms terms) {
        this.offering = offering;
        this.formulas = formulas;
        this.reading = reading;
        this.reported = reported;
        this.terms = terms;
        this.shared = reading.holders().shared(this::isTaken);
    }

    static UsageReport plan(Offering offering, List<Resource> resources, Formulas formulas, Reading reading, Reported reported, Terms terms,
            List<? extends Change> limits, List<String> differences) {
        UsagePlanner planner = new UsagePlanner(offering, formulas, reading, reported, terms);
        planner.unknownComponents();
        planner.sharedAccounts(resources);
        List<Resource> known = resources.stream().filter(planner::isReported).toList();
        for (YearMonth month : terms.months) {
            known.forEach(resource -> planner.month(resource, month));
        }
        if (terms.options.audit()) {
            planner.unknownResources(resources);
        } else {
            planner.closedNow();
        }
        planner.notes.addAll(differences);
        reading.runaways().forEach(runaway -> planner.notes.add("job " + runaway.run().id() + " of " + runaway.run().user() + " in " + runaway.run().account()
                + " is a runaway, because " + runaway.why() + "; it is not counted further"));
        planner.changes.addAll(limits);
        return new UsageReport(offering.name(), reading.asOf(), formulas, planner.figures, planner.notes,
                new Plan("report", offering.name(), planner.changes), planner.released);
    }

    private void unknownComponents() {
        formulas.components().stream().filter(component -> !terms.billed.containsKey(component)).forEach(component -> notes.add("component " + component
                + " is not reported, because the offering in Waldur does not have it; waldur-site-agent load-components makes it"));
    }

    /** What cannot be booked of a month that is over, the audit lists; that nothing of this one can be, somebody must hear. */
    private void closedNow() {
        YearMonth now = Booking.month(reading.asOf(), reading.zone());
        long waiting = figures.stream().filter(f -> f.month().equals(now) && f.state() == State.CLOSED).count();
        if (waiting > 0 && terms.bookings.apply(now) instanceof Booking.Closed closed) {
            notes.add(waiting + " figures of " + now + " are not told: " + closed.why());
        }
    }

    /** What ran in such an account would be billed once for each of them. */
    private void sharedAccounts(List<Resource> resources) {
        shared.keySet().retainAll(resources.stream().map(Resource::backendId).collect(Collectors.toSet()));
        shared.forEach((account, uuids) -> notes.add("resources " + String.join(" and ", uuids) + " have the same account " + account
                + ": no usage is told of any of them, because it would be billed to each; only one may have it as its backend_id"));
    }

    private void unknownResources(List<Resource> resources) {
        Set<String> known = resources.stream().map(Resource::uuid).collect(Collectors.toSet());
        terms.months.forEach(month -> reported.resources(month).stream().filter(uuid -> !known.contains(uuid)).forEach(uuid -> notes.add("Waldur has usage of resource "
                + uuid + " in " + month + ", and does not list that resource")));
    }

    private boolean isReported(Resource resource) {
        String account = resource.backendId();
        if (terms.options.audit()) {
            return isAudited(resource);
        }
        if (account.isEmpty() || !isTaken(resource)) {
            return false;
        }
        boolean used = terms.months.stream().anyMatch(month -> reading.of(month, resource).filter(c -> !c.isEmpty()).isPresent());
        boolean there = reading.accounts().associations().containsKey(account);
        if (!used && !there && terms.months.stream().anyMatch(month -> reading.of(month).isEmpty())) {
            notes.add("account " + account + " of resource " + resource.uuid() + " is not on the cluster, and whether it has jobs is unknown");
        } else if (!used && !there) {
            notes.add("account " + account + " of resource " + resource.uuid() + " is not on the cluster and has no jobs: nothing is reported for it");
        }
        // that nothing is left of what was there is a fall, which is held
        return used || there || terms.months.stream().anyMatch(month -> !reported.components(resource.uuid(), month).isEmpty());
    }

    /** Whatever its state is: what has an account on the cluster, or once had one, may have used something, and what is booked may be wrong. */
    private boolean isAudited(Resource resource) {
        boolean booked = terms.months.stream().anyMatch(month -> !reported.components(resource.uuid(), month).isEmpty());
        if (resource.backendId().isEmpty() && booked) {
            notes.add("resource " + resource.uuid() + " has no account, and Waldur has usage of it");
        }
        return !resource.backendId().isEmpty();
    }

    /** Whether Waldur takes usage of a resource in this state. */
    private boolean isTaken(Resource resource) {
        return List.of("OK", "Updating", "Terminating").contains(resource.state()) || resource.state().equals("Erred") && terms.ofErred;
    }

    private void month(Resource resource, YearMonth month) {
        if (resource.created().filter(day -> YearMonth.from(day).isAfter(month)).isPresent()) {
            return;
        }
        Set<String> components = formulas.components().stream().filter(terms.billed::containsKey).collect(Collectors.toCollection(TreeSet::new));
        Optional<SortedMap<String, SortedMap<String, BigDecimal>>> used = reading.of(month, resource);
        if (terms.options.audit()) {
            reported.components(resource.uuid(), month).stream().filter(c -> !components.contains(c)).forEach(c -> notes.add("component " + c + " of "
                    + resource.backendId() + " in " + month + " is not compared, because nothing here says what it is made of; Waldur has "
                    + reported.amount(new Reported.Key(resource.uuid(), month, c)).map(BigDecimal::toPlainString).orElse("nothing")));
        }
        List<Figure> found = Comparison.of(offering.name(), resource, month, used, formulas, components, reported);
        // before the first usage of a month that is over there is nothing to say, not even zero
        boolean silent = month.isBefore(Booking.month(reading.asOf(), reading.zone()))
                && found.stream().allMatch(f -> f.booked().isEmpty() && f.used().filter(u -> u.signum() > 0).isEmpty());
        if (silent && used.isPresent()) {
            return;
        }
        List<Figure> decided = decided(resource, month, found);
        figures.addAll(decided);
        changes(resource, month, decided);
    }

    private List<Figure> decided(Resource resource, YearMonth month, List<Figure> found) {
        String trouble = reading.trouble(month);
        List<Figure> open = found.stream().map(f -> f.state() == State.UNKNOWN ? f.with(State.UNKNOWN, trouble)
                : f.state() == State.SAME ? f : closed(resource, f).map(why -> f.with(State.CLOSED, why)).orElse(f)).toList();
        if (shared.containsKey(resource.backendId())) {
            return open.stream().map(f -> f.state() == State.NEW || f.state() == State.HELD ? f.with(State.HELD, "another resource has the same account") : f).toList();
        }
        String release = release(resource, month, found);
        if (terms.options.released().contains(release) && open.stream().anyMatch(f -> f.state() == State.HELD)) {
            released.add(release);
            return open.stream().map(f -> f.state() == State.HELD ? f.with(State.NEW, "it falls, and was released") : f).toList();
        }
        boolean all = open.stream().anyMatch(f -> f.isTotal() && f.state() == State.HELD);
        return open.stream().map(f -> all && f.state() == State.NEW ? f.with(State.HELD, "another figure of this resource would fall") : f).toList();
    }

    /** Why a figure cannot be booked any more, or not now; empty if it can. */
    private Optional<String> closed(Resource resource, Figure figure) {
        if (terms.bookings.apply(figure.month()) instanceof Booking.Closed closed) {
            return Optional.of(closed.why());
        }
        return isTaken(resource) ? refused(figure) : Optional.of("Waldur takes no usage of a resource that is " + resource.state());
    }

    private Optional<String> refused(Figure figure) {
        return terms.refused.apply(figure.month(), terms.billed.get(figure.component()));
    }

    private void changes(Resource resource, YearMonth month, List<Figure> decided) {
        List<Figure> totals = decided.stream().filter(f -> f.isTotal() && refused(f).isEmpty()).toList();
        if (totals.stream().anyMatch(f -> f.state() == State.NEW)) {
            changes.add(new SetUsage(resource.uuid(), resource.backendId(), month, used(totals, Figure::component), booked(totals, Figure::component), ""));
        }
        Map<String, List<Figure>> people = decided.stream().filter(f -> !f.isTotal() && f.state() == State.NEW)
                .collect(Collectors.groupingBy(Figure::component, TreeMap::new, Collectors.toList()));
        people.forEach((component, rows) -> changes.add(new SetUserUsages(resource.uuid(), resource.backendId(), month, component, used(rows, Figure::user),
                booked(rows, Figure::user), "")));
        List<String> held = decided.stream().filter(f -> f.state() == State.HELD).map(UsagePlanner::fact).toList();
        if (!held.isEmpty() && shared.containsKey(resource.backendId())) {
            changes.add(new HoldUsage(resource.uuid(), resource.backendId(), month, "", "resources " + String.join(" and ", shared.get(resource.backendId()))
                    + " have the same account, and what ran in it would be billed to each of them", held));
        } else if (!held.isEmpty()) {
            String release = release(resource, month, decided);
            changes.add(new HoldUsage(resource.uuid(), resource.backendId(), month, release, "no figure falls within a month by itself; if sacct is right, let"
                    + " it through: " + terms.options.releasedBy() + " --release " + release, held));
        }
    }

    private static String fact(Figure figure) {
        return figure.component() + (figure.isTotal() ? "" : " of " + figure.user()) + ": sacct says " + figure.used().orElseThrow().toPlainString() + ", Waldur has "
                + figure.booked().map(BigDecimal::toPlainString).orElse("nothing") + (figure.why().startsWith("another figure") ? "; it waits for the others" : "");
    }

    private static SortedMap<String, BigDecimal> used(List<Figure> figures, Function<Figure, String> key) {
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        figures.forEach(f -> amounts.put(key.apply(f), f.used().orElseThrow()));
        return amounts;
    }

    private static SortedMap<String, BigDecimal> booked(List<Figure> figures, Function<Figure, String> key) {
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        figures.forEach(f -> f.booked().ifPresent(amount -> amounts.put(key.apply(f), amount)));
        return amounts;
    }

    /** The same for the same figures that would fall from the same amounts, whatever they would fall to: they may grow until somebody types it. */
    private static String release(Resource resource, YearMonth month, List<Figure> figures) {
        String falling = figures.stream().filter(f -> f.used().isPresent() && f.used().get().compareTo(f.booked().orElse(BigDecimal.ZERO)) < 0)
                .map(f -> f.component() + " " + f.user() + " " + f.booked().map(BigDecimal::toPlainString).orElse("")).sorted().collect(Collectors.joining("\n"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((resource.uuid() + "\n" + month + "\n" + falling).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
