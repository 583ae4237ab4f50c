package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What Waldur's REST API allows: an extract of its own OpenAPI description, and an overlay for what that lacks. What a real server
 * refuses is refused here; what it would silently ignore (a filter, a field that it does not have) is a mistake of ours all the same.
 */
final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** The server makes 10 or 300 rows of any page size, and says "Invalid page." itself. */
    private static final Set<String> PAGING = Set.of("page", "page_size");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4,
            builder -> builder.metaSchema(OpenApi30.getInstance()).defaultMetaSchemaIri(OpenApi30.getInstance().getIri()));
    /** Waldur writes uuids without dashes, and leaves some dates and links empty. */
    private static final SchemaValidatorsConfig WITHOUT_FORMATS = SchemaValidatorsConfig.builder().formatAssertionsEnabled(false).build();

    private final JsonNode document;
    private final Map<Pattern, JsonNode> paths = new LinkedHashMap<>();
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    private Contract(JsonNode document) {
        this.document = document;
        document.path("paths").fields().forEachRemaining(path ->
                paths.put(Pattern.compile(path.getKey().replaceFirst("^/api/", "").replaceAll("\\{\\w+}", "[^/]+")), path.getValue()));
    }

    static Contract read() {
        JsonNode document = yaml("waldur-api-8.0.5.yaml");
        overlay((ObjectNode) document, yaml("waldur-api-overlay.yaml"));
        return new Contract(document);
    }

    private static JsonNode yaml(String resource) {
        try (InputStream in = Contract.class.getResourceAsStream(resource)) {
            return JSON.valueToTree(new Load(LoadSettings.builder().setMaxAliasesForCollections(100).build()).loadFromInputStream(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void overlay(ObjectNode below, JsonNode above) {
        above.fields().forEachRemaining(field -> {
            if (field.getValue().isObject() && below.path(field.getKey()).isObject()) {
                overlay((ObjectNode) below.get(field.getKey()), field.getValue());
            } else {
                below.set(field.getKey(), field.getValue());
            }
        });
    }

    /** How a server refuses a request; empty if the contract allows it. {@code body} is null if there is none. */
    Optional<Reply> refusal(WaldurRequest request, JsonNode body) {
        Optional<JsonNode> path = path(request);
        if (path.isEmpty()) {
            return Optional.of(Reply.notFoundPage());
        }
        JsonNode operation = path.get().path(request.method().toLowerCase(java.util.Locale.ROOT));
        if (operation.isMissingNode()) {
            return Optional.of(Reply.of(405, Map.of("detail", "Method \"" + request.method() + "\" not allowed.")));
        }
        Map<String, List<String>> wrong = wrongFilters(operation, request);
        JsonNode schema = operation.path("requestBody").path("content").path("application/json").path("schema");
        if (wrong.isEmpty() && body != null && !schema.isMissingNode()) {
            if (!body.isObject()) {
                return Optional.of(Reply.of(400, Map.of("non_field_errors", List.of("Invalid data. Expected a dictionary, but got list."))));
            }
            for (ValidationMessage message : schema(schema).validate(body)) {
                wrong.computeIfAbsent(field(message), f -> new ArrayList<>()).add(message.getMessage());
            }
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(Reply.of(400, wrong));
    }

    /** What a server would ignore without a word: filters, fields and keys of the body that the contract does not have. */
    Set<String> ignored(WaldurRequest request, JsonNode body) {
        JsonNode operation = path(request).map(p -> p.path(request.method().toLowerCase(java.util.Locale.ROOT))).orElse(JSON.nullNode());
        Set<String> ignored = new TreeSet<>();
        request.query().forEach((name, values) -> {
            JsonNode parameter = parameter(operation, name);
            Set<String> choices = choices(parameter);
            if (parameter.isMissingNode() && !PAGING.contains(name)) {
                ignored.add(name);
            } else if (name.equals("field")) {
                values.stream().filter(v -> !choices.isEmpty() && !choices.contains(v)).forEach(v -> ignored.add("field=" + v));
            }
        });
        JsonNode schema = resolve(operation.path("requestBody").path("content").path("application/json").path("schema"));
        JsonNode properties = schema.path("properties");
        if (body != null && body.isObject() && !schema.has("additionalProperties")) {
            body.fieldNames().forEachRemaining(key -> {
                if (!properties.has(key)) {
                    ignored.add("body." + key);
                }
            });
        }
        return ignored;
    }

    /** What is not as the contract says in an answer of ours: types, choices, and fields that the contract does not have. */
    List<String> mistakes(WaldurRequest request, Reply reply) {
        List<String> mistakes = new ArrayList<>();
        JsonNode response = path(request).map(p -> p.path(request.method().toLowerCase(java.util.Locale.ROOT)).path("responses")).orElse(JSON.nullNode());
        if (reply.code() >= 300 || response.isNull()) {
            return mistakes;
        }
        JsonNode declared = response.path(String.valueOf(reply.code()));
        if (declared.isMissingNode()) {
            mistakes.add("code " + reply.code());
        }
        JsonNode schema = declared.path("content").path("application/json").path("schema");
        if (schema.isMissingNode() || reply.body() == null || reply.body() instanceof String) {
            return mistakes;
        }
        JsonNode body = JSON.valueToTree(reply.body());
        schema(schema).validate(body).stream().filter(m -> !m.getType().equals("required")).forEach(m -> mistakes.add(m.toString()));
        JsonNode row = resolve(schema.path("type").asText().equals("array") ? schema.path("items") : schema);
        for (JsonNode each : body.isArray() ? body : JSON.createArrayNode().add(body)) {
            each.fieldNames().forEachRemaining(key -> {
                if (row.has("properties") && !row.path("properties").has(key)) {
                    mistakes.add("field " + key);
                }
            });
        }
        return mistakes;
    }

    private Optional<JsonNode> path(WaldurRequest request) {
        return paths.entrySet().stream().filter(p -> p.getKey().matcher(request.path()).matches()).map(Map.Entry::getValue).findFirst();
    }

    private Map<String, List<String>> wrongFilters(JsonNode operation, WaldurRequest request) {
        Map<String, List<String>> wrong = new TreeMap<>();
        request.query().forEach((name, values) -> {
            JsonNode parameter = parameter(operation, name);
            boolean commas = !parameter.path("explode").asBoolean(true);
            Set<String> choices = name.equals("field") ? Set.of() : choices(parameter);
            for (String value : values) {
                for (String each : commas ? value.split(",", -1) : new String[] {value}) {
                    if (!choices.isEmpty() && !choices.contains(each)) {
                        wrong.put(name, List.of("Select a valid choice. " + each + " is not one of the available choices."));
                    }
                }
                wrongValue(parameter.path("schema"), value).ifPresent(why -> wrong.put(name, List.of(why)));
            }
        });
        return wrong;
    }

    private static Optional<String> wrongValue(JsonNode schema, String value) {
        String format = schema.path("format").asText();
        if (format.equals("uuid") && !UUID.matcher(value).matches()) {
            return Optional.of("Enter a valid UUID.");
        }
        if (format.equals("date") && !value.matches("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])")) {
            return Optional.of("Enter a valid date.");
        }
        return schema.path("type").asText().equals("number") && !value.matches("-?\\d+(\\.\\d+)?") ? Optional.of("Enter a number.") : Optional.empty();
    }

    private JsonNode parameter(JsonNode operation, String name) {
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode resolved = resolve(parameter);
            if (resolved.path("in").asText().equals("query") && resolved.path("name").asText().equals(name)) {
                return resolved;
            }
        }
        return JSON.missingNode();
    }

    private Set<String> choices(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        JsonNode choices = resolve(schema.path("type").asText().equals("array") ? schema.path("items") : schema).path("enum");
        Set<String> all = new TreeSet<>();
        choices.forEach(choice -> all.add(choice.asText()));
        return all;
    }

    private JsonNode resolve(JsonNode node) {
        JsonNode reference = node.has("allOf") ? node.path("allOf").path(0).path("$ref") : node.path("$ref");
        return reference.isMissingNode() ? node : document.at(reference.asText().substring(1));
    }

    private JsonSchema schema(JsonNode schema) {
        return schemas.computeIfAbsent(schema, s -> {
            ObjectNode root = JSON.createObjectNode();
            root.set("allOf", ((ArrayNode) JSON.createArrayNode()).add(s));
            root.set("components", document.path("components"));
            return SCHEMAS.getSchema(root, WITHOUT_FORMATS);
        });
    }

    private static String field(ValidationMessage message) {
        String at = message.getInstanceLocation().toString().replaceFirst("^/", "");
        String field = message.getProperty() != null && message.getType().equals("required") ? message.getProperty() : at;
        return field.isEmpty() ? "non_field_errors" : field;
    }
}
