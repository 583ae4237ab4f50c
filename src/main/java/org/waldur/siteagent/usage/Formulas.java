package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Offering;

/**
 * What each component's usage is made of: TRES-seconds, each weighed by a fraction. A component of several TRES is the sum of theirs, each
 * divided by its factor. A site can change them by an edit of the routes.
 */
public final class Formulas {
    /** Waldur stores no more of an amount. */
    static final int DECIMALS = 2;
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
    private static final int MOST_DIGITS = 30;

    /** TRES-seconds times {@code weight}, divided by {@code divisor}. */
    private record Term(String tres, BigDecimal weight, BigDecimal divisor) {
        private Term times(BigDecimal factor) {
            return new Term(tres, weight.multiply(factor), divisor);
        }

        @Override
        public String toString() {
            String minutes = divisor.divide(MINUTE, 10, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
            return tres + "-minutes" + (weight.compareTo(BigDecimal.ONE) == 0 ? "" : " * " + weight.toPlainString()) + " / " + minutes;
        }
    }

    private final SortedMap<String, List<Term>> terms;

    private Formulas(SortedMap<String, List<Term>> terms) {
        this.terms = terms;
    }

    /** As the config has them: {@code unit_factor} TRES-minutes are one unit of Waldur's. */
    public static Formulas of(Offering offering) {
        SortedMap<String, List<Term>> terms = new TreeMap<>();
        for (Component component : offering.components().values()) {
            terms.put(component.type(), component.tres().entrySet().stream()
                    .map(tres -> new Term(tres.getKey(), BigDecimal.ONE, MINUTE.multiply(component.unitFactor()).multiply(tres.getValue()))).toList());
        }
        return new Formulas(terms);
    }

    /** The same with the usage of one component multiplied. */
    public Formulas times(String component, String factor) {
        BigDecimal number = positive(factor);
        Map<String, List<Term>> changed = new LinkedHashMap<>(terms);
        changed.put(component, terms(component).stream().map(term -> term.times(number)).toList());
        return new Formulas(new TreeMap<>(changed));
    }

    /** The same without a component: its usage is not reported. */
    public Formulas without(String component) {
        terms(component);
        SortedMap<String, List<Term>> fewer = new TreeMap<>(terms);
        fewer.remove(component);
        return new Formulas(fewer);
    }

    /** The same with a component more, or with one more TRES in a component that is there. @param unitFactor TRES-minutes in one of Waldur's units */
    public Formulas plus(String component, String tres, String unitFactor) {
        SortedMap<String, List<Term>> more = new TreeMap<>(terms);
        List<Term> longer = new ArrayList<>(terms.getOrDefault(component, List.of()));
        longer.add(new Term(tres, BigDecimal.ONE, MINUTE.multiply(positive(unitFactor))));
        more.put(component, longer);
        return new Formulas(more);
    }

    private List<Term> terms(String component) {
        if (!terms.containsKey(component)) {
            throw new IllegalArgumentException("there is no component '" + component + "'; there are " + terms.keySet());
        }
        return terms.get(component);
    }

    private static BigDecimal positive(String text) {
        BigDecimal number = new BigDecimal(text.strip());
        if (number.signum() <= 0 || Math.abs(number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
            throw new IllegalArgumentException("a factor must be above 0 and have no more than " + MOST_DIGITS + " digits, and is " + text);
        }
        return number;
    }

    /** The components, sorted. */
    public List<String> components() {
        return List.copyOf(terms.keySet());
    }

    /** In Waldur's units, rounded once, half up, to {@value #DECIMALS} decimals. @param tresSeconds by TRES */
    public BigDecimal amount(String component, Map<String, BigDecimal> tresSeconds) {
        return amount(component, tresSeconds, DECIMALS);
    }

    /** The same with another number of decimals, for people who want to look closer. */
    public BigDecimal amount(String component, Map<String, BigDecimal> tresSeconds, int decimals) {
        BigDecimal numerator = BigDecimal.ZERO;
        BigDecimal denominator = BigDecimal.ONE;
        for (Term term : terms.getOrDefault(component, List.of())) {
            BigDecimal part = tresSeconds.getOrDefault(term.tres, BigDecimal.ZERO).multiply(term.weight);
            numerator = numerator.multiply(term.divisor).add(part.multiply(denominator));
            denominator = denominator.multiply(term.divisor);
        }
        return numerator.divide(denominator, decimals, RoundingMode.HALF_UP);
    }

    /** What all users of an account used together, by TRES. */
    static Map<String, BigDecimal> together(Map<String, SortedMap<String, BigDecimal>> users) {
        Map<String, BigDecimal> sum = new TreeMap<>();
        users.values().forEach(amounts -> amounts.forEach((tres, amount) -> sum.merge(tres, amount, BigDecimal::add)));
        return Collections.unmodifiableMap(sum);
    }

    /** The TRES of a component, each once. */
    public List<String> tres(String component) {
        return terms(component).stream().map(Term::tres).distinct().toList();
    }

    /** For people: what a component is made of. */
    public String text(String component) {
        return component + " = " + terms(component).stream().map(Term::toString).collect(Collectors.joining(" + "));
    }

    /** For people: a component and its formula a line. */
    @Override
    public String toString() {
        return terms.keySet().stream().map(this::text).collect(Collectors.joining("\n"));
    }
}
