package org.waldur.siteagent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a YAML file that knows its key path and its line. It adds what is wrong about it to a list, and goes on. */
final class Located {
    private final Node node;
    private final String path;
    private final List<Mistake> mistakes;

    Located(Node node, String path, List<Mistake> mistakes) {
        this.node = node;
        this.path = path;
        this.mistakes = mistakes;
    }

    String path() {
        return path;
    }

    int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** Adds a mistake: what is wrong here, and what would be right. */
    void wrong(String wrong, String right) {
        mistakes.add(new Mistake(line(), path, wrong, right));
    }

    boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** The text of a scalar as it stands in the file, so that no number passes through binary floating point. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The value for a field that is passed on: text, number, boolean. */
    Object plain() {
        if (node.getTag().equals(Tag.BOOL)) {
            return Boolean.valueOf(text());
        }
        if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
            return new java.math.BigDecimal(text());
        }
        return isNull() ? null : text();
    }

    /** The entries of a map; a key that is there twice is a mistake. Empty, with a mistake, if this is no map. */
    Map<String, Located> map() {
        Map<String, Located> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            if (!isNull()) {
                wrong("a map of keys belongs here", "KEY: VALUE on lines of their own");
            }
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            Located value = new Located(tuple.getValueNode(), path.isEmpty() ? key : path + "." + key, mistakes);
            if (entries.putIfAbsent(key, value) != null) {
                value.wrong("the key is there twice", "one of the two, line " + entries.get(key).line() + " has the other");
            }
        }
        return entries;
    }

    /** The items of a list. Empty, with a mistake, if this is no list. */
    List<Located> list() {
        List<Located> items = new ArrayList<>();
        if (!(node instanceof SequenceNode sequence)) {
            wrong("a list belongs here", "items that begin with '- '");
            return items;
        }
        for (Node item : sequence.getValue()) {
            items.add(new Located(item, path + "[" + items.size() + "]", mistakes));
        }
        return items;
    }
}
