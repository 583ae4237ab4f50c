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

    /** Whether an account is in here, or a part of what ran in it. @param separator between its name and that of a part */
    boolean names(String account, String separator) {
        return accounts.containsKey(account) || accounts.tailMap(account + separator).keySet().stream().findFirst().filter(key -> key.startsWith(account + separator)).isPresent();
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
        /** Half of what a long holds; an amount below {@link Tres#MOST_WHOLE} in this many seconds is the other half at most. */
        private static final long FULL = 1L << 62;
        private static final long MOST_SECONDS = (1L << 62) / Tres.MOST_WHOLE;
        private long[] whole = new long[0];
        private final Map<Integer, BigDecimal> exact = new HashMap<>();

        private void add(Tres tres, long seconds) {
            int[] kinds = tres.kinds();
            long[] amounts = tres.whole();
            boolean fits = amounts != null && seconds < MOST_SECONDS;
            for (int i = 0; i < kinds.length; i++) {
                if (kinds[i] >= whole.length) {
                    whole = Arrays.copyOf(whole, kinds[i] + 1);
                }
                if (fits) {
                    whole[kinds[i]] += amounts[i] * seconds;
                    spill(kinds[i]);
                } else {
                    exact.merge(kinds[i], tres.exact()[i].multiply(BigDecimal.valueOf(seconds)), BigDecimal::add);
                }
            }
        }

        private void spill(int kind) {
            if (whole[kind] > FULL) {
                exact.merge(kind, BigDecimal.valueOf(whole[kind]), BigDecimal::add);
                whole[kind] = 0;
            }
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
