package org.waldur.siteagent.waldur;

/** Text from outside is hostile: before it is logged or stored it becomes one bounded line. */
public final class Text {
    private Text() {
    }

    /** One line of at most {@code max} characters without control characters; empty for null. */
    public static String oneLine(String text, int max) {
        String line = text == null ? "" : text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() <= max ? line : line.substring(0, max - 3) + "...";
    }
}
