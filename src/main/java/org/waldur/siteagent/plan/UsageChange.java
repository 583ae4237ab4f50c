package org.waldur.siteagent.plan;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** A change of what Waldur knows about the usage of a resource. Amounts are in Waldur's units, with two decimals. */
public sealed interface UsageChange extends Change {
    String resource();

    /** The account of the resource. */
    String account();

    /** Its month, or what else of the account it is about; for the names of dead letters. */
    String scope();

    /** Usage belongs to no order. */
    @Override
    default SortedSet<String> orders() {
        return Collections.emptySortedSet();
    }

    /**
     * Book what a resource used in a month: all of its components in one call, because Waldur takes what is sent for all that there is.
     *
     * @param amounts by component
     * @param before  what Waldur has, by component; absent where it has nothing
     */
    record SetUsage(String resource, String account, YearMonth month, SortedMap<String, BigDecimal> amounts, SortedMap<String, BigDecimal> before,
            String reason) implements UsageChange {
        @Override
        public String scope() {
            return month.toString();
        }

        @Override
        public String what() {
            return account + " " + month + ": " + amounts.entrySet().stream().map(amount -> step(amount.getKey(), before.get(amount.getKey()), amount.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * Book what people used of one component of a resource in a month.
     *
     * @param amounts by username
     * @param before  what Waldur has, by username; absent where it has nothing
     */
    record SetUserUsages(String resource, String account, YearMonth month, String component, SortedMap<String, BigDecimal> amounts,
            SortedMap<String, BigDecimal> before, String reason) implements UsageChange {
        @Override
        public String scope() {
            return month.toString();
        }

        @Override
        public String what() {
            return account + " " + month + " " + component + " of " + amounts.entrySet().stream()
                    .map(amount -> step(amount.getKey(), before.get(amount.getKey()), amount.getValue())).collect(Collectors.joining(", "));
        }
    }

    /**
     * No change: figures that would fall.
     *
     * @param release what an operator says to let exactly these through
     * @param facts   the figures, one a line
     */
    record HoldUsage(String resource, String account, YearMonth month, String release, String reason, List<String> facts) implements UsageChange {
        private static final int MOST = 10;

        @Override
        public String scope() {
            return month.toString();
        }

        /** The first figures, in one line. */
        public String summary() {
            return String.join("; ", facts.subList(0, Math.min(MOST, facts.size()))) + (facts.size() > MOST ? "; and " + (facts.size() - MOST) + " more" : "");
        }

        @Override
        public String what() {
            return "hold usage of " + account + " in " + month;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public boolean needsOperator() {
            return true;
        }
    }

    /** Tell Waldur the limits that the cluster has, in Waldur's units; those of components that are billed by limit are as Waldur has them. */
    record TellLimits(String resource, String account, SortedMap<String, BigDecimal> limits, String reason) implements UsageChange {
        @Override
        public String scope() {
            return "general";
        }

        @Override
        public String what() {
            return "tell limits of " + account + ": " + limits;
        }
    }

    private static String step(String name, BigDecimal before, BigDecimal after) {
        return name + " " + (before == null ? after : before.compareTo(after) == 0 ? after : before + " -> " + after);
    }
}
