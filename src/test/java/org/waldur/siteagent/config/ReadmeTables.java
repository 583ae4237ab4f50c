package org.waldur.siteagent.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The reference of the config in the README, made of {@code keys.yaml}. It stands between two marks. */
final class ReadmeTables {
    private static final String BEGIN = "<!-- made of keys.yaml by src/build/refresh-docs -->\n";
    private static final String END = "<!-- the end of what is made -->\n";

    private ReadmeTables() {
    }

    /** A README with the tables and the picture as they should be. */
    static String in(String readme) throws IOException {
        return between(BEGIN, text(), between(OrderPicture.BEGIN, OrderPicture.text(), readme));
    }

    private static String between(String mark, String text, String readme) {
        int begin = readme.indexOf(mark);
        int end = readme.indexOf(END, Math.max(0, begin));
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the README has lost the marks between which something is made: " + mark + END);
        }
        return readme.substring(0, begin + mark.length()) + text + readme.substring(end);
    }

    private static String text() {
        List<String> lines = new ArrayList<>(List.of("", "| key | meaning | default |", "|---|---|---|"));
        for (Keys keys : Keys.values()) {
            if (keys != Keys.GLOBAL) {
                lines.add("| **" + keys.place() + "** | | |");
            }
            lines.addAll(rows(keys.used()));
        }
        lines.addAll(List.of("", "| environment variable | meaning | default |", "|---|---|---|"));
        lines.addAll(rows(Keys.environment().values()));
        lines.addAll(List.of("", "Accepted, named in a warning with what follows, and not used:", ""));
        List<Keys> unused = Arrays.stream(Keys.values()).filter(keys -> !keys.unused().isEmpty()).toList();
        unused.forEach(keys -> lines.add("- " + keys.place() + ": " + names(keys.unused()) + (keys == unused.get(unused.size() - 1) ? "." : ";")));
        lines.add("");
        return String.join("\n", lines) + "\n";
    }

    /** A row for each key; neighbours of which the same is said share one. */
    private static List<String> rows(Collection<Key> keys) {
        List<String> rows = new ArrayList<>();
        List<Key> alike = new ArrayList<>();
        for (Key key : keys) {
            if (!alike.isEmpty() && !said(alike.get(0)).equals(said(key))) {
                rows.add("| " + names(alike) + said(alike.get(0)));
                alike.clear();
            }
            alike.add(key);
        }
        rows.add("| " + names(alike) + said(alike.get(0)));
        return rows;
    }

    private static String said(Key key) {
        return " | " + key.meaning() + key.range() + " | " + (key.otherwise().isEmpty() ? "" : key.otherwise() + " ") + "|";
    }

    private static String names(Collection<Key> keys) {
        return keys.stream().map(key -> "`" + key.name() + "`").collect(Collectors.joining(", "));
    }
}
