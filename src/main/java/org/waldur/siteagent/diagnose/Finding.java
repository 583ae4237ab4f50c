package org.waldur.siteagent.diagnose;

import java.util.Locale;
import org.waldur.siteagent.waldur.Text;

/**
 * Something that was looked at.
 *
 * @param area   what it is about, like {@code token of Our cluster}
 * @param advice what to do; empty if it is well
 */
public record Finding(Level level, String area, String what, String advice) {
    private static final int LONGEST = 2_000;

    /** Names and answers come from elsewhere, and must not look like a finding of ours or move the cursor. */
    public Finding {
        area = Text.oneLine(area, LONGEST);
        what = Text.oneLine(what, LONGEST);
    }

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
