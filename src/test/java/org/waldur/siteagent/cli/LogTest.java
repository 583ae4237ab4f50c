package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a process says in its log, as it is shipped. */
class LogTest extends SiteTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private List<String> log() throws IOException, InterruptedException {
        // the log as it is shipped, and not that of tests
        site.environment("JDK_JAVA_OPTIONS", "-Dlogback.configurationFile=logback.xml");
        Process process = site.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(site.log()).stream().filter(line -> !line.startsWith("NOTE: Picked up")).toList();
    }

    private List<JsonNode> audit() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(site.stateDir().resolve("audit.jsonl"))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void oneIdLeadsFromAnOrderToItsCommandsAndRequests() throws IOException, InterruptedException {
        String order = create("One");
        site.environment(LogFormat.VARIABLE, "json");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log()) {
            lines.add(JSON.readTree(line));
        }
        assertThat(state(order)).isEqualTo("done");
        List<JsonNode> writes = lines.stream().filter(line -> line.path("loggerName").asText().equals("writes")).toList();
        Set<String> cycles = writes.stream().map(line -> line.path("mdc").path("cycle").asText()).collect(Collectors.toSet());
        assertThat(cycles).singleElement().asString().matches("order_process-[0-9a-f]{6}");
        assertThat(writes).filteredOn(line -> line.toString().contains(order)).extracting(line -> line.path("formattedMessage").asText())
                .anyMatch(text -> text.contains("sacctmgr")).anyMatch(text -> text.contains("approve_by_provider")).anyMatch(text -> text.contains("set_state_done"));
        assertThat(lines).filteredOn(line -> line.path("loggerName").asText().equals("plan")).as("the decisions").isNotEmpty().allMatch(line -> cycles.contains(line.path("mdc").path("cycle").asText()));
        assertThat(audit()).isNotEmpty().allMatch(line -> cycles.contains(line.path("cycle").asText()));
        assertThat(writes).as("a line for each write").hasSize((int) audit().stream().filter(line -> line.path("when").asText().equals("after")).count());
    }

    @Test
    void nobodyReadsASecretOrABodyThere() throws IOException, InterruptedException {
        create("One");
        String text = String.join("\n", log());
        assertThat(text).containsPattern("INFO  \\[order_process-[0-9a-f]{6}] writes .*sacctmgr.*: 0, \\d+ ms, for [0-9a-f]{32} of plan [0-9a-f]{12}")
                .doesNotContain(site.waldur.token(), "backend_id\":", "comment");
    }
}
