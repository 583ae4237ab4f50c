package org.waldur.siteagent.route;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        return children.stream().filter(child -> child.key().equals(name)).findFirst();
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
        String name = text().startsWith("direct:") ? text().substring("direct:".length()).replaceFirst("^//", "").replaceFirst("\\?.*", "") : "";
        return name.contains("{") ? "" : name;
    }

    Mistake mistake(String message, String advice) {
        return new Mistake(file, line, message, advice);
    }
}
