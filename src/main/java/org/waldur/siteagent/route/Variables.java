package org.waldur.siteagent.route;

import org.waldur.siteagent.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether each variable that a step reads has been set before: in the same route, in a route that it calls before, or in every
 * route that calls it. What onException of a configuration leads to is not followed, because any variable may be set by then.
 */
final class Variables {
    private static final Pattern READ = Pattern.compile("\\$\\{variables?[.:\\[]([A-Za-z0-9_-]+)|(?<=\\$\\{|, |\\()variable:([A-Za-z0-9_-]+)");

    /** Routes that a command of the agent begins with. */
    private static final String CYCLE = "-cycle";

    /** What happens in a route, in the order of its text. */
    private sealed interface Event permits Sets, Reads, Calls {
    }

    private record Sets(String variable) implements Event {
    }

    private record Reads(String variable, Entry where) implements Event {
    }

    private record Calls(String route) implements Event {
    }

    private final Map<String, List<Event>> routes = new HashMap<>();
    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> called = new HashSet<>();
    private final Set<String> known = new TreeSet<>();
    private final List<Event> configured = new ArrayList<>();

    private Variables(RouteFiles files) {
        for (Entry route : files.routes()) {
            List<Event> events = new ArrayList<>();
            walk(route, events);
            routes.put(route.text("id"), events);
            entries.put(route.text("id"), route);
            events.forEach(event -> {
                if (event instanceof Calls call) {
                    called.add(call.route());
                } else if (event instanceof Sets set) {
                    known.add(set.variable());
                }
            });
        }
        files.configurations().forEach(configuration -> {
            List<Event> events = new ArrayList<>();
            walk(configuration, events);
            configured.addAll(events);
        });
        // what an error leads to is not followed: everything may be set by then
        configured.stream().filter(Calls.class::isInstance).forEach(call -> called.add(((Calls) call).route()));
    }

    static List<Mistake> mistakes(RouteFiles files) {
        Variables variables = new Variables(files);
        List<Mistake> mistakes = new ArrayList<>();
        Set<Entry> said = new HashSet<>();
        for (Event event : variables.configured) {
            if (event instanceof Reads reads && !variables.known.contains(reads.variable())) {
                mistakes.add(reads.where().mistake("no step sets the variable " + reads.variable(), "the nearest is "
                        + Nearest.of(reads.variable(), variables.known)));
            }
        }
        for (String route : variables.routes.keySet()) {
            boolean begins = !variables.entries.get(route).get("from").map(from -> from.text("uri")).orElse("").startsWith("direct:") || route.endsWith(CYCLE);
            if (!variables.called.contains(route)) {
                // a route that nobody calls may be called by hand one day, but a variable that nothing sets is a mistake there, too
                Set<String> set = begins ? new HashSet<>() : new HashSet<>(variables.known);
                variables.needs(route, set, new HashSet<>()).forEach((variable, where) -> {
                    if (said.add(where)) {
                        mistakes.add(where.mistake("no step before this one sets the variable " + variable + " (on the way from route " + route + ")",
                                "the nearest is " + Nearest.of(variable, variables.known)));
                    }
                });
            }
        }
        return mistakes;
    }

    /** Variables that a route reads before anything has set them, with the first place; {@code set} grows by what the route sets. */
    private Map<String, Entry> needs(String route, Set<String> set, Set<String> inHand) {
        Map<String, Entry> needs = new HashMap<>();
        if (!routes.containsKey(route) || !inHand.add(route)) {
            return needs;
        }
        for (Event event : routes.get(route)) {
            if (event instanceof Sets sets) {
                set.add(sets.variable());
            } else if (event instanceof Reads reads && !set.contains(reads.variable())) {
                needs.putIfAbsent(reads.variable(), reads.where());
            } else if (event instanceof Calls calls) {
                needs(calls.route(), set, inHand).forEach(needs::putIfAbsent);
            }
        }
        inHand.remove(route);
        return needs;
    }

    private static void walk(Entry entry, List<Event> events) {
        for (Entry child : entry.children()) {
            if (!child.key().equals("description")) {
                reads(child, events);
            }
            walk(child, events);
            if (child.key().equals("setVariable") && !child.text("name").isEmpty()) {
                events.add(new Sets(child.text("name")));
            } else if (child.key().equals("variableReceive")) {
                events.add(new Sets(child.text()));
            } else if (child.key().equals("uri") && child.text().startsWith("direct:") && !entry.key().equals("from")) {
                events.add(new Calls(child.text().substring("direct:".length())));
            }
        }
    }

    private static void reads(Entry entry, List<Event> events) {
        Matcher read = READ.matcher(entry.text());
        while (read.find()) {
            events.add(new Reads(read.group(1) == null ? read.group(2) : read.group(1), entry));
        }
    }
}
