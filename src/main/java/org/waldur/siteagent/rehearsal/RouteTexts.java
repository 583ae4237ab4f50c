package org.waldur.siteagent.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.waldur.siteagent.route.RouteCheck;

/** The routes of a folder as they are written, by their ids; without blanks, comments, and the order of keys. They have been checked before. */
final class RouteTexts {
    private final Map<String, Map<?, ?>> routes = new TreeMap<>();

    private RouteTexts() {
    }

    static RouteTexts read(Path folder) throws IOException {
        RouteTexts texts = new RouteTexts();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(RouteCheck.EXTENSION)).sorted().toList()) {
                Object items = new Load(LoadSettings.builder().setMaxAliasesForCollections(10_000).build()).loadFromString(Files.readString(file));
                (items instanceof List<?> list ? list : List.of()).forEach(item -> texts.add(item, file));
            }
        }
        return texts;
    }

    private void add(Object item, Path file) {
        if (item instanceof Map<?, ?> entry) {
            entry.forEach((kind, value) -> {
                if (value instanceof Map<?, ?> route) {
                    routes.put(Objects.toString(route.get("id"), kind + " of " + file.getFileName()), route);
                }
            });
        }
    }

    /** The ids of those that are not the same in both, or not in both, and that a play can come to. */
    Set<String> differing(RouteTexts other) {
        Set<String> ids = new TreeSet<>(routes.keySet());
        ids.addAll(other.routes.keySet());
        ids.removeIf(id -> Objects.equals(routes.get(id), other.routes.get(id)) || begins(routes.getOrDefault(id, other.routes.get(id))));
        return ids;
    }

    private static boolean begins(Map<?, ?> route) {
        return route.get("from") instanceof Map<?, ?> from && !Objects.toString(from.get("uri")).startsWith("direct:");
    }

    /**
     * Routes that begin by themselves, like those with a timer: a rehearsal makes their cycles by hand, so that it shows nothing of what is done in them. A line
     * for each of their values.
     */
    List<String> beginnings() {
        List<String> lines = new ArrayList<>();
        routes.forEach((id, route) -> {
            if (begins(route)) {
                flatten(id, route.get("from"), lines);
            }
        });
        return lines;
    }

    private static void flatten(String path, Object value, List<String> lines) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> flatten(path + "." + key, each, lines));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> flatten(path, each, lines));
        } else {
            lines.add(path + ": " + Objects.toString(value, "").strip());
        }
    }
}
