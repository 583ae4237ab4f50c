package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.waldur.siteagent.account.Limits;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.UsageChange.TellLimits;
import org.waldur.siteagent.slurm.Accounts;
import org.waldur.siteagent.slurm.Association;
import org.waldur.siteagent.slurm.TresLimits;

/** Compares the limits that accounts have on the cluster with those that Waldur wants. Nothing is changed on the cluster. */
final class LimitCheck {
    private static final int DECIMALS = 2;
    private final Offering offering;
    private final Accounts accounts;
    private final Set<String> tres;

    /** @param tres that the cluster knows; limits on others cannot be set */
    LimitCheck(Offering offering, Accounts accounts, Set<String> tres) {
        this.offering = offering;
        this.accounts = accounts;
        this.tres = tres;
    }

    /** What differs, a line for each resource; none for those that are on their way. */
    List<String> differences(List<Resource> resources) {
        List<String> lines = new ArrayList<>();
        for (Resource resource : resources) {
            Association found = accounts.associations().get(resource.backendId());
            if (found != null && resource.state().equals("OK")) {
                SortedMap<String, Long> wanted = new TreeMap<>(wanted(resource));
                wanted.keySet().removeIf(name -> !tres.contains(name));
                SortedMap<String, Long> difference = TresLimits.difference(wanted, found.grpTresMins());
                if (!difference.isEmpty()) {
                    lines.add("limits of " + resource.backendId() + " differ: Waldur wants " + TresLimits.format(difference) + ", the cluster has "
                            + TresLimits.format(only(found.grpTresMins(), difference.keySet())));
                }
            }
        }
        return lines;
    }

    private Map<String, Long> wanted(Resource resource) {
        try {
            return Limits.of(offering.components(), resource.limits(), Limits.prepaidMonths(resource.created(), resource.endDate()),
                    offering.backend().missingLimit(), true).grpTresMins();
        } catch (Limits.InvalidLimit e) {
            return Map.of();
        }
    }

    private static SortedMap<String, Long> only(Map<String, Long> limits, Set<String> names) {
        SortedMap<String, Long> kept = new TreeMap<>();
        names.forEach(name -> kept.put(name, limits.getOrDefault(name, TresLimits.CLEAR)));
        return kept;
    }

    /**
     * What Waldur is to be told where {@code report_limits} is on: the cluster's limits of components that are billed by usage, beside
     * Waldur's own of all others, because Waldur takes what is sent for all that there is.
     */
    List<TellLimits> news(List<Resource> resources, Map<String, String> billed) {
        List<TellLimits> news = new ArrayList<>();
        for (Resource resource : offering.reportLimits() ? resources : List.<Resource>of()) {
            Association found = accounts.associations().get(resource.backendId());
            SortedMap<String, BigDecimal> limits = new TreeMap<>();
            resource.limits().forEach((component, limit) -> limit.ifPresent(amount -> limits.put(component, amount)));
            boolean whole = resource.limits().values().stream().allMatch(Optional::isPresent);
            SortedMap<String, BigDecimal> before = new TreeMap<>(limits);
            if (found != null && whole && resource.state().equals("OK")) {
                offering.components().values().stream().filter(c -> isTold(c, billed)).forEach(c -> limit(c, found).ifPresent(amount -> limits.put(c.type(), amount)));
                if (!same(before, limits)) {
                    news.add(new TellLimits(resource.uuid(), resource.backendId(), limits, "report_limits is on, and Waldur has " + before));
                }
            }
        }
        return news;
    }

    private static boolean isTold(Component component, Map<String, String> billed) {
        return component.accountingType() == AccountingType.USAGE && "usage".equals(billed.get(component.type())) && component.targetComponents().isEmpty();
    }

    private static Optional<BigDecimal> limit(Component component, Association found) {
        return Optional.ofNullable(found.grpTresMins().get(component.type()))
                .map(minutes -> BigDecimal.valueOf(minutes).divide(component.unitFactor(), DECIMALS, RoundingMode.HALF_UP))
                .map(limit -> limit.stripTrailingZeros().scale() <= 0 ? limit.setScale(0, RoundingMode.UNNECESSARY) : limit);
    }

    private static boolean same(Map<String, BigDecimal> some, Map<String, BigDecimal> others) {
        return some.keySet().equals(others.keySet()) && some.entrySet().stream().allMatch(e -> e.getValue().compareTo(others.get(e.getKey())) == 0);
    }
}
