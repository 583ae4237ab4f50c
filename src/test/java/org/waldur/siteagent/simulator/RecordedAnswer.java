package org.waldur.siteagent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands beneath a call of the transcript: its body, as far as it was written down, and what was noted about it.
 *
 * @param call    the code, method, path and body of the call
 * @param count   {@code X-Result-Count}; empty if it was not noted
 * @param keys    the fields of each row, as JSON; empty if they were not noted
 * @param body    empty if there was none
 */
record RecordedAnswer(String call, String count, String keys, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIRST_ROW = Pattern.compile("\\[(\\{[^{}]*}).*");
    private static final Set<String> COMPARED = Set.of("state", "type", "error_message", "backend_id", "detail", "status", "limits", "current_usages", "usage",
            "username", "billing_period", "recurring", "measured_unit", "component_type", "component_usage", "version", "name");

    /** @param below the lines after the call */
    static RecordedAnswer of(String call, List<String> below) {
        String count = "";
        String keys = "";
        String body = "";
        for (String line : below) {
            String text = line.strip();
            if (!line.startsWith("    ") || text.startsWith("root has") || text.startsWith("component:")) {
                break;
            }
            count = text.startsWith("X-Result-Count: ") ? text.substring(16) : count;
            keys = text.startsWith("keys: ") ? text.substring(6) : keys;
            body = body.isEmpty() && text.matches("[<{\\[].*") && !text.equals("<empty body>") ? text : body;
        }
        return new RecordedAnswer(call, count, keys, body);
    }

    /** The first row of a list that is cut, and what is whole as it is; null if nothing can be read. */
    private JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            Matcher first = FIRST_ROW.matcher(body);
            try {
                return first.matches() ? JSON.createArrayNode().add(JSON.readTree(first.group(1))) : null;
            } catch (JsonProcessingException nothing) {
                return null;
            }
        }
    }

    /** Theirs and ours, of rows that stand at the same place. */
    List<String[]> uuids(HttpResponse<String> reply) throws JsonProcessingException {
        List<String[]> pairs = new ArrayList<>();
        Matcher theirs = Pattern.compile("\"uuid\": \"([0-9a-f]{32})\"").matcher(body.startsWith("[") ? body : "");
        Matcher ours = Pattern.compile("\"uuid\":\"([0-9a-f]{32})\"").matcher(reply.body());
        while (theirs.find() && ours.find()) {
            pairs.add(new String[] {theirs.group(1), ours.group(1)});
        }
        return pairs;
    }

    List<String> differences(HttpResponse<String> reply) throws JsonProcessingException {
        if (!call.startsWith(String.valueOf(reply.statusCode()))) {
            return List.of(call + " is answered with " + reply.statusCode() + " " + reply.body());
        }
        if (body.startsWith("<HTML") && reply.body().startsWith("{")) {
            return List.of(call + " is answered with JSON and not with a page");
        }
        JsonNode theirs = json();
        if (body.startsWith("<") || theirs == null) {
            return List.of();
        }
        JsonNode ours = JSON.readTree(reply.body());
        List<String> differences = new ArrayList<>();
        if (reply.statusCode() == 400 && call.contains("/api/marketplace-component-usages/")) {
            return ours.equals(theirs) ? List.of() : List.of(call + " is refused with " + ours + " and was with " + theirs);
        }
        if (theirs.isArray()) {
            lists(theirs, ours, reply, differences);
        } else {
            rows(theirs, ours, reply.statusCode() == 400, differences);
        }
        return differences;
    }

    private void lists(JsonNode theirs, JsonNode ours, HttpResponse<String> reply, List<String> differences) throws JsonProcessingException {
        if (!count.isEmpty() && !reply.headers().firstValue("X-Result-Count").orElse("").equals(count)) {
            differences.add(call + " counts " + reply.headers().firstValue("X-Result-Count") + " and was " + count);
        } else if (!ours.isArray() || ours.size() < theirs.size() || isWhole() && ours.size() > theirs.size()) {
            differences.add(call + " has other rows: " + ours);
        } else {
            for (int i = 0; i < theirs.size(); i++) {
                rows(theirs.get(i), ours.get(i), false, differences);
            }
            Set<String> fields = new TreeSet<>();
            ours.path(0).fieldNames().forEachRemaining(fields::add);
            if (!keys.isEmpty() && !JSON.readTree(keys).equals(JSON.valueToTree(fields))) {
                differences.add(call + " has the fields " + fields + " and had " + keys);
            }
        }
    }

    private boolean isWhole() {
        return body.endsWith("]") && !body.endsWith("chars]");
    }

    private void rows(JsonNode theirs, JsonNode ours, boolean refused, List<String> differences) {
        theirs.fields().forEachRemaining(field -> {
            JsonNode has = ours.path(field.getKey());
            boolean told = refused && !has.isMissingNode();
            if (COMPARED.contains(field.getKey()) && !field.getValue().asText().equals("<absent>") && !told && !has.equals(field.getValue())) {
                differences.add(call + ": " + field.getKey() + " is " + has + " and was " + field.getValue() + " in " + ours);
            }
        });
    }
}
