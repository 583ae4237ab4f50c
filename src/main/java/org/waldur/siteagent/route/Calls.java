package org.waldur.siteagent.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.text.Nearest;

/** Whether every route that is called exists and is started, and every id and every entrance exists once. */
final class Calls {
    static final Set<String> SENDERS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich", "deadLetterChannel", "poll");
    static final String NO_ROUTE = "there is no route that begins with direct:";
    private static final Set<String> BY_EXPRESSION = Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    private final RouteFiles files;
    private final List<Mistake> mistakes = new ArrayList<>();
    /** Where routes begin with {@code direct:NAME}, by name. */
    private final Map<String, Entry> entrances = new HashMap<>();
    /** The routes of these entrances. */
    private final Map<String, Entry> routes = new HashMap<>();

    private Calls(RouteFiles files) {
        this.files = files;
    }

    static List<Mistake> mistakes(RouteFiles files, Needs needs) {
        Calls calls = new Calls(files);
        files.routes().forEach(calls::route);
        calls.ids();
        Map<String, List<Entry>> called = calls.called();
        calls.needed(needs, called.keySet());
        calls.circles();
        calls.configurations();
        return calls.mistakes;
    }

    private void route(Entry route) {
        String id = route.text("id");
        if (id.isEmpty()) {
            mistakes.add(route.mistake("a route has no id", "id: what-it-does"));
        }
        if (route.get("from").isEmpty()) {
            mistakes.add(route.mistake("route " + id + " has no 'from'", "from: with uri and steps"));
        }
        if (route.text("description").isEmpty()) {
            mistakes.add(route.mistake("route " + id + " has no description", "description: what it does, in a line"));
        }
        route.get("from").flatMap(from -> from.get("uri")).filter(uri -> uri.text().startsWith("direct:")).ifPresent(uri -> {
            String name = uri.direct();
            Entry before = entrances.putIfAbsent(name, uri);
            routes.putIfAbsent(name, route);
            if (before != null) {
                mistakes.add(uri.mistake("two routes begin with direct:" + name, "see " + place(before)));
            } else if (!name.equals(id) && !id.isEmpty()) {
                mistakes.add(uri.mistake("route " + id + " begins with direct:" + name, "direct:" + id + ", so that it is found where it is looked for"));
            }
        });
    }

    private static String place(Entry entry) {
        return entry.file().getFileName() + ":" + entry.line();
    }

    /** Camel wants ids to be unique among all routes and steps. */
    private void ids() {
        Map<String, Entry> ids = new HashMap<>();
        files.top.stream().flatMap(Entry::all).filter(entry -> entry.key().equals("id") && !entry.text().isEmpty()).forEach(id -> {
            Entry before = ids.putIfAbsent(id.text(), id);
            if (before != null && before.value() != id.value()) {
                mistakes.add(id.mistake("the id " + id.text() + " is there twice", "see " + place(before)));
            }
        });
    }

    /** Who calls what. */
    private Map<String, List<Entry>> called() {
        Map<String, List<Entry>> called = new LinkedHashMap<>();
        files.top.stream().flatMap(Entry::all).forEach(step -> addresses(step).forEach(address -> {
            String name = address.direct();
            if (address.text().startsWith("direct:") && name.isEmpty() && !address.text().contains("{")) {
                mistakes.add(address.mistake("direct: without the name of a route", "direct:NAME"));
            } else if (!name.isEmpty()) {
                called.computeIfAbsent(name, n -> new ArrayList<>()).add(address);
            }
        }));
        called.forEach((name, from) -> {
            if (routes.containsKey(name)) {
                neverStarted(routes.get(name)).ifPresent(key -> mistakes.add(key.mistake("this route would never be started, but " + place(from.get(0)) + " calls it",
                        "no such line, or no call")));
            } else if (!files.lost.contains(name)) {
                from.forEach(address -> mistakes.add(address.mistake(NO_ROUTE + name,
                        "the nearest is direct:" + Nearest.of(name, entrances.keySet()))));
            }
        });
        return called;
    }

    private static List<Entry> addresses(Entry step) {
        List<Entry> addresses = new ArrayList<>();
        if (SENDERS.contains(step.key())) {
            addresses.add(step);
            step.get("uri").ifPresent(addresses::add);
        }
        step.get("deadLetterUri").ifPresent(addresses::add);
        if (BY_EXPRESSION.contains(step.key())) {
            step.get("expression").ifPresent(expression -> expression.all().filter(entry -> entry.key().equals("expression")).forEach(addresses::add));
        }
        return addresses;
    }

    private static Optional<Entry> neverStarted(Entry route) {
        return route.get("autoStartup").filter(key -> key.text().equals("false"))
                .or(() -> route.get("precondition").filter(key -> key.text().equals("false")));
    }

    private void needed(Needs needs, Set<String> called) {
        if (files.files.isEmpty()) {
            return;
        }
        Path folder = files.files.get(0).getParent();
        for (String name : new TreeSet<>(needs.entrances())) {
            if (entrances.containsKey(name) && needs.timed().contains(name) && !called.contains(name) && files.lost.isEmpty()) {
                mistakes.add(entrances.get(name).mistake("no route calls direct:" + name + " by itself, so the service would do nothing",
                        "a route that begins with a timer, as in the routes that the agent came with"));
            } else if (!entrances.containsKey(name) && !called.contains(name) && !files.lost.contains(name)) {
                mistakes.add(new Mistake(folder, 0, NO_ROUTE + name + ", which the agent itself calls",
                        "take it from the routes that the agent came with"));
            }
        }
        if (files.configurations().stream().noneMatch(c -> c.text("id").isEmpty() && c.get("onException").isPresent()) && files.lost.isEmpty()) {
            mistakes.add(new Mistake(folder, 0, "there is no routeConfiguration that says what happens when a step fails, so nobody would be told",
                    "one without an id and with onException, as in the errors.camel.yaml that the agent came with"));
        }
    }

    /** A route that calls itself, on whatever way, may never end. */
    private void circles() {
        Set<String> done = new HashSet<>();
        new TreeSet<>(routes.keySet()).forEach(name -> circle(name, new LinkedHashSet<>(), done));
    }

    private void circle(String name, LinkedHashSet<String> way, Set<String> done) {
        if (!routes.containsKey(name) || done.contains(name)) {
            return;
        }
        way.add(name);
        routes.get(name).all().filter(step -> SENDERS.contains(step.key())).flatMap(step -> addresses(step).stream()).forEach(address -> {
            if (way.contains(address.direct())) {
                List<String> circle = new ArrayList<>(way).subList(new ArrayList<>(way).indexOf(address.direct()), way.size());
                mistakes.add(address.mistake("the routes call each other in a circle: " + String.join(" -> ", circle) + " -> " + address.direct(),
                        "a loop, or a timer"));
            } else {
                circle(address.direct(), way, done);
            }
        });
        way.remove(name);
        done.add(name);
    }

    private void configurations() {
        Map<String, Entry> named = files.configurations().stream().filter(c -> !c.text("id").isEmpty())
                .collect(Collectors.toMap(c -> c.text("id"), c -> c, (a, b) -> a));
        Set<String> used = new TreeSet<>();
        for (Entry route : files.routes()) {
            route.get("routeConfigurationId").ifPresent(ids -> {
                for (String id : ids.text().split(",")) {
                    used.add(id.strip());
                    if (!named.containsKey(id.strip()) && !files.lost.contains(id.strip())) {
                        mistakes.add(ids.mistake("there is no routeConfiguration " + id.strip(), "the configuration without an id holds for all routes"));
                    }
                }
            });
        }
        named.forEach((id, configuration) -> {
            if (!used.contains(id)) {
                mistakes.add(configuration.mistake("routeConfiguration " + id + " has an id and no route names it, so it holds nowhere", "no id: then it holds everywhere"));
            }
        });
    }
}
