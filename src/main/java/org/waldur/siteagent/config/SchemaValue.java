package org.waldur.siteagent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One value of the config in JSON schema. The agent takes every scalar as the text that stands in the file; an editor has made numbers and
 * booleans of some by then, so those are allowed where their text would be.
 */
final class SchemaValue {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTROL = "\\u0000-\\u001f\\u007f-\\u009f";
    private static final String LINE = "[^\\s" + CONTROL + "][^" + CONTROL + "]*";
    private static final String NUMBER = "[+-]?[0-9_]*\\.?[0-9_]*([eE][+-]?[0-9]+)?";
    private static final String WHOLE = "[+]?[0-9_]+(\\.0*)?([eE][+]?[0-9]+)?";
    /** More digits than this the agent does not take for meant. */
    private static final BigDecimal BEYOND = new BigDecimal("1e30");
    /** The largest mode that umask(1) takes, read as if it were decimal, as YAML does. */
    private static final int UMASK = 777;

    private SchemaValue() {
    }

    static ObjectNode of(Key key, Kind kind) {
        return switch (kind) {
            case FLAG -> bounded(node(key, choice(Stream.concat(Located.ON.stream(), Located.OFF.stream()).sorted()), "boolean", "string", "integer"), 0, 1);
            case CHOICE, BACKEND -> choices(key, kind);
            case WHOLE -> bounds(key, node(key, WHOLE, "integer", "string"));
            case NUMBER -> bounds(key, node(key, NUMBER, "number", "string"));
            case UMASK -> bounded(node(key, pattern(kind), "string", "integer"), 0, UMASK);
            case ACCOUNT, NAME -> node(key, pattern(kind), "string", "number").put("minimum", 0);
            case TEXT, ZONE -> node(key, LINE, "string", "number", "boolean");
            default -> node(key, pattern(kind), "string");
        };
    }

    private static String pattern(Kind kind) {
        return kind.pattern().orElseThrow().pattern();
    }

    /** A factor of a TRES. */
    static ObjectNode factor() {
        ObjectNode node = JSON.createObjectNode();
        node.putArray("type").add("number").add("string");
        return node.put("exclusiveMinimum", 0).put("maximum", BEYOND).put("pattern", whole(NUMBER, true));
    }

    private static ObjectNode node(Key key, String pattern, String... types) {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode type = node.putArray("type");
        Stream.of(types).forEach(type::add);
        if (!key.isNeeded()) {
            type.add("null");
        }
        node.put("pattern", whole(pattern, key.isNeeded()));
        // a word of yaml-language-server's, which shows the pattern otherwise
        key.kind().map(kind -> kind.right(key.example())).filter(right -> !right.isEmpty()).ifPresent(right -> node.put("patternErrorMessage", "right would be: " + right));
        return node;
    }

    private static ObjectNode bounds(Key key, ObjectNode node) {
        key.least().ifPresent(least -> node.put("minimum", least));
        key.above().ifPresent(above -> node.put("exclusiveMinimum", above));
        return node.put("maximum", key.most().orElse(key.kind().filter(Kind.WHOLE::equals).isPresent() ? BigDecimal.valueOf(Integer.MAX_VALUE) : BEYOND));
    }

    private static ObjectNode bounded(ObjectNode node, int least, int most) {
        return node.put("minimum", least).put("maximum", most);
    }

    /** An editor offers the words as they are; the agent takes them in capital letters, too. */
    private static ObjectNode choices(Key key, Kind kind) {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode either = node.putArray("anyOf");
        List<String> words = kind == Kind.BACKEND ? List.of("slurm") : key.choices();
        words.forEach(either.addObject().putArray("enum")::add);
        either.add(node(key, choice(words.stream()), "string"));
        return node;
    }

    private static String choice(Stream<String> words) {
        return words.map(SchemaValue::anyCase).collect(Collectors.joining("|"));
    }

    /** A word in small or capital letters, in a language without flags. */
    static String anyCase(String word) {
        return word.chars().mapToObj(c -> Character.isLetter(c) ? "[" + Character.toUpperCase((char) c) + (char) c + "]" : String.valueOf((char) c)).collect(Collectors.joining());
    }

    /** A pattern for a whole value, with blanks around it. */
    static String whole(String pattern, boolean needed) {
        return "^\\s*(?:" + pattern + ")" + (needed ? "" : "?") + "\\s*$";
    }

    /** A value of a key as an editor would read it. */
    static JsonNode literal(Key key, String text) {
        boolean plain = key.kind().filter(kind -> kind == Kind.FLAG || kind == Kind.WHOLE || kind == Kind.NUMBER || kind == Kind.FACTORS).isPresent();
        return plain ? JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text)) : JSON.getNodeFactory().textNode(text.replace("\"", ""));
    }
}
