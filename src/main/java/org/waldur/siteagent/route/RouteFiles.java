package org.waldur.siteagent.route;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
    /** Of editors, patch, rpm, dpkg and ucf: what they leave beside a file is none of ours. */
    private static final List<String> LEFTOVERS = List.of("~", ".bak", ".orig", ".rej", ".swp", ".rpmnew", ".rpmsave", ".rpmorig",
            ".dpkg-dist", ".dpkg-old", ".dpkg-new", ".dpkg-tmp", ".dpkg-bak", ".dpkg-remove", ".ucf-dist", ".ucf-new", ".ucf-old");
    /** Camel is given patterns of paths, with commas between them, puts properties into them, and decodes what it finds as an address; nothing of it can be quoted. */
    private static final Pattern TAKEN_FOR_ANOTHER = Pattern.compile("[,*?+%]|\\{\\{");
    private static final Pattern NAME = Pattern.compile("(?m)^ +(?:id: *|uri: *direct:)([\\w-]+)");
    private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^(?=- )");

    /** A value that is cut by a #, though what follows was to be filled in. */
    private static final Pattern COMMENT = Pattern.compile("(?m)^ *[\\w-]+: [^\"'#|>\\n]+ #.*(\\$\\{|\\{\\{).*$");

    final List<Path> files = new ArrayList<>();
    /** The items of the lists that the files are. */
    final List<Entry> items = new ArrayList<>();
    /** Top-level entries: routes, routeConfigurations. */
    final List<Entry> top = new ArrayList<>();
    final List<Mistake> mistakes = new ArrayList<>();
    /** Files that are YAML, so that Camel can say something about them. */
    final Set<Path> readable = new HashSet<>();
    /** Files that nobody could look into. */
    final List<Path> closed = new ArrayList<>();
    /** Names in what is no YAML. They may be there once that is mended. */
    final Set<String> lost = new HashSet<>();

    RouteFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            mistakes.add(new Mistake(folder, 0, "there is no such folder of routes", "--routes with a folder of files that end in " + EXTENSION));
            return;
        }
        if (TAKEN_FOR_ANOTHER.matcher(folder.toString()).find()) {
            mistakes.add(new Mistake(folder, 0, "Camel takes a comma, '*', '?', '+', '%' or '{{' in a path for something else", "a folder without these in its path"));
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            all.sorted().forEach(this::look);
        }
        if (files.isEmpty()) {
            mistakes.add(new Mistake(folder, 0, "there is no route file in this folder", "files whose names end in " + EXTENSION));
        }
    }

    private void look(Path file) {
        String name = file.getFileName().toString();
        boolean yaml = name.toLowerCase(Locale.ROOT).matches(".*[.]ya?ml.*") || name.endsWith(".xml");
        boolean leftover = LEFTOVERS.stream().anyMatch(name::endsWith) || name.startsWith(".");
        if (Files.isDirectory(file)) {
            if (name.endsWith(EXTENSION) || holdsRoutes(file)) {
                mistakes.add(new Mistake(file, 0, "this is a folder, so nothing in it would be loaded", "files in the folder of routes itself"));
            }
        } else if (name.endsWith(EXTENSION) && TAKEN_FOR_ANOTHER.matcher(name).find()) {
            mistakes.add(new Mistake(file, 0, "Camel takes a comma, '*', '?', '+', '%' or '{{' in a name for something else", "a name without these"));
        } else if (name.endsWith(EXTENSION)) {
            files.add(file);
            read(file);
        } else if (yaml && !leftover) {
            mistakes.add(new Mistake(file, 0, "this file would not be loaded", "its name must end in " + EXTENSION));
        }
    }

    private static boolean holdsRoutes(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.anyMatch(file -> file.getFileName().toString().endsWith(EXTENSION));
        } catch (IOException e) {
            return false;
        }
    }

    private void read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            mistakes.add(new Mistake(file, 0, "this is not UTF-8 text", "save it as UTF-8"));
            lost(new String(bytes(file), StandardCharsets.ISO_8859_1));
            return;
        } catch (IOException e) {
            closed.add(file);
            mistakes.add(new Mistake(file, 0, "this file cannot be read: " + (e instanceof AccessDeniedException ? "the user " + System.getProperty("user.name") + " has no right to"
                    : e.getClass().getSimpleName()), "a file that the agent's user may read"));
            return;
        }
        if (text.strip().equals("\uFEFF") || text.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("---"))) {
            mistakes.add(new Mistake(file, 0, "the file is empty", "a list of routes, or no file"));
            return;
        }
        COMMENT.matcher(text).results().forEach(found -> mistakes.add(new Mistake(file, (int) text.substring(0, found.end()).lines().count(),
                "what follows the # is a comment, and not part of the text", "the whole text in quotes")));
        int before = mistakes.size();
        Optional<Node> whole = compose(file, text);
        if (whole.isPresent()) {
            readable.add(file);
            take(file, whole.get());
        } else {
            // the rest of the file shall not suffer from one mistake: each item of the list by itself, on its own lines
            List<Mistake> ofTheWhole = mistakes.subList(before, mistakes.size());
            List<Mistake> saved = List.copyOf(ofTheWhole);
            ofTheWhole.clear();
            int at = 0;
            for (String part : FIRST_COLUMN.split(text)) {
                Optional<Node> node = compose(file, "\n".repeat((int) text.substring(0, at).lines().count()) + part);
                node.filter(SequenceNode.class::isInstance).ifPresent(list -> take(file, list));
                if (node.isEmpty()) {
                    lost(part);
                }
                at += part.length();
            }
            if (mistakes.size() == before) {
                mistakes.addAll(saved);
            }
        }
    }

    private void lost(String text) {
        lost.add("");
        NAME.matcher(text).results().forEach(result -> lost.add(result.group(1)));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private Optional<Node> compose(Path file, String text) {
        try {
            Compose compose = new Compose(LoadSettings.builder().setLabel(file.toString()).setAllowDuplicateKeys(true).build());
            return compose.composeString(text);
        } catch (MarkedYamlEngineException e) {
            mistakes.add(new Mistake(file, e.getProblemMark().map(m -> m.getLine() + 1).orElse(0), "this is not YAML: " + e.getProblem(),
                    "look for a tab, a quote that is not closed, or wrong indentation, here or in the line above"));
        } catch (YamlEngineException e) {
            mistakes.add(new Mistake(file, 0, "this is not one YAML document: " + e.getMessage(), "no line '---' but the first"));
        }
        return Optional.empty();
    }

    private void take(Path file, Node node) {
        if (!(node instanceof SequenceNode)) {
            mistakes.add(new Mistake(file, Entry.lineOf(node), "the file is not a list, so it has no routes", "'- route:' in the first column"));
            return;
        }
        Entry list = Entry.of(file, "", 1, node);
        items.addAll(list.children());
        int before = top.size();
        list.children().forEach(item -> item.children().forEach(this::top));
        duplicateKeys(list);
        if (top.size() == before) {
            mistakes.add(new Mistake(file, 0, "the file has no route", "'- route:' or '- routeConfiguration:'"));
        }
    }

    private void top(Entry entry) {
        if (entry.key().equals("route") || entry.key().equals("routeConfiguration")) {
            top.add(entry);
        } else if (entry.key().equals("from")) {
            mistakes.add(entry.mistake("a route begins without '- route:'", "'- route:' with id, description and from"));
        }
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
