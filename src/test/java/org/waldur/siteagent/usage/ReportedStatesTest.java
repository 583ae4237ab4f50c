package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** Of which resources usage is told, and that nothing else is changed by it. */
class ReportedStatesTest extends UsageSite {

    @BeforeEach
    void jobs() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        ran(2, "hpc_two", "bob", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
    }

    private List<String> of(String account) {
        return site.waldur.usages().stream().filter(line -> line.startsWith(account + " ")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK", "Updating", "Terminating"})
    void whatIsAliveIsToldAndStaysAsItIs(String state) {
        site.waldur.spoilResource(one, "state", state);
        String before = site.waldur.state();
        List<String> associations = site.associations();
        int requests = site.waldur.requests().size();
        assertThat(report()).isZero();
        assertThat(of("hpc_one")).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 mem 640.00", "hpc_one 2026-11 mem alice 640.00");
        assertThat(site.waldur.state()).isEqualTo(before);
        assertThat(site.associations()).isEqualTo(associations);
        assertThat(site.waldur.requests().stream().skip(requests).filter(r -> !r.method().equals("GET"))).allMatch(r -> r.path().startsWith("marketplace-component-usages/"));
        assertThat(commands("sacctmgr").stream().skip(2)).as("sacctmgr only shows").filteredOn(c -> c.argv().contains("--immediate")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Creating", "Terminated"})
    void whatIsNotAliveIsNotTold(String state) {
        site.waldur.spoilResource(one, "state", state);
        assertThat(report()).isZero();
        assertThat(of("hpc_one")).isEmpty();
        assertThat(of("hpc_two")).hasSize(4);
        assertThat(site.deadLetters()).isEmpty();
    }

    /** A server may take usage of what is erred; one that does not refuses that resource only. */
    @Test
    void whatIsErredIsTriedAndHarmsNoOther() {
        site.waldur.spoilResource(one, "state", "Erred");
        String before = site.waldur.state();
        assertThat(report()).as("that Waldur takes none of it just now is no error").isZero();
        assertThat(of("hpc_one")).isEmpty();
        assertThat(of("hpc_two")).hasSize(4);
        assertThat(site.deadLetters()).isEmpty();
        assertThat(site.waldur.state()).isEqualTo(before);
        site.waldur.spoilResource(one, "state", "OK");
        assertThat(report()).isZero();
        assertThat(of("hpc_one")).hasSize(4);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void onAWaldurSevenWhatIsErredIsLeftAlone() throws IOException {
        try (Site old = new Site(folder.resolve("old"), WaldurSimulator.startOld(0), "")) {
            prepare(old);
            String order = old.allocation("one", Map.of());
            old.slurm.addJob(ran("hpc_one", "alice"));
            old.now("2026-11-20T12:00:00Z").waldur.spoilResource(order, "state", "Erred");
            assertThat(old.run("report", false)).isZero();
            assertThat(old.waldur.usages()).isEmpty();
        }
    }

    @Test
    void anOrderThatWaitsIsNotTouched() {
        site.waldur.update(one, Map.of("cpu", 20));
        site.waldur.terminate(two);
        String before = site.waldur.state();
        assertThat(report()).isZero();
        assertThat(site.waldur.state()).isEqualTo(before);
        assertThat(of("hpc_two")).hasSize(4);
    }

    /** What one account used is billed once. */
    @Test
    void ofTwoResourcesThatNameTheSameAccountNoneIsTold() {
        site.waldur.spoilResource(two, "backend_id", "HPC_one");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(notes()).anyMatch(note -> note.contains("hpc_one") && note.contains("same account"));
    }

    /** An account that is gone, and of which slurmdbd knows nothing, says nothing about what was used. */
    @Test
    void anAccountThatIsNotThereIsNotZero() {
        site.waldur.spoilResource(two, "backend_id", "hpc_gone");
        site.waldur.putUsage(two, "2026-11", "cpu", "3.00");
        assertThat(report()).isZero();
        assertThat(of("hpc_gone")).containsExactly("hpc_gone 2026-11 cpu 3.00");
        assertThat(notes()).anyMatch(note -> note.contains("hpc_gone") && note.contains("not on the cluster"));
    }

    @Test
    void anAccountThatIsGoneIsToldWhatItUsed() {
        site.slurm.run("sacctmgr", "-i", "remove", "user", "name=alice,bob,carol,dave", "account=hpc_two");
        site.slurm.run("sacctmgr", "-i", "remove", "account", "name=hpc_two");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_two"));
        assertThat(report()).isZero();
        assertThat(of("hpc_two")).contains("hpc_two 2026-11 cpu 0.64");
    }

    /** What the offering in Waldur lacks, or bills by a fixed price, would make Waldur refuse all of it. */
    @Test
    void aComponentThatWaldurDoesNotTakeIsLeftOut() {
        site.components("""
                cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}
                mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: usage}
                gres/gpu: {label: GPU, measured_unit: Hours, unit_factor: 60, accounting_type: usage}
                """);
        site.waldur.changeComponent(site.offering, "mem", "billing_type", "fixed");
        assertThat(report()).isZero();
        assertThat(of("hpc_one")).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64");
        assertThat(notes()).anyMatch(note -> note.contains("gres/gpu")).anyMatch(note -> note.contains("mem"));
    }

    /** One that fails harms no other, of people and of limits neither. */
    @Test
    void aRefusalHarmsNoOther() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("set_usage/") && r.body().contains((String) site.waldur.resource(one).get("uuid")), 400,
                "{\"non_field_errors\": [\"no\"]}"));
        assertThat(report()).isEqualTo(1);
        assertThat(of("hpc_one")).isEmpty();
        assertThat(of("hpc_two")).hasSize(4);
        assertThat(report()).isZero();
        assertThat(of("hpc_one")).hasSize(4);
        assertThat(site.deadLetters()).isEmpty();
    }


    /** What people used waits if what it needs cannot be read; nothing is sent to a row that nobody knows. */
    @ParameterizedTest
    @ValueSource(strings = {"marketplace-offering-users/", "marketplace-component-usages/"})
    void peopleWait(String path) {
        String[] posted = {""};
        site.waldur.beforeRequest(r -> posted[0] = r.path().endsWith("set_usage/") ? "yes" : posted[0]);
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals(path) && posted[0].equals("yes"), 502, "bad gateway").times(4));
        assertThat(report()).isEqualTo(1);
        assertThat(site.waldur.usages()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 mem 640.00", "hpc_two 2026-11 cpu 0.64", "hpc_two 2026-11 mem 640.00");
        assertThat(site.deadLetters()).singleElement().asString().contains("bad gateway");
        site.waldur.beforeRequest(r -> { });
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).hasSize(8);
        assertThat(site.deadLetters()).isEmpty();
    }
}
