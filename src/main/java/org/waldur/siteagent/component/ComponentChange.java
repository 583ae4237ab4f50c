package org.waldur.siteagent.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/**
 * A component of an offering that is to be created or updated in Waldur.
 *
 * @param action  the endpoint: {@code create_offering_component} or {@code update_offering_component}
 * @param body    the whole component, as the endpoint wants it
 * @param changed field to "old -> new"; for a new component its fields
 */
public record ComponentChange(String action, String type, Map<String, Object> body, Map<String, String> changed) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public String json() {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a component is JSON", e);
        }
    }

    /** For people: the component and what changes, a line each. */
    public String text() {
        StringBuilder text = new StringBuilder(action.startsWith("create") ? "+ " : "~ ").append(type).append('\n');
        new TreeMap<>(changed).forEach((field, change) -> text.append("    ").append(field).append(": ").append(change).append('\n'));
        return text.toString();
    }
}
