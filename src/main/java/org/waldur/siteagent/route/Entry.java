package org.waldur.siteagent.route;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A key of a route file with its value, and where it stands. The key of an item of a list is empty.
 *
 * @param children the entries of a map, or the items of a list; none for a text
 */
record Entry(Path file, String key, int line, Node value, List<Entry> children) {

    private static final Pattern DIRECT = Pattern.compile("direct:(?://)?([^?{]+)(?:\\?[^{]*)?$");

    static Entry of(Path file, String key, int line, Node value) {
        return new Entry(file, key, line, value, children(file, value));
    }

    private static List<Entry> children(Path file, Node value) {
        if (value instanceof MappingNode map) {
            return map.getValue().stream().map(tuple -> child(file, tuple)).toList();
        }
        if (value instanceof SequenceNode list) {
            return list.getValue().stream().map(item -> of(file, "", lineOf(item), item)).toList();
        }
        return List.of();
    }

    private static Entry child(Path file, NodeTuple tuple) {
        return of(file, tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "", lineOf(tuple.getKeyNode()), tuple.getValueNode());
    }

    static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    /** This entry and all beneath it, in the order of the text. */
    Stream<Entry> all() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(Entry::all));
    }

    Optional<Entry> get(String name) {
        // no stream: a check of the routes asks this more than anything else
        for (Entry child : children) {
            if (child.key().equals(name)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /** The text of a scalar; empty for anything else. */
    String text() {
        return value instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    String text(String name) {
        return get(name).map(Entry::text).orElse("");
    }

    /** A name that is called by {@code direct:NAME}; empty if this is no such address, or one that is only known when it is used. */
    String direct() {
        Matcher address = DIRECT.matcher(text());
        return address.lookingAt() ? address.group(1) : "";
    }

    Mistake mistake(String message, String advice) {
        return new Mistake(file, line, message, advice);
    }
}
