package org.waldur.siteagent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The config as a JSON schema (draft 2020-12), for editors. It knows keys, kinds, bounds and choices. What depends on several keys, on
 * the environment or on other files only {@code check} can say.
 */
public final class ConfigSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final List<String> TOKENS = List.of("waldur_api_token", "waldur_api_token_file", "waldur_api_token_env", "waldur_api_token_credential");

    private ConfigSchema() {
    }

    /** The schema as text. */
    public static String text() {
        return node().toPrettyString() + "\n";
    }

    static ObjectNode node() {
        ObjectNode schema = JSON.createObjectNode().put("$schema", DRAFT).put("title", "waldur-site-agent-config.yaml")
                .put("description", "Config of the Waldur site agent. Made of the same table as its checks: waldur-site-agent config-schema");
        schema.setAll(place(Keys.GLOBAL));
        // a map at the top may be there only to be named by others with *
        schema.putObject("additionalProperties").putArray("type").add("object").add("array");
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("offering", offering());
        Arrays.stream(Keys.values()).filter(keys -> keys != Keys.GLOBAL).forEach(keys -> definitions.set(name(keys), place(keys)));
        ((ObjectNode) definitions.get(name(Keys.OFFERING))).set("oneOf", oneToken());
        return schema;
    }

    private static String name(Keys keys) {
        return keys == Keys.OFFERING ? "offering_of_slurm" : keys.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode reference(String name) {
        return JSON.createObjectNode().put("$ref", "#/$defs/" + name);
    }

    /** An offering with another backend, be it for one mode only, has keys that we do not know. */
    private static ObjectNode offering() {
        ObjectNode offering = JSON.createObjectNode().put("type", "object");
        ObjectNode backends = offering.putObject("if").putObject("properties");
        Keys.OFFERING.used().stream().filter(key -> key.kind().filter(Kind.BACKEND::equals).isPresent()).forEach(key -> {
            ObjectNode other = backends.putObject(key.name()).putObject("not").put("type", "string").put("pattern", "\\S");
            other.putObject("not").put("pattern", SchemaValue.whole(SchemaValue.anyCase("slurm"), false));
        });
        offering.set("then", reference(name(Keys.OFFERING)));
        return offering;
    }

    private static ArrayNode oneToken() {
        ArrayNode one = JSON.createArrayNode();
        for (String key : TOKENS) {
            ObjectNode given = one.addObject();
            given.putArray("required").add(key);
            ArrayNode absent = given.putObject("properties").putObject(key).putObject("not").putArray("anyOf");
            absent.addObject().put("type", "null");
            absent.addObject().put("type", "string").put("pattern", "^\\s*$");
        }
        return one;
    }

    private static ObjectNode place(Keys keys) {
        ObjectNode place = JSON.createObjectNode();
        place.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = place.putObject("properties");
        keys.all().forEach(key -> properties.set(key.name(), key(key)));
        List<String> needed = keys.used().stream().filter(Key::isNeeded).map(Key::name).toList();
        if (!needed.isEmpty()) {
            needed.forEach(place.putArray("required")::add);
        }
        return place;
    }

    private static ObjectNode key(Key key) {
        ObjectNode node = JSON.createObjectNode();
        // the last is a word of yaml-language-server's; its deprecationMessage would be shown as a mistake, which such a key is not
        key.unused().ifPresentOrElse(consequence -> node.put("description", "Not used by this version: " + consequence + ".").put("deprecated", true).put("doNotSuggest", true),
                () -> node.put("description", description(key)));
        key.kind().ifPresent(kind -> node.setAll(value(key, kind)));
        key.fallback().ifPresent(text -> node.set("default", SchemaValue.literal(key, text)));
        if (!key.example().isBlank() && !key.example().equals("\"\"")) {
            node.putArray("examples").add(SchemaValue.literal(key, key.example()));
        }
        return node;
    }

    private static String description(Key key) {
        String meaning = key.meaning().replace("**", "");
        boolean more = key.fallback().isEmpty() && !key.otherwise().isEmpty();
        return Stream.of(meaning, more ? "Default: " + key.otherwise() : "").filter(text -> !text.isEmpty()).reduce((a, b) -> a + ". " + b).orElse("");
    }

    private static ObjectNode value(Key key, Kind kind) {
        ObjectNode node = JSON.createObjectNode();
        return switch (kind) {
            case MAP -> place(key, reference(name(key.keys().orElseThrow())));
            case LIST -> {
                node.put("type", "array").put("minItems", 1).set("items", reference("offering"));
                yield node;
            }
            case COMPONENTS -> {
                node.put("type", "object").put("minProperties", 1);
                names(node).set("additionalProperties", reference(name(key.keys().orElseThrow())));
                yield node;
            }
            case FACTORS -> factors();
            default -> SchemaValue.of(key, kind);
        };
    }

    /** A map that may be left empty if it is not needed. */
    private static ObjectNode place(Key key, ObjectNode map) {
        if (key.isNeeded()) {
            return map;
        }
        ObjectNode node = JSON.createObjectNode();
        node.putArray("anyOf").add(map).addObject().put("type", "null");
        return node;
    }

    private static ObjectNode names(ObjectNode map) {
        map.putObject("propertyNames").put("pattern", "^" + Kind.COMPONENT_NAME.pattern() + "$");
        return map;
    }

    private static ObjectNode factors() {
        ObjectNode node = JSON.createObjectNode();
        node.putArray("type").add("object").add("null");
        ArrayNode either = names(node).putObject("additionalProperties").putArray("anyOf");
        JsonNode factor = SchemaValue.factor();
        either.add(factor);
        ObjectNode map = either.addObject().put("type", "object").put("additionalProperties", false);
        map.putObject("properties").set("factor", factor);
        map.putArray("required").add("factor");
        return node;
    }
}
