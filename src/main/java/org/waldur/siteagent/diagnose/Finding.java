package org.waldur.siteagent.diagnose;

import java.util.Locale;

/**
 * Something that was looked at.
 *
 * @param area   what it is about, like {@code token of Our cluster}
 * @param advice what to do; empty if it is well
 */
public record Finding(Level level, String area, String what, String advice) {

    /** The worst comes last. */
    public enum Level {
        GOOD, WARNING, WRONG;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Finding good(String area, String what) {
        return new Finding(Level.GOOD, area, what, "");
    }

    public static Finding warning(String area, String what, String advice) {
        return new Finding(Level.WARNING, area, what, advice);
    }

    public static Finding wrong(String area, String what, String advice) {
        return new Finding(Level.WRONG, area, what, advice);
    }
}
