package org.waldur.siteagent.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

/** The audit file of the shipped routes. */
class AuditTest extends SiteTest {
    private Path file() {
        return site.stateDir().resolve("audit.jsonl");
    }

    /** Of the writes. */
    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file())) {
            JsonNode read = new ObjectMapper().readTree(line);
            if (!read.path("when").asText().equals("plan")) {
                lines.add(read);
            }
        }
        return lines;
    }

    private static String what(JsonNode line) {
        return line.path("request").asText("") + line.path("argv") + line.path("orders").asText() + line.path("plan").asText();
    }

    /** One writer at a time: each "before" is followed by its own "after". */
    private static List<JsonNode> unpaired(List<JsonNode> lines) {
        List<JsonNode> open = new ArrayList<>();
        for (JsonNode line : lines) {
            if (line.path("when").asText().equals("before")) {
                open.add(line);
            } else {
                assertThat(what(open.remove(open.size() - 1))).isEqualTo(what(line));
            }
        }
        return open;
    }

    private long slurmWrites() {
        return site.slurm.commands().stream().filter(c -> !c.argv().contains("show")).count();
    }

    @Test
    void everyWriteHasALineBeforeAndALineAfterWhateverBecomesOfIt() throws Exception {
        String order = create("One");
        site.impatient();
        site.slurm.inject(SlurmFault.hang(argv -> argv.contains("add"), Duration.ofSeconds(4)));
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Problem talking to the database"));
        site.waldur.inject(WaldurFault.answer(r -> r.path().contains("set_backend_id"), 403, "{\"detail\": \"no\"}"));
        site.cycle();
        site.cycle();
        site.patient();
        byte[] before = Files.readAllBytes(file());
        site.cycle();
        site.cycle();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
        assertThat(Files.readAllBytes(file())).startsWith(before);
        assertThat(unpaired(lines())).isEmpty();

        List<String> writes = lines().stream().filter(l -> l.path("when").asText().equals("before"))
                .map(l -> l.has("request") ? l.path("request").asText() : l.path("argv").toString()).toList();
        assertThat(writes.stream().filter(w -> w.startsWith("POST"))).hasSize((int) site.waldur.requests().stream().filter(r -> !r.method().equals("GET")).count());
        long commands = writes.stream().filter(w -> w.contains("sacctmgr")).count();
        // the simulator counts a command that hangs when its time is over
        for (int i = 0; i < 100 && slurmWrites() < commands; i++) {
            Thread.sleep(100);
        }
        assertThat(slurmWrites()).isEqualTo(commands);
        assertThat(lines()).allSatisfy(line -> {
            assertThat(line.path("plan").asText()).matches("[0-9a-f]{12}");
            assertThat(line.path("orders").asText()).contains(order);
            assertThat(line.path("offering").asText()).isEqualTo("slurm");
        });
        assertThat(String.join("\n", site.printed)).contains("Plan " + lines().get(0).path("plan").asText());
        assertThat(lines().stream().filter(l -> l.path("when").asText().equals("after")).map(l -> l.path("result").asText()))
                .contains("200", "0", "1").anyMatch(result -> result.contains("403"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-r-----");
    }

    @Test
    void aUserWhoIsCalledShowIsAddedWithALineToo() throws IOException {
        site.waldur.join(site.offering, "proj-2", "show");
        site.waldur.create(site.offering, "One", "proj-2", "cust-1", Map.of("cpu", 10));
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_one|show|");
        assertThat(Files.readString(file())).contains("\"show\",\"account=hpc_one\"");
    }

    @Test
    void aDeathLeavesALineBeforeWithoutOneAfter() throws Exception {
        create("One");
        AtomicReference<Process> agent = new AtomicReference<>();
        site.slurm.onCommand(command -> {
            if (command.argv().contains("hpc_proj-1")) {
                agent.get().destroyForcibly();
            }
        });
        agent.set(site.start());
        assertThat(agent.get().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.get().exitValue()).isEqualTo(137);
        assertThat(unpaired(lines())).singleElement().satisfies(line -> assertThat(line.path("argv").toString()).contains("hpc_proj-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending-provider", "executing"})
    void onAFullDiskNothingIsChanged(String state) throws IOException {
        String order = create("One");
        site.waldur.spoil(order, "state", state);
        Files.createSymbolicLink(Files.createDirectories(site.stateDir()).resolve("audit.jsonl"), Path.of("/dev/full"));
        String before = site.world();
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.world()).isEqualTo(before);
        assertThat(site.waldur.requests()).allMatch(r -> r.method().equals("GET"));
        assertThat(site.slurm.commands()).allMatch(c -> c.argv().contains("show"));
        assertThat(site.deadLetters()).isNotEmpty().allSatisfy(l -> assertThat(l).contains("audit.jsonl", "No space left on device", "Make room"));

        Files.delete(file());
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
    }
}
