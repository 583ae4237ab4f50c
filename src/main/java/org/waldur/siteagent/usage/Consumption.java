package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What accounts have used: account to user to TRES to TRES-seconds (CPU-seconds, MB-seconds), exact. Names of accounts and users are in
 * lower case, as slurmdbd keeps them. Of whom nothing is known here, nothing was used.
 */
record Consumption(SortedMap<String, SortedMap<String, SortedMap<String, BigDecimal>>> accounts) {
    static final Consumption NONE = new Consumption(Collections.emptySortedMap());

    /** User to TRES to TRES-seconds. */
    SortedMap<String, SortedMap<String, BigDecimal>> of(String account) {
        return accounts.getOrDefault(account, Collections.emptySortedMap());
    }

    Consumption plus(Consumption other) {
        SortedMap<String, SortedMap<String, SortedMap<String, BigDecimal>>> sum = new TreeMap<>();
        add(sum, this);
        add(sum, other);
        return new Consumption(sum);
    }

    private static void add(SortedMap<String, SortedMap<String, SortedMap<String, BigDecimal>>> sum, Consumption more) {
        more.accounts.forEach((account, users) -> users.forEach((user, amounts) -> amounts.forEach((tres, amount) ->
                sum.computeIfAbsent(account, a -> new TreeMap<>()).computeIfAbsent(user, u -> new TreeMap<>()).merge(tres, amount, BigDecimal::add))));
    }

    /** A sum that grows run by run, and whose size depends on the number of users only. */
    static final class Sum {
        private final Map<JobRun.Owner, Share> shares = new HashMap<>();

        void add(JobRun run, long seconds) {
            Share share = shares.get(run.owner());
            if (share == null) {
                share = new Share();
                shares.put(run.owner(), share);
            }
            share.add(run.tres(), seconds);
        }

        Consumption total() {
            SortedMap<String, SortedMap<String, SortedMap<String, BigDecimal>>> total = new TreeMap<>();
            shares.forEach((owner, share) -> share.amounts().forEach((tres, amount) -> total.computeIfAbsent(owner.account(), a -> new TreeMap<>())
                    .computeIfAbsent(owner.user(), u -> new TreeMap<>()).merge(tres, amount, BigDecimal::add)));
            return new Consumption(total);
        }
    }

    /** TRES-seconds of one user in one account: as whole numbers as long as they fit, which they do but for absurd amounts. */
    private static final class Share {
        private long[] whole = new long[0];
        private final Map<Integer, BigDecimal> exact = new HashMap<>();

        private void add(Tres tres, long seconds) {
            for (int i = 0; i < tres.kinds().length; i++) {
                int kind = tres.kinds()[i];
                if (kind >= whole.length) {
                    whole = Arrays.copyOf(whole, kind + 1);
                }
                if (tres.whole() == null || !fits(kind, tres.whole()[i], seconds)) {
                    exact.merge(kind, tres.exact()[i].multiply(BigDecimal.valueOf(seconds)), BigDecimal::add);
                }
            }
        }

        private boolean fits(int kind, long amount, long seconds) {
            long product = amount * seconds;
            long sum = whole[kind] + product;
            boolean fits = Math.multiplyHigh(amount, seconds) == 0 && product >= 0 && sum >= 0;
            if (fits) {
                whole[kind] = sum;
            }
            return fits;
        }

        private SortedMap<String, BigDecimal> amounts() {
            SortedMap<String, BigDecimal> amounts = new TreeMap<>();
            for (int kind = 0; kind < whole.length; kind++) {
                BigDecimal sum = BigDecimal.valueOf(whole[kind]).add(exact.getOrDefault(kind, BigDecimal.ZERO));
                if (sum.signum() > 0) {
                    amounts.put(TresKind.name(kind), sum);
                }
            }
            return amounts;
        }
    }
}
