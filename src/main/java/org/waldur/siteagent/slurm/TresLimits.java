package org.waldur.siteagent.slurm;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * TRES limits as sacctmgr(1) writes them: {@code cpu=1000,gres/gpu=500,mem=600G}. Values are whole TRES-minutes (CPU-minutes,
 * MB-minutes); a size suffix is a power of 1024, and a bare {@code mem} is in MB.
 */
public final class TresLimits {
    /** What clears a limit when it is set, see sacctmgr(1). A cleared limit is an unlimited one. */
    public static final long CLEAR = -1;

    private static final Pattern VALUE = Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGTPE]?)");
    private static final String SUFFIXES = "KMGTPE";
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);

    private TresLimits() {
    }

    /** The limits of one column of an association dump; empty for an empty column. Throws {@link IllegalArgumentException}. */
    public static SortedMap<String, Long> parse(String text) {
        if (text.isBlank()) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, Long> limits = new TreeMap<>();
        for (String entry : text.split(",")) {
            int equals = entry.indexOf('=');
            Matcher value = VALUE.matcher(equals < 0 ? "" : entry.substring(equals + 1));
            if (equals < 1 || !value.matches()) {
                throw new IllegalArgumentException("not a TRES limit: '" + entry + "'");
            }
            String tres = entry.substring(0, equals);
            limits.put(tres, amount(tres, new BigDecimal(value.group(1)), value.group(2)));
        }
        return limits;
    }

    private static long amount(String tres, BigDecimal number, String suffix) {
        int power = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(suffix) + 1;
        int steps = tres.equals("mem") && power > 0 ? power - 2 : power;
        BigDecimal amount = steps < 0 ? number.divide(STEP, RoundingMode.HALF_UP) : number.multiply(STEP.pow(steps));
        return amount.setScale(0, RoundingMode.HALF_UP).longValueExact();
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
