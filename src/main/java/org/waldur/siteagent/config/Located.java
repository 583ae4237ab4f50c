package org.waldur.siteagent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a YAML file that knows its key path and its line. It adds what is wrong about it to the findings, and goes on. */
public final class Located {
    /** What YAML 1.1, which the Python agent reads, takes for true and false. */
    static final Set<String> ON = Set.of("true", "yes", "on", "1");
    static final Set<String> OFF = Set.of("false", "no", "off", "0");

    private static final String MERGE = "<<";

    private final Node node;
    private final String path;
    private final Findings findings;

    Located(Node node, String path, Findings findings) {
        this.node = node;
        this.path = path;
        this.findings = findings;
    }

    public String path() {
        return path;
    }

    public int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** Adds a mistake: what is wrong here, and what would be right. */
    public void wrong(String wrong, String right) {
        findings.wrong(node, new Mistake(line(), path, wrong, right));
    }

    /** Adds a warning about a key, or several, of a map. */
    void warn(String map, String text) {
        findings.warn(node, line(), map, text);
    }

    public boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Whether it is no more than the absence of a feature: empty, false, or a map with {@code enabled: false}. */
    boolean isOff() {
        if (node instanceof MappingNode) {
            Located enabled = map().get("enabled");
            return enabled != null && enabled.isOff();
        }
        return isNull() || isScalar() && (text().isBlank() || OFF.contains(text().toLowerCase(Locale.ROOT)));
    }

    /** Whether other parts of the file can name this one, or something in it, with {@code *}. */
    boolean isAnchored() {
        return anchored(node);
    }

    private static boolean anchored(Node node) {
        if (node.getAnchor().isPresent()) {
            return true;
        }
        return node instanceof MappingNode map ? map.getValue().stream().anyMatch(t -> anchored(t.getValueNode()))
                : node instanceof SequenceNode list && list.getValue().stream().anyMatch(Located::anchored);
    }

    public boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** The text of a scalar as it stands in the file, so that no number passes through binary floating point. */
    public String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /**
     * The entries of a map, those that are merged into it with {@code <<} last; a key that is there twice is a mistake. Empty, with a
     * mistake, if this is no map.
     */
    public Map<String, Located> map() {
        Map<String, Located> entries = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        if (!(node instanceof MappingNode mapping)) {
            if (!isNull()) {
                wrong("a map of keys belongs here", "KEY: VALUE on lines of their own");
            }
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            Located value = under(key, tuple.getValueNode());
            if (key.equals(MERGE)) {
                merged.add(tuple.getValueNode());
            } else if (entries.putIfAbsent(key, value) != null) {
                value.wrong("the key is there twice", "one of the two, line " + entries.get(key).line() + " has the other");
            }
        }
        merged.forEach(each -> merge(each, entries, new ArrayList<>(List.of(node))));
        return entries;
    }

    private Located under(String key, Node value) {
        return new Located(value, path.isEmpty() ? key : path + "." + key, findings);
    }

    /** YAML's merge key: a map, or a list of maps, whose keys count where the map has none of its own. */
    private void merge(Node from, Map<String, Located> entries, List<Node> way) {
        if (from instanceof SequenceNode list) {
            list.getValue().forEach(each -> merge(each, entries, way));
        } else if (!(from instanceof MappingNode map) || way.contains(from)) {
            under(MERGE, from).wrong("only another map can be merged", "<<: *NAME, where another map is marked with &NAME");
        } else {
            way.add(from);
            for (NodeTuple tuple : map.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                if (key.equals(MERGE)) {
                    merge(tuple.getValueNode(), entries, way);
                } else {
                    entries.putIfAbsent(key, under(key, tuple.getValueNode()));
                }
            }
            way.remove(from);
        }
    }

    /** The items of a list. Empty, with a mistake, if this is no list. */
    public List<Located> list() {
        List<Located> items = new ArrayList<>();
        if (!(node instanceof SequenceNode sequence)) {
            wrong("a list belongs here", "items that begin with '- '");
            return items;
        }
        for (Node item : sequence.getValue()) {
            items.add(new Located(item, path + "[" + items.size() + "]", findings));
        }
        return items;
    }
}
