package org.waldur.siteagent.slurm;

import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of TRES as Slurm writes them: {@code billing=20,cpu=4,gres/gpu=2,mem=1.50G,node=1}. A size suffix is a power of 1024, and
 * {@code mem} is in MB, with and without one (sacct(1), sacctmgr(1)).
 */
public final class TresAmounts {
    private static final Pattern VALUE = Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGTPE]?)");
    private static final String SUFFIXES = "KMGTPE";
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);

    private TresAmounts() {
    }

    /** By TRES, exact; empty for an empty text. Throws {@link IllegalArgumentException} for anything else than amounts. */
    public static SortedMap<String, BigDecimal> parse(String text) {
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = entry.indexOf('=');
            Matcher value = VALUE.matcher(equals < 0 ? "" : entry.substring(equals + 1));
            if (equals < 1 || !value.matches()) {
                throw new IllegalArgumentException("not an amount of a TRES: '" + entry + "'");
            }
            String tres = entry.substring(0, equals);
            if (amounts.put(tres, amount(tres, new BigDecimal(value.group(1)), value.group(2))) != null) {
                throw new IllegalArgumentException("two amounts of one TRES: '" + text + "'");
            }
        }
        return amounts;
    }

    private static BigDecimal amount(String tres, BigDecimal number, String suffix) {
        int power = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(suffix) + 1;
        int steps = tres.equals("mem") && power > 0 ? power - 2 : power;
        // a division by 1024 ends after ten more digits, so it is exact
        return steps < 0 ? number.divide(STEP) : number.multiply(STEP.pow(steps));
    }
}
