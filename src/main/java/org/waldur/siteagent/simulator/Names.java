package org.waldur.siteagent.simulator;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How sacctmgr 22.05 reads names and texts out of arguments. */
final class Names {
    private static final Charset LATIN1 = Charset.forName("windows-1252");
    private static final Pattern RANGE = Pattern.compile("(.*?)\\[([0-9,-]+)](.*)", Pattern.DOTALL);

    private Names() {
    }

    /** A comma list in lower case, where the last of equal names counts; {@code x[1-3]} expands; an empty text is one empty name. */
    static List<String> list(String text) {
        String names = unquote(text);
        if (names.isEmpty()) {
            return List.of("");
        }
        LinkedHashSet<String> found = new LinkedHashSet<>();
        for (String part : names.split(",(?![^\\[]*])")) {
            if (!part.isEmpty()) {
                List<String> expanded = expand(unquote(part));
                expanded.forEach(found::remove);
                found.addAll(expanded);
            }
        }
        return List.copyOf(found);
    }

    /** Lower case; a leading quote is dropped and its partner ends the text; other quotes become a backquote. */
    static String unquote(String text) {
        if (text.isEmpty()) {
            return text;
        }
        char quote = text.charAt(0);
        boolean quoted = quote == '"' || quote == '\'';
        int end = quoted ? text.indexOf(quote, 1) : -1;
        String inner = text.substring(quoted ? 1 : 0, end < 0 ? text.length() : end);
        return inner.replace('\'', '`').replace('"', '`').toLowerCase(Locale.ROOT);
    }

    /** The database keeps latin1 (MySQL's, which is windows-1252): other characters become question marks. */
    static String stored(String text) {
        return new String(text.getBytes(LATIN1), LATIN1);
    }

    private static List<String> expand(String name) {
        Matcher range = RANGE.matcher(name);
        if (!range.matches()) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        for (String part : range.group(2).split(",")) {
            String[] ends = part.split("-", 2);
            String last = ends[ends.length - 1];
            if (last.length() > 4) {
                throw new UnknownArgument(name, "ranges up to 9999");
            }
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(last); i++) {
                names.add(range.group(1) + ("%0" + ends[0].length() + "d").formatted(i) + range.group(3));
            }
        }
        return names;
    }
}
