package org.waldur.siteagent.slurm;

import java.math.RoundingMode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * TRES limits as sacctmgr(1) writes them: {@code cpu=1000,gres/gpu=500,mem=600G}. Values are whole TRES-minutes (CPU-minutes,
 * MB-minutes); a size suffix is a power of 1024, and a bare {@code mem} is in MB.
 */
public final class TresLimits {
    /** What clears a limit when it is set, see sacctmgr(1). A cleared limit is an unlimited one. */
    public static final long CLEAR = -1;

    private TresLimits() {
    }

    /** The limits of one column of an association dump; empty for an empty column. Throws {@link IllegalArgumentException}. */
    public static SortedMap<String, Long> parse(String text) {
        if (text.isBlank()) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, Long> limits = new TreeMap<>();
        TresAmounts.parse(text).forEach((tres, amount) -> limits.put(tres, amount.setScale(0, RoundingMode.HALF_UP).longValueExact()));
        return limits;
    }

    /** The same text back, plain numbers, sorted by TRES; empty for no limits. */
    public static String format(Map<String, Long> limits) {
        return new TreeMap<>(limits).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(","));
    }

    /** What of {@code wanted} the cluster does not have yet. {@link #CLEAR} is wanted where nothing is found: no difference. */
    public static SortedMap<String, Long> difference(Map<String, Long> wanted, Map<String, Long> found) {
        SortedMap<String, Long> difference = new TreeMap<>();
        wanted.forEach((tres, value) -> {
            if (!value.equals(found.getOrDefault(tres, CLEAR))) {
                difference.put(tres, value);
            }
        });
        return difference;
    }
}
