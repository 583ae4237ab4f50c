package org.waldur.siteagent.route;

import org.waldur.siteagent.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether every route that is called exists, and every id and every entrance exists once. */
final class Calls {
    static final Set<String> SENDERS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich", "deadLetterChannel");

    private Calls() {
    }

    static List<Mistake> mistakes(RouteFiles files) {
        List<Mistake> mistakes = new ArrayList<>();
        Map<String, Entry> ids = new HashMap<>();
        Map<String, Entry> entrances = new HashMap<>();
        for (Entry route : files.routes()) {
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
                String name = uri.text().substring("direct:".length());
                Entry before = entrances.putIfAbsent(name, uri);
                if (before != null) {
                    mistakes.add(uri.mistake("two routes begin with direct:" + name, "see " + before.file().getFileName() + ":" + before.line()));
                } else if (!name.equals(id)) {
                    mistakes.add(uri.mistake("route " + id + " begins with direct:" + name, "direct:" + id + ", so that it is found where it is looked for"));
                }
            });
        }
        files.top.forEach(entry -> ids(entry, ids, mistakes));
        files.top.forEach(entry -> calls(entry, entrances.keySet(), mistakes));
        configurations(files, mistakes);
        return mistakes;
    }

    /** Camel wants ids to be unique among all routes and steps. */
    private static void ids(Entry entry, Map<String, Entry> ids, List<Mistake> mistakes) {
        for (Entry child : entry.children()) {
            if (child.key().equals("id") && !child.text().isEmpty()) {
                Entry before = ids.putIfAbsent(child.text(), child);
                if (before != null) {
                    mistakes.add(child.mistake("the id " + child.text() + " is there twice", "see " + before.file().getFileName() + ":" + before.line()));
                }
            }
            ids(child, ids, mistakes);
        }
    }

    private static void calls(Entry entry, Set<String> entrances, List<Mistake> mistakes) {
        for (Entry child : entry.children()) {
            if ((child.key().equals("uri") || child.key().equals("deadLetterUri")) && child.text().startsWith("direct:") && !entry.key().equals("from")) {
                String name = child.text().substring("direct:".length());
                if (!entrances.contains(name) && !name.contains("{")) {
                    mistakes.add(child.mistake("there is no route that begins with direct:" + name, "the nearest is direct:" + Nearest.of(name, entrances)));
                }
            }
            calls(child, entrances, mistakes);
        }
    }

    private static void configurations(RouteFiles files, List<Mistake> mistakes) {
        Map<String, Entry> named = files.configurations().stream().filter(c -> !c.text("id").isEmpty())
                .collect(Collectors.toMap(c -> c.text("id"), c -> c, (a, b) -> a));
        Set<String> used = new TreeSet<>();
        for (Entry route : files.routes()) {
            route.get("routeConfigurationId").ifPresent(id -> {
                used.add(id.text());
                if (!named.containsKey(id.text())) {
                    mistakes.add(id.mistake("there is no routeConfiguration " + id.text(), "the configuration without an id holds for all routes"));
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
