package org.waldur.siteagent.route;

import org.waldur.siteagent.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in the texts of a route: properties, headers, commands, scripts. */
final class Texts {
    private static final Pattern PROPERTY = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)(:[^}]*)?}}");
    private static final Pattern HEADER = Pattern.compile("\\$\\{(?:in\\.)?headers?[.:\\[]([A-Za-z0-9_-]+)");
    /** Headers that an answer of Waldur brings. */
    private static final Set<String> OF_ANSWERS = Set.of("Link", "X-Result-Count", "Retry-After", "Date", "Content-Type", "Location");
    private static final Set<String> SCRIPTS = Set.of("groovy", "js", "javascript", "mvel", "ognl", "python", "java", "joor", "spel");

    private Texts() {
    }

    static List<Mistake> mistakes(RouteFiles files, Set<String> properties) {
        List<Mistake> mistakes = new ArrayList<>();
        Set<String> headers = new java.util.TreeSet<>();
        files.top.forEach(entry -> headersSet(entry, headers));
        files.top.forEach(entry -> look(entry, properties, headers, mistakes));
        return mistakes;
    }

    private static void headersSet(Entry entry, Set<String> headers) {
        for (Entry child : entry.children()) {
            if (child.key().equals("setHeader")) {
                headers.add(child.text("name"));
            }
            headersSet(child, headers);
        }
    }

    private static void look(Entry entry, Set<String> properties, Set<String> headers, List<Mistake> mistakes) {
        for (Entry child : entry.children()) {
            Matcher property = PROPERTY.matcher(child.text());
            while (property.find()) {
                if (property.group(2) == null && !property.group().startsWith("{{?") && !properties.contains(property.group(1))) {
                    mistakes.add(child.mistake("there is no property " + property.group(1), "the nearest is " + Nearest.of(property.group(1), properties)
                            + ", or write {{" + property.group(1) + ":DEFAULT}}"));
                }
            }
            Matcher header = HEADER.matcher(child.text());
            while (header.find()) {
                String name = header.group(1);
                if (!headers.contains(name) && !OF_ANSWERS.contains(name) && !name.startsWith("Camel")) {
                    mistakes.add(child.mistake("no step sets the header " + name + " that is read here", headers.isEmpty() ? "" : "the nearest is " + Nearest.of(name, headers)));
                }
            }
            if (SCRIPTS.contains(child.key()) && (entry.key().equals("expression") || entry.key().equals("script"))) {
                mistakes.add(child.mistake("scripts in routes are not allowed", "simple, or a command of yours with argv"));
            }
            if (child.key().equals("language") && child.text("language").equals("argv")) {
                command(child, mistakes);
            }
            look(child, properties, headers, mistakes);
        }
    }

    private static void command(Entry language, List<Mistake> mistakes) {
        List<String> lines = language.text("expression").lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String first = lines.isEmpty() ? "" : lines.get(0);
        if (!first.startsWith("/") && !first.startsWith("${") && !first.startsWith("{{")) {
            mistakes.add(language.mistake("a command begins with '" + first + "'", "the absolute path of a program in its first line"));
        }
    }
}
