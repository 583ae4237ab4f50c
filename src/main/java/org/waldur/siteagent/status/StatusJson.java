package org.waldur.siteagent.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The status for programs. Moments are UTC as in ISO 8601, ages are seconds; what is not there is null. */
public final class StatusJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private StatusJson() {
    }

    /** One object. */
    public static String of(Status status) {
        ObjectNode json = JSON.createObjectNode().put("at", status.at().truncatedTo(ChronoUnit.SECONDS).toString()).put("state", status.state().toString());
        ArrayNode modes = json.putArray("modes");
        status.modes().forEach(mode -> {
            ObjectNode one = modes.addObject().put("mode", mode.mode().key()).put("state", mode.state().toString());
            one.put("age", mode.age().map(Duration::toSeconds).orElse(null));
            one.put("running", mode.cycles().map(CycleStatus::running).filter(since -> !since.isEmpty()).orElse(null));
            one.set("last", JSON.valueToTree(mode.last().orElse(null)));
        });
        json.set("deadLetters", JSON.valueToTree(status.letters()));
        try {
            return JSON.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }
}
