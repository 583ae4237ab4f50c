package org.waldur.siteagent.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The files of a folder of routes, and what is wrong with them as YAML. */
final class RouteFiles {
    static final String EXTENSION = ".camel.yaml";
    private static final List<String> LEFTOVERS = List.of("~", ".bak", ".orig", ".rej", ".swp", ".rpmnew", ".rpmsave", ".dpkg-dist", ".dpkg-old");

    final List<Path> files = new ArrayList<>();
    /** Top-level entries: routes, routeConfigurations. */
    final List<Entry> top = new ArrayList<>();
    final List<Mistake> mistakes = new ArrayList<>();

    RouteFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(EXTENSION)) {
                    files.add(file);
                    read(file);
                } else if (name.contains(".yaml") || name.contains(".yml")) {
                    boolean leftover = LEFTOVERS.stream().anyMatch(name::endsWith);
                    if (!leftover) {
                        mistakes.add(new Mistake(file, 0, "this file would not be loaded", "its name must end in " + EXTENSION));
                    }
                }
            }
        }
        if (files.isEmpty()) {
            mistakes.add(new Mistake(folder, 0, "there is no route file in this folder", "files whose names end in " + EXTENSION));
        }
    }

    private void read(Path file) throws IOException {
        try {
            Compose compose = new Compose(LoadSettings.builder().setLabel(file.toString()).setAllowDuplicateKeys(true).build());
            Optional<Node> node = compose.composeString(Files.readString(file));
            if (node.isEmpty()) {
                mistakes.add(new Mistake(file, 0, "the file is empty", "a list of routes, or no file"));
            } else if (!(node.get() instanceof SequenceNode)) {
                mistakes.add(new Mistake(file, Entry.lineOf(node.get()), "the file is not a list, so it has no routes", "'- route:' in the first column"));
            } else {
                Entry list = new Entry(file, "", 1, node.get());
                list.children().forEach(item -> top(item, list));
                duplicateKeys(list);
                if (top.stream().noneMatch(entry -> entry.file().equals(file))) {
                    mistakes.add(new Mistake(file, 0, "the file has no route", "'- route:' or '- routeConfiguration:'"));
                }
            }
        } catch (MarkedYamlEngineException e) {
            mistakes.add(new Mistake(file, e.getProblemMark().map(m -> m.getLine() + 1).orElse(0), "this is not YAML: " + e.getProblem(),
                    "look for a tab, a quote that is not closed, or wrong indentation"));
        } catch (YamlEngineException e) {
            mistakes.add(new Mistake(file, 0, "this is not one YAML document: " + e.getMessage(), "no line '---' but the first"));
        }
    }

    private void top(Entry item, Entry list) {
        item.children().forEach(entry -> {
            if (entry.key().equals("route") || entry.key().equals("routeConfiguration")) {
                top.add(entry);
            }
        });
    }

    private void duplicateKeys(Entry entry) {
        Map<String, Integer> seen = new HashMap<>();
        for (Entry child : entry.children()) {
            Integer before = child.key().isEmpty() ? null : seen.putIfAbsent(child.key(), child.line());
            if (before != null) {
                mistakes.add(child.mistake("the key " + child.key() + " is there twice, and Camel would use only the last", "line " + before + " has the other"));
            }
            duplicateKeys(child);
        }
    }

    List<Entry> routes() {
        return top.stream().filter(entry -> entry.key().equals("route")).toList();
    }

    List<Entry> configurations() {
        return top.stream().filter(entry -> entry.key().equals("routeConfiguration")).toList();
    }
}
