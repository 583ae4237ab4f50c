package org.waldur.siteagent.simulator;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists like {@code cpu=10,mem=1G}: how sacctmgr 22.05 reads and prints them. Memory is in MB; amounts are unsigned. */
final class TresLimits {
    /** Takes a limit away: what {@code -1} means. */
    static final long NONE = -1;
    private static final long NO_VALUE = -2;
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final Pattern AMOUNT = Pattern.compile("\\s*([+-]?)([0-9]*)(.?).*", Pattern.DOTALL);
    private static final String UNITS = "KMGTP";

    private TresLimits() {
    }

    /**
     * The limits that the text names, {@link #NONE} for those to be taken away; empty if it is refused, and then the
     * reason is on stderr. A fraction is cut and a word is zero, with exit code 0: so does the real one.
     *
     * @param known TRES by id
     */
    static Optional<Map<String, Long>> parse(String text, Map<Integer, String> known, Output output) {
        Map<String, Long> limits = new LinkedHashMap<>();
        String list = text.startsWith(",") ? text.substring(1) : text;
        if (list.isEmpty()) {
            return Optional.empty();
        }
        for (int start = 0, end; start <= list.length(); start = end + 1) {
            int equals = list.indexOf('=', start);
            if (equals < 0) {
                output.err("sacctmgr: error: slurmdb_format_tres_str: no TRES id found for %s", list.substring(start));
                return Optional.empty();
            }
            end = list.indexOf(',', equals) < 0 ? list.length() : list.indexOf(',', equals);
            String type = list.substring(start, equals);
            boolean id = type.matches("[0-9]{1,9}");
            String name = id ? known.get(Integer.valueOf(type)) : type.toLowerCase(Locale.ROOT);
            if (name == null || !known.containsValue(name)) {
                output.err("sacctmgr: error: slurmdb_format_tres_str: no TRES known by %s %s", id ? "id" : "type", type);
                return Optional.empty();
            }
            limits.put(name, amount(list.substring(equals + 1, end), name.equals("mem"), output));
        }
        return Optional.of(limits);
    }

    private static long amount(String text, boolean memory, Output output) {
        Matcher parts = AMOUNT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException("every text matches");
        }
        BigInteger digits = parts.group(2).isEmpty() ? BigInteger.ZERO : new BigInteger(parts.group(2));
        long number = digits.compareTo(MAX) > 0 ? NONE : parts.group(1).equals("-") ? -digits.longValue() : digits.longValue();
        if (number == NONE || number == NO_VALUE) {
            return NONE;
        }
        if (parts.group(3).isEmpty()) {
            return number;
        }
        int power = UNITS.indexOf(parts.group(3).toUpperCase(Locale.ROOT)) + 1;
        if (power == 0) {
            output.err("sacctmgr: error: Invalid unit type '%s'. Possible options are '%s'", parts.group(3), UNITS);
            return number;
        }
        int shift = 10 * (memory ? Math.max(0, power - 2) : power);
        return digits.bitLength() + shift > 63 ? number : number << shift;
    }

    /** The limits after a change: {@code set GrpTRESMins=} merges. */
    static Map<String, Long> merged(Map<String, Long> before, Map<String, Long> change) {
        Map<String, Long> after = new TreeMap<>(before);
        after.putAll(change);
        after.values().removeIf(value -> value == NONE);
        return after;
    }

    /** As sacctmgr prints it: by name, memory in the largest unit that is exact. */
    static String format(Map<String, Long> limits) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(limits).forEach((name, value) -> parts.add(name + "=" + amount(name, value)));
        return String.join(",", parts);
    }

    /** As slurmdbd keeps it: {@code 1=10,2=1024}. */
    static String ids(Map<String, Long> limits) {
        List<String> parts = new ArrayList<>();
        SlurmWorld.TRES.forEach((id, name) -> {
            if (limits.containsKey(name)) {
                parts.add(id + "=" + Long.toUnsignedString(limits.get(name)));
            }
        });
        return String.join(",", parts);
    }

    private static String amount(String name, long value) {
        if (value == NONE) {
            return "NONE";
        }
        if (!name.equals("mem") || value == 0) {
            return Long.toUnsignedString(value);
        }
        int unit = UNITS.indexOf('M');
        while (Long.remainderUnsigned(value, 1024) == 0 && unit < UNITS.length() - 1) {
            value = Long.divideUnsigned(value, 1024);
            unit++;
        }
        return Long.toUnsignedString(value) + UNITS.charAt(unit);
    }
}
