package org.waldur.siteagent.usage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Slurm prints them: {@code [DAYS-]HOURS:MINUTES:SECONDS[.FRACTION]}, see Elapsed in sacct(1). */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,6})-)?(\\d{1,6}):([0-5]\\d):([0-5]\\d)(?:\\.\\d+)?");

    private Durations() {
    }

    /** In seconds, without their fraction. Throws {@link IllegalArgumentException} for anything else. */
    static long seconds(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration");
        }
        long days = parts.group(1) == null ? 0 : Long.parseLong(parts.group(1));
        return ((days * 24 + Long.parseLong(parts.group(2))) * 60 + Long.parseLong(parts.group(3))) * 60 + Long.parseLong(parts.group(4));
    }
}
