package org.waldur.siteagent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A line of the audit file, as far as it is the end of a command. What cannot be read names nobody. */
record AuditLine(JsonNode line) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static AuditLine of(String text) {
        try {
            return new AuditLine(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return new AuditLine(MissingNode.getInstance());
        }
    }

    /** Whether the command has ended, and one of its arguments is this name, or a list with it. */
    boolean names(String name) {
        return line.path("when").asText().equals("after") && words().stream().map(word -> word.substring(word.indexOf('=') + 1))
                .flatMap(word -> Stream.of(word.split(","))).anyMatch(name::equalsIgnoreCase);
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        line.path("argv").forEach(word -> words.add(word.asText()));
        return words;
    }

    /** When, what, how it ended, and by which plan. */
    String text() {
        List<String> words = words();
        int program = Math.max(0, words.stream().map(word -> word.endsWith("/sacctmgr")).toList().indexOf(true));
        return line.path("time").asText() + "  " + String.join(" ", words.subList(program, words.size())).replaceFirst("^\\S*/", "") + "  (exit code " + line.path("result").asText()
                + ", plan " + line.path("plan").asText("-") + ")";
    }
}
