package org.waldur.siteagent.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.config.ConfigException;

/** What is said of scenarios that are wrong. */
class ScenarioFileTest {
    @TempDir
    private Path folder;

    private String said(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), text);
        String[] said = new String[1];
        assertThatThrownBy(() -> ScenarioFile.read(file)).isInstanceOfSatisfying(ConfigException.class, e -> said[0] = e.getMessage().replace(folder + "/", ""));
        return said[0];
    }

    @Test
    void everyMistakeIsSaidAtOnceWithLineKeyAndWhatWouldBeRight() throws Exception {
        assertThat(said("""
                descripton: a slip
                now: yesterday
                given:
                  projects:
                    brains: {members: [alice]}
                  allocations:
                    - {name: Old, project: hearts}
                programs: {/bin/x: {exit: much}}
                steps:
                  - order: {name: New, project: brains, limits: {cpu: ten}}
                  - terminate: Other
                  - flag: {name: New, flag: pausd}
                  - cycle: orders
                  - wait: a while
                  - away: somebody
                  - sleep: 3
                  - join: {project: brains}
                    leave: {project: brains}
                expect:
                  orders: {Nothing: done}
                  dead_letters: few
                """).lines()).containsExactly(
                "wrong.yaml:1: descripton: there is no such key here; right would be: description perhaps; possible are description, now, given, programs, servers, properties, steps, expect",
                "wrong.yaml:2: now: 'yesterday' is no moment; right would be: 2026-11-20T12:00:00Z",
                "wrong.yaml:5: given.projects.brains: the key customer is missing or empty; right would be: customer: university",
                "wrong.yaml:7: given.allocations[0].project: there is no project 'hearts'; right would be: one of given.projects: [brains]",
                "wrong.yaml:8: programs./bin/x.exit: 'much' is no whole number; right would be: a number like 0",
                "wrong.yaml:10: steps[0].order.limits.cpu: 'ten' is no number; right would be: a number like 10 or 0.5",
                "wrong.yaml:11: steps[1].terminate: there is no allocation 'Other' by then; right would be: one that was ordered before: Old, New",
                "wrong.yaml:12: steps[2].flag.flag: 'pausd' is not possible here; right would be: paused or downscaled or restrict_member_access",
                "wrong.yaml:13: steps[3].cycle: there is no mode 'orders'; right would be: order_process or report or membership_sync",
                "wrong.yaml:14: steps[4].wait: 'a while' is no time to wait; right would be: 2d, 10h or 30m",
                "wrong.yaml:15: steps[5].away: 'somebody' cannot be away; right would be: slurmdbd or slurmctld or waldur",
                "wrong.yaml:16: steps[6].sleep: there is no such step; right would be: order perhaps; possible are order, change, terminate, join, leave, flag, job, reported, wait,"
                        + " away, back, fail, cycle, expect",
                "wrong.yaml:17: steps[7]: a step is a map with one key; right would be: - KIND: ..., with KIND one of order, change, terminate, join, leave, flag, job, reported, wait,"
                        + " away, back, fail, cycle, expect",
                "wrong.yaml:20: expect.orders.Nothing: there is no allocation 'Nothing' by then; right would be: one that was ordered before: Old, New",
                "wrong.yaml:21: expect.dead_letters: 'few' is no whole number; right would be: a number like 0");
    }

    @Test
    void aFileThatIsNoScenario() throws Exception {
        assertThat(said("- 1\n")).isEqualTo("wrong.yaml:1: a map of keys belongs here; right would be: a scenario like those of examples/scenarios");
        assertThat(said("description: nothing\n")).contains("there are no steps");
        assertThat(said("steps:\n  - job: {account: one, user: alice, hours: -4}\n")).contains("wrong.yaml:2: steps[0].job.hours: no job runs for -4 hours");
        assertThat(said("steps: 3\n")).contains("wrong.yaml:1: steps: a list belongs here");
    }
}
