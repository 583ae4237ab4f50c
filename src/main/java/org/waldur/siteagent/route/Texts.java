package org.waldur.siteagent.route;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.FileConstants;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.component.timer.TimerConstants;
import org.waldur.siteagent.text.Nearest;

/** What stands in the texts of a route: properties, headers, commands, scripts. */
final class Texts {
    private static final Pattern PROPERTY = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)(:[^}]*)?}}");
    private static final Pattern HEADER = Pattern.compile("\\$\\{(?:in\\.)?headers?[.:\\[]([A-Za-z0-9_-]+)");
    /** Headers that an answer of Waldur brings, or a timer. */
    private static final Set<String> BROUGHT = Set.of("Link", "X-Result-Count", "Retry-After", "Date", "Content-Type", "Location", "firedTime");
    private static final Set<String> SCRIPTS = Set.of("groovy", "js", "javascript", "mvel", "ognl", "python", "java", "joor", "spel", "jactl", "wasm");

    private static final Pattern NO_VALUE = Pattern.compile("(?:\\$\\(|(?<![{$])\\{)((?:variables?|headers?|exchangeProperty)[.:])");
    private static final Pattern CAMEL = Pattern.compile("\\$\\{(?:exchangeProperty|headers?)[.:\\[]'?(Camel\\w+)");
    /** Properties and headers that Camel and its components set. */
    private static final Set<String> OF_CAMEL = Stream.of(Exchange.class, FileConstants.class, HttpConstants.class, TimerConstants.class).flatMap(type -> Arrays.stream(type.getFields()))
            .map(Texts::constant).collect(Collectors.toCollection(TreeSet::new));

    private Texts() {
    }

    private static String constant(Field field) {
        try {
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Mistake> mistakes(RouteFiles files, Set<String> properties) {
        List<Mistake> mistakes = new ArrayList<>();
        Set<String> headers = new TreeSet<>();
        files.top.forEach(entry -> headersSet(entry, headers));
        files.top.forEach(entry -> look(entry, properties, headers, mistakes));
        return mistakes;
    }

    private static void headersSet(Entry entry, Set<String> headers) {
        for (Entry child : entry.children()) {
            if (child.key().equals("setHeader") || entry.key().equals("headers")) {
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
                if (!headers.contains(name) && !BROUGHT.contains(name) && !name.startsWith("Camel")) {
                    mistakes.add(child.mistake("no step sets the header " + name + " that is read here", headers.isEmpty() ? "" : "the nearest is " + Nearest.of(name, headers)));
                }
            }
            Matcher camel = CAMEL.matcher(child.text());
            while (camel.find()) {
                if (!OF_CAMEL.contains(camel.group(1))) {
                    mistakes.add(child.mistake("Camel has no " + camel.group(1), "the nearest is " + Nearest.of(camel.group(1), OF_CAMEL)));
                }
            }
            Matcher noValue = NO_VALUE.matcher(child.text());
            if (noValue.find()) {
                mistakes.add(child.mistake("'" + noValue.group() + "...' is only a text, and is not replaced by a value", "${" + noValue.group(1) + "...}"));
            }
            if (child.text().contains("${}")) {
                mistakes.add(child.mistake("${} has nothing in it", "${variable.name} or ${body}"));
            }
            if (SCRIPTS.contains(child.key()) && (entry.key().equals("expression") || entry.key().equals("script"))
                    || child.key().equals("language") && SCRIPTS.contains(child.text())) {
                mistakes.add(child.mistake("scripts in routes are not allowed", "simple, or a command of yours with argv"));
            }
            look(child, properties, headers, mistakes);
        }
    }
}
