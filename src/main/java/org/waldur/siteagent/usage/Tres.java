package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.waldur.siteagent.slurm.TresAmounts;

/**
 * What a job holds while it runs: AllocTRES of sacct(1), which {@code --exclusive} makes larger than what was asked for.
 *
 * @param kinds  the TRES, numbered by {@link TresKind}
 * @param exact  how much of each, mem in MB
 * @param whole  the same as whole numbers; null if one is none, which Slurm prints only where it rounds, or is not below {@link #MOST_WHOLE}
 */
record Tres(int[] kinds, BigDecimal[] exact, long[] whole) {
    static final long MOST_WHOLE = 1L << 38;
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    /**
     * Where Slurm names only types of a GRES ({@code gres/gpu:a100=2}), their sum stands under the GRES itself; where it names that too, it
     * is believed, and nothing is counted twice. Throws {@link IllegalArgumentException} for anything else than amounts.
     */
    static Tres parse(String text) {
        Map<String, BigDecimal> given = TresAmounts.parse(text);
        // slurmdbd keeps 64 bits, and the largest of them say that there is no value, as older ones print it for the energy of each job
        given.computeIfPresent("energy", (name, amount) -> amount.compareTo(MOST) > 0 ? null : amount);
        given.forEach((name, amount) -> {
            if (amount.compareTo(MOST) > 0 || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("no job has '" + name + "=" + amount + "'");
            }
        });
        SortedMap<String, BigDecimal> amounts = new TreeMap<>(given);
        given.forEach((name, amount) -> {
            int type = name.startsWith("gres/") ? name.indexOf(':') : -1;
            if (type > 0 && !given.containsKey(name.substring(0, type))) {
                amounts.merge(name.substring(0, type), amount, BigDecimal::add);
            }
        });
        BigDecimal[] exact = amounts.values().toArray(BigDecimal[]::new);
        return new Tres(amounts.keySet().stream().mapToInt(TresKind::of).toArray(), exact, whole(exact));
    }

    private static long[] whole(BigDecimal[] exact) {
        long[] whole = new long[exact.length];
        for (int i = 0; i < exact.length; i++) {
            if (exact[i].stripTrailingZeros().scale() > 0 || exact[i].compareTo(BigDecimal.valueOf(MOST_WHOLE)) >= 0) {
                return null;
            }
            whole[i] = exact[i].longValueExact();
        }
        return whole;
    }
}
