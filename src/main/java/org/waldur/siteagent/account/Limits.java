package org.waldur.siteagent.account;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.slurm.TresLimits;

/**
 * Limits of Waldur as limits of Slurm: Waldur's unit times {@code unit_factor}, in whole TRES-minutes.
 *
 * @param grpTresMins by TRES
 * @param missing     components that are billed by limit and that nobody gave a limit: an absent limit is an unlimited one, so an
 *                    order with any of them is held unless the config says what is meant
 */
public record Limits(SortedMap<String, Long> grpTresMins, SortedSet<String> missing) {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    /**
     * @param ordered the order's limits; an empty value is a limit that is null or no number
     * @param months  what prepaid limits are multiplied by, see {@link #prepaidMonths}
     * @param constants whether usage-billed components get their constant limit, too
     * @throws InvalidLimit if a limit is negative or larger than Slurm can hold
     */
    public static Limits of(Map<String, Component> components, Map<String, Optional<BigDecimal>> ordered, int months,
            MissingLimit missingLimit, boolean constants) {
        SortedMap<String, BigDecimal> exact = new TreeMap<>();
        SortedMap<String, Long> fixed = new TreeMap<>();
        SortedSet<String> missing = new TreeSet<>();
        for (Component component : new TreeMap<>(components).values()) {
            Optional<BigDecimal> limit = component.accountingType() == AccountingType.USAGE
                    ? component.limit().filter(l -> constants)
                    : ordered.getOrDefault(component.type(), Optional.empty());
            if (limit.isPresent()) {
                add(exact, component, checked(component, limit.get()), months);
            } else if (component.accountingType() != AccountingType.USAGE) {
                switch (missingLimit) {
                    case HOLD -> missing.add(component.type());
                    case ZERO -> component.tres().keySet().forEach(tres -> fixed.put(tres, 0L));
                    case UNLIMITED -> component.tres().keySet().forEach(tres -> fixed.put(tres, TresLimits.CLEAR));
                }
            }
        }
        exact.forEach((tres, amount) -> fixed.put(tres, whole(tres, amount)));
        return new Limits(fixed, missing);
    }

    /**
     * Limits of one person, by TRES. Nothing is multiplied by months, because he has what he has of the whole.
     *
     * @param amounts component to Waldur's amount; what is no component of these is left out
     * @throws InvalidLimit as above
     */
    public static SortedMap<String, Long> ofUser(Map<String, Component> components, Map<String, BigDecimal> amounts) {
        SortedMap<String, BigDecimal> exact = new TreeMap<>();
        new TreeMap<>(amounts).forEach((type, amount) -> Optional.ofNullable(components.get(type)).ifPresent(c -> add(exact, c, checked(c, amount), 1)));
        SortedMap<String, Long> limits = new TreeMap<>();
        exact.forEach((tres, amount) -> limits.put(tres, whole(tres, amount)));
        return limits;
    }

    private static void add(Map<String, BigDecimal> exact, Component component, BigDecimal limit, int months) {
        BigDecimal amount = limit.multiply(component.unitFactor())
                .multiply(BigDecimal.valueOf(component.accountingType() == AccountingType.ONE ? months : 1));
        component.tres().forEach((tres, factor) -> exact.merge(tres, amount.multiply(factor), BigDecimal::add));
    }

    private static BigDecimal checked(Component component, BigDecimal limit) {
        boolean bounded = limit.precision() - limit.scale() <= 30 && limit.scale() <= 30;
        if (!bounded || limit.signum() < 0) {
            throw new InvalidLimit("the limit of " + component.type() + " must be a number from 0 on that Slurm can hold, and is "
                    + (limit.precision() > 30 || !bounded ? "far from it" : limit.toPlainString()));
        }
        return limit;
    }

    private static long whole(String tres, BigDecimal amount) {
        BigDecimal rounded = amount.setScale(0, RoundingMode.HALF_UP);
        if (rounded.compareTo(MOST) > 0) {
            throw new InvalidLimit("the limit of " + tres + " is larger than Slurm can hold: " + rounded.toPlainString() + " minutes");
        }
        // a limit of 0 blocks every job, which nobody asked for
        return amount.signum() > 0 ? Math.max(1, rounded.longValueExact()) : 0;
    }

    /** Begun months between two days, at least 1; 1 where a day is not known. A month ends on the day of its beginning. */
    public static int prepaidMonths(Optional<LocalDate> created, Optional<LocalDate> end) {
        if (created.isEmpty() || end.isEmpty()) {
            return 1;
        }
        LocalDate from = created.get();
        LocalDate to = end.get();
        int months = (to.getYear() - from.getYear()) * 12 + to.getMonthValue() - from.getMonthValue()
                + (to.getDayOfMonth() > from.getDayOfMonth() ? 1 : 0);
        return Math.max(1, months);
    }

    /** A limit that Slurm cannot have. */
    public static final class InvalidLimit extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        InvalidLimit(String message) {
            super(message);
        }
    }
}
