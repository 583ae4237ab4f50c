package org.waldur.siteagent.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.waldur.siteagent.text.Nearest;

/**
 * All keys that are misspelt, missing or in the wrong place, by the schema that Camel brings. Camel itself names the first one only, so
 * this is asked where Camel has refused something. It reads half a megabyte, which a good file need not wait for.
 */
final class Shape {
    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode definitions;
    private final List<Mistake> mistakes = new ArrayList<>();

    private Shape(JsonNode definitions) {
        this.definitions = definitions;
    }

    static List<Mistake> mistakes(List<Entry> items) throws IOException {
        try (InputStream schema = Shape.class.getResourceAsStream(SCHEMA)) {
            JsonNode item = JSON.readTree(schema).path("items");
            Shape shape = new Shape(item.path("definitions"));
            items.forEach(entry -> shape.look(entry, item));
            return shape.mistakes;
        }
    }

    private JsonNode resolve(JsonNode schema) {
        String ref = schema.path("$ref").asText("");
        return ref.isEmpty() ? schema : resolve(definitions.path(ref.substring(ref.lastIndexOf('/') + 1)));
    }

    private void look(Entry entry, JsonNode reference) {
        JsonNode schema = resolve(reference);
        String type = schema.path("type").asText("");
        if (schema.has("oneOf")) {
            // either a text, or a map
            for (JsonNode either : schema.path("oneOf")) {
                boolean object = resolve(either).path("type").asText("").equals("object");
                if (object == entry.value() instanceof MappingNode) {
                    look(entry, either);
                    return;
                }
            }
        }
        if (entry.value() instanceof MappingNode && (type.equals("object") || schema.has("properties"))) {
            map(entry, schema);
        } else if (entry.value() instanceof SequenceNode && type.equals("array")) {
            entry.children().forEach(item -> look(item, schema.path("items")));
        } else if (type.equals("array") || type.equals("object") && !schema.has("oneOf") && !isEmpty(entry)) {
            mistakes.add(entry.mistake(name(entry) + " is " + kind(entry) + ", and should be " + (type.equals("array") ? "a list" : "a map"),
                    type.equals("array") ? "each item on a line that begins with '- '" : "its keys beneath it, further to the right, without '- '"));
        }
    }

    private static boolean isEmpty(Entry entry) {
        return entry.value() instanceof ScalarNode && entry.text().isEmpty();
    }

    private static String name(Entry entry) {
        return entry.key().isEmpty() ? "this item" : entry.key();
    }

    private static String kind(Entry entry) {
        return entry.value() instanceof MappingNode ? "a map" : entry.value() instanceof SequenceNode ? "a list" : entry.text().isEmpty() ? "empty" : "a text";
    }

    private void map(Entry entry, JsonNode schema) {
        JsonNode properties = schema.path("properties");
        boolean inline = schema.path("anyOf").isArray();
        Set<String> known = new TreeSet<>();
        properties.fieldNames().forEachRemaining(known::add);
        JsonNode expressions = resolve(definitions.path("org.apache.camel.model.language.ExpressionDefinition")).path("properties");
        for (Entry child : entry.children()) {
            if (properties.has(child.key())) {
                look(child, properties.path(child.key()));
            } else if (inline && expressions.has(child.key())) {
                look(child, expressions.path(child.key()));
            } else if (!known.isEmpty()) {
                mistakes.add(child.mistake((entry.key().isEmpty() ? "there is no step " : "there is no key ") + child.key() + (entry.key().isEmpty() ? "" : " in " + entry.key()),
                        "the nearest is " + Nearest.of(child.key(), known)));
            }
        }
        if (schema.path("maxProperties").asInt(0) == 1 && entry.children().size() > 1) {
            mistakes.add(entry.children().get(1).mistake("two steps in one item of the list: " + entry.children().stream().map(Entry::key).toList(),
                    "'- ' before each, and the keys of a step further to the right than its name"));
        }
        schema.path("required").forEach(key -> {
            if (entry.get(key.asText()).isEmpty()) {
                mistakes.add(entry.mistake(name(entry) + " has no " + key.asText(), key.asText() + ": and its value"));
            }
        });
    }
}
