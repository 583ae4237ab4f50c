package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.waldur.siteagent.text.Nearest;

/**
 * Whether each variable that a step reads has been set before, on every way that leads there: in the same route, in a route that it
 * calls before, or in every route that calls it. What onException leads to is not followed, because any variable may be set by then.
 */
final class Variables {
    private static final String CYCLE = "-cycle";

    private final Map<String, List<Effect>> routes = new HashMap<>();
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Set<String> called = new HashSet<>();
    /** All variables, with a place where each is set. */
    private final Map<String, Entry> known = new TreeMap<>();
    /** The routes that set a variable. */
    private final Map<String, Set<String>> setters = new HashMap<>();
    private final List<Effect> configured = new ArrayList<>();
    private final Map<Effect.Reads, Mistake> mistakes = new LinkedHashMap<>();
    /** What is set sometimes, on the way that is being followed. */
    private final Set<String> sometimes = new HashSet<>();

    private Variables(RouteFiles files) {
        for (Entry route : files.routes()) {
            String entrance = route.get("from").flatMap(from -> from.get("uri")).map(Entry::direct).orElse("");
            String name = entrance.isEmpty() ? route.text("id") : entrance;
            routes.put(name, Effects.of(route));
            entries.put(name, route);
        }
        files.configurations().forEach(configuration -> configured.addAll(Effects.of(configuration)));
        routes.forEach(this::register);
        register("", configured);
    }

    private void register(String route, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Sets sets) {
                known.putIfAbsent(sets.variable(), sets.where());
                setters.computeIfAbsent(sets.variable(), v -> new HashSet<>()).add(route);
            } else if (effect instanceof Effect.Calls calls) {
                called.add(calls.route());
            } else if (effect instanceof Effect.Ways ways) {
                ways.ways().forEach(way -> register(route, way));
            } else if (effect instanceof Effect.Apart apart) {
                register(route, apart.effects());
            } else if (effect instanceof Effect.Anytime anytime) {
                register(route, anytime.effects());
            }
        }
    }

    static List<Mistake> mistakes(RouteFiles files) {
        Variables variables = new Variables(files);
        variables.follow(variables.configured, new HashSet<>(variables.known.keySet()), new HashSet<>(), "");
        variables.entries.forEach((name, route) -> {
            if (!variables.called.contains(name)) {
                boolean begins = name.endsWith(CYCLE) || !route.get("from").map(from -> from.text("uri")).orElse("").startsWith("direct:");
                // a route that nobody calls may be called one day, with all that others set
                variables.sometimes.clear();
                variables.follow(List.of(new Effect.Calls(name)), begins ? new HashSet<>() : variables.ofOthers(name), new HashSet<>(), name);
            }
        });
        return List.copyOf(variables.mistakes.values());
    }

    private Set<String> ofOthers(String route) {
        Set<String> set = new HashSet<>(known.keySet());
        set.removeIf(variable -> setters.get(variable).equals(Set.of(route)));
        return set;
    }

    /** {@code sure} grows by what is set on every way. Gives whether the way ends here. */
    private boolean follow(List<Effect> effects, Set<String> sure, Set<String> inHand, String from) {
        for (Effect effect : effects) {
            boolean ends = effect instanceof Effect.Ends;
            if (effect instanceof Effect.Sets sets) {
                sure.add(sets.variable());
            } else if (effect instanceof Effect.Reads reads) {
                read(reads, sure, from);
            } else if (effect instanceof Effect.Calls calls && routes.containsKey(calls.route()) && inHand.add(calls.route())) {
                ends = follow(routes.get(calls.route()), sure, inHand, from);
                inHand.remove(calls.route());
            } else if (effect instanceof Effect.Ways ways) {
                ends = ways(ways, sure, inHand, from);
            } else if (effect instanceof Effect.Apart apart) {
                follow(apart.effects(), new HashSet<>(sure), inHand, from);
            } else if (effect instanceof Effect.Anytime anytime) {
                follow(anytime.effects(), new HashSet<>(known.keySet()), inHand, from);
            }
            if (ends) {
                return true;
            }
        }
        return false;
    }

    private boolean ways(Effect.Ways ways, Set<String> sure, Set<String> inHand, String from) {
        Set<String> onEvery = ways.orNone() ? new HashSet<>(sure) : null;
        for (List<Effect> way : ways.ways()) {
            Set<String> after = new HashSet<>(sure);
            boolean ends = follow(way, after, inHand, from);
            sometimes.addAll(after);
            if (!ends && onEvery == null) {
                onEvery = after;
            } else if (!ends) {
                onEvery.retainAll(after);
            }
        }
        if (onEvery != null) {
            sure.addAll(onEvery);
        }
        return onEvery == null;
    }

    private void read(Effect.Reads reads, Set<String> sure, String from) {
        String name = reads.variable();
        // ${variable.my.dotted} may be a variable my.dotted, or something of a variable my
        if (sure.contains(name) || sure.stream().anyMatch(one -> name.startsWith(one + "."))) {
            return;
        }
        String first = known.containsKey(name) ? name : name.replaceFirst("[.].*", "");
        Entry set = known.get(first);
        if (reads.optional() && set != null) {
            return;
        }
        String way = from.isEmpty() ? "" : " (on the way from route " + from + ")";
        mistakes.putIfAbsent(reads, set == null
                ? reads.where().mistake("no step sets the variable " + first, known.isEmpty() ? "" : "the nearest is " + Nearest.of(first, known.keySet()))
                : reads.where().mistake(sometimes.contains(first) ? "the variable " + first + " is set only sometimes before this step" + way
                        : "no step before this one sets the variable " + first + way,
                        "it is set at " + set.file().getFileName() + ":" + set.line() + ", which is not on every way to here"));
    }
}
