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

/** A key of a route file with its value, and where it stands. The key of an item of a list is empty. */
record Entry(Path file, String key, int line, Node value) {

    static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    /** The entries of a map, or the items of a list; none for a text. */
    List<Entry> children() {
        if (value instanceof MappingNode map) {
            return map.getValue().stream().map(this::child).toList();
        }
        if (value instanceof SequenceNode list) {
            return list.getValue().stream().map(item -> new Entry(file, "", lineOf(item), item)).toList();
        }
        return List.of();
    }

    private Entry child(NodeTuple tuple) {
        String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
        return new Entry(file, name, lineOf(tuple.getKeyNode()), tuple.getValueNode());
    }

    /** This entry and all beneath it, in the order of the text. */
    Stream<Entry> all() {
        return Stream.concat(Stream.of(this), children().stream().flatMap(Entry::all));
    }

    Optional<Entry> get(String name) {
        return children().stream().filter(child -> child.key().equals(name)).findFirst();
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
