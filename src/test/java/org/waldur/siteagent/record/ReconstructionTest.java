package org.waldur.siteagent.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmSimulator;

/**
 * From the audit file alone it can be told how the world was changed: the commands that ended well, given to another cluster that is as this one was,
 * make it what this one is; and what the plans say of orders and accounts is what Waldur shows.
 */
class ReconstructionTest extends SiteTest {
    private SlurmSimulator copy;

    @BeforeEach
    void anotherClusterThatIsAsThisOneIs() throws IOException {
        site.property("membership_sync.second", "0");
        copy = SlurmSimulator.start(folder.resolve("copy"), "lab");
        copy.addLinuxUsers(Site.TEAM.toArray(String[]::new));
        site.slurm.addLinuxUsers("erin");
        copy.addLinuxUsers("erin");
    }

    private List<JsonNode> audit() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(site.stateDir().resolve("audit.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    /** Without the lock that it waited for, and the folder that it is in. */
    private static String[] command(JsonNode line) {
        List<String> words = texts(line.path("argv"));
        int program = words.stream().map(word -> word.endsWith("/sacctmgr") || word.endsWith("/scancel")).toList().indexOf(true);
        List<String> command = new ArrayList<>(words.subList(program, words.size()));
        command.set(0, command.get(0).replaceAll(".*/", ""));
        return command.toArray(String[]::new);
    }

    /** A load has its lines in a file that is gone; they are the accounts of the plan. */
    private void play(JsonNode line, JsonNode plan) {
        String[] command = command(line);
        if (!List.of(command).contains("load")) {
            copy.run(command);
            return;
        }
        for (JsonNode change : plan.path("changes")) {
            JsonNode of = change.path("details");
            if (change.path("kind").asText().equals("create-account")) {
                List<String> add = new ArrayList<>(List.of("sacctmgr", "-i", "add", "account", "name=" + of.path("name").asText(), "parent=" + of.path("parent").asText(),
                        "description=" + of.path("description").asText(), "organization=" + of.path("organization").asText()));
                of.path("grpTresMins").fields().forEachRemaining(limit -> add.add("GrpTRESMins=" + limit.getKey() + "=" + limit.getValue().asText()));
                copy.run(add.toArray(String[]::new));
            }
        }
    }

    private static SortedSet<String> world(SlurmSimulator slurm) {
        SortedSet<String> lines = new TreeSet<>();
        slurm.associations().forEach(a -> lines.add(a.parent() + "/" + a.account() + "/" + a.user() + " " + a.share() + " " + a.grpTresMins() + " " + a.grpSubmitJobs() + " " + a.qos()
                + (a.defaultAccount() ? " default" : "")));
        slurm.accounts().forEach(a -> lines.add(a.toString()));
        return lines;
    }

    private void everythingIsReconstructed() throws IOException {
        Map<String, JsonNode> plans = audit().stream().filter(line -> line.path("when").asText().equals("plan"))
                .collect(Collectors.toMap(line -> line.path("plan").path("checksum").asText(), line -> line.path("plan"), (one, same) -> one));
        Set<String> carriedOut = new HashSet<>();
        for (JsonNode line : audit()) {
            if (line.path("when").asText().equals("after")) {
                assertThat(line.path("who").asText()).isEqualTo(System.getProperty("user.name"));
                assertThat(plans).as("each write is of a plan that stands there").containsKey(line.path("plan").asText());
                if (line.has("argv") && line.path("result").asInt() == 0) {
                    play(line, plans.get(line.path("plan").asText()));
                }
                if (line.path("result").asText().startsWith("2")) {
                    carriedOut.add(line.path("request").asText().replaceAll(".*/([0-9a-f]{32})/(\\w+)/", "$2 $1"));
                }
            }
        }
        assertThat(world(copy)).isEqualTo(world(site.slurm));
        plans.values().forEach(plan -> plan.path("changes").forEach(change -> {
            JsonNode of = change.path("details");
            if (change.path("kind").asText().equals("finish-order") && carriedOut.contains("set_state_done " + of.path("order").asText())) {
                assertThat(site.waldur.order(of.path("order").asText())).containsEntry("state", "done");
            }
        }));
    }

    @Test
    void ordersOneByOneWithTroubleBetween() throws IOException {
        String one = create("One");
        site.cycle();
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Problem talking to the database"));
        site.waldur.update(one, Map.of("cpu", 30));
        String two = create("Two");
        site.cycle();
        site.cycle();
        assertThat(List.of(state(one), state(two))).containsOnly("done");
        site.waldur.terminate(one);
        site.cycle();
        everythingIsReconstructed();
    }

    @Test
    void manyOrdersAtOnceAndTheirMembers() throws IOException {
        for (int i = 0; i < 6; i++) {
            create("Many" + i);
        }
        site.cycle();
        site.waldur.join(site.offering, "proj-1", "erin");
        site.waldur.leave("proj-1", "bob");
        site.run("membership-sync", false);
        assertThat(world(site.slurm)).anyMatch(line -> line.contains("/hpc_many3/erin")).noneMatch(line -> line.contains("/hpc_many3/bob"));
        everythingIsReconstructed();
    }
}
