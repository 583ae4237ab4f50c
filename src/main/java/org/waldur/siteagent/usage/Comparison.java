package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.usage.Figure.State;

/** Compares what one resource used in one month with what Waldur has. A pure function on what was read. */
final class Comparison {
    private static final BigDecimal ZERO = BigDecimal.ZERO.setScale(Formulas.DECIMALS);
    private final String offering;
    private final Resource resource;
    private final YearMonth month;
    private final Reported reported;

    private Comparison(String offering, Resource resource, YearMonth month, Reported reported) {
        this.offering = offering;
        this.resource = resource;
        this.month = month;
        this.reported = reported;
    }

    /**
     * The figures of all components, each followed by those of its users.
     *
     * @param used       by user and TRES; empty if the month is Unknown
     * @param components that can be booked
     */
    static List<Figure> of(String offering, Resource resource, YearMonth month, Optional<SortedMap<String, SortedMap<String, BigDecimal>>> used, Formulas formulas,
            Set<String> components, Reported reported) {
        Comparison comparison = new Comparison(offering, resource, month, reported);
        List<Figure> figures = new ArrayList<>();
        for (String component : components) {
            figures.addAll(used.isEmpty() ? List.of(comparison.figure(component, "", Optional.empty(), comparison.booked(component))) : comparison.figures(component, used.get(), formulas));
        }
        return figures;
    }

    private Optional<BigDecimal> booked(String component) {
        return reported.amount(new Reported.Key(resource.uuid(), month, component)).map(Comparison::rounded);
    }

    private List<Figure> figures(String component, Map<String, SortedMap<String, BigDecimal>> used, Formulas formulas) {
        List<Figure> figures = new ArrayList<>();
        Reported.Key key = new Reported.Key(resource.uuid(), month, component);
        Figure total = besides(reported.amountElsewhere(key), figure(component, "",
                Optional.of(rest(formulas.amount(component, Formulas.together(used)), reported.amountElsewhere(key))), booked(component)));
        figures.add(total);
        SortedMap<String, BigDecimal> booked = reported.users(key);
        SortedMap<String, BigDecimal> elsewhere = reported.usersElsewhere(key);
        SortedSet<String> users = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        users.addAll(booked.keySet());
        users.addAll(used.keySet());
        // nobody's: Slurm has lost the name, and what was used is in the whole only
        users.remove("");
        for (String user : users) {
            boolean gone = !used.containsKey(user.toLowerCase(Locale.ROOT));
            BigDecimal amount = rest(formulas.amount(component, used.getOrDefault(user.toLowerCase(Locale.ROOT), Collections.emptySortedMap())),
                    elsewhere.getOrDefault(user, BigDecimal.ZERO));
            Optional<BigDecimal> before = Optional.ofNullable(booked.get(user)).map(Comparison::rounded);
            if (amount.signum() > 0 || before.isPresent()) {
                Figure figure = besides(elsewhere.getOrDefault(user, BigDecimal.ZERO), figure(component, user, Optional.of(amount), before));
                // what he had is somebody else's now, as long as all of them together have not less
                boolean replaced = gone && figure.state() == State.HELD && total.state() != State.HELD;
                figures.add(replaced ? figure.with(State.NEW, "nothing is theirs any more") : figure);
            }
        }
        return figures;
    }

    /** What is left of an amount when a part of it is billed under another plan; never below zero. */
    private static BigDecimal rest(BigDecimal amount, BigDecimal elsewhere) {
        return amount.subtract(rounded(elsewhere)).max(ZERO);
    }

    private static Figure besides(BigDecimal elsewhere, Figure figure) {
        String besides = "besides " + rounded(elsewhere).toPlainString() + " under an earlier plan";
        return elsewhere.signum() == 0 ? figure : figure.with(figure.state(), (figure.why() + "; " + besides).replaceFirst("^; ", ""));
    }

    private Figure figure(String component, String user, Optional<BigDecimal> used, Optional<BigDecimal> booked) {
        State state = State.UNKNOWN;
        if (used.isPresent()) {
            int growth = used.get().compareTo(booked.orElse(ZERO));
            state = growth < 0 ? State.HELD : growth > 0 || booked.isEmpty() ? State.NEW : State.SAME;
        }
        return new Figure(offering, resource.uuid(), resource.backendId(), month, component, user, used, booked, state,
                state == State.HELD ? "it would fall" : "");
    }

    private static BigDecimal rounded(BigDecimal amount) {
        return amount.setScale(Formulas.DECIMALS, RoundingMode.HALF_UP);
    }
}
