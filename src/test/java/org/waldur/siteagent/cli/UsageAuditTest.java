package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.usage.UsageSite;

/** {@code waldur-site-agent usage audit}: whether Waldur has stored what sacct says of a month that is over. */
class UsageAuditTest extends UsageSite {

    @BeforeEach
    void october() {
        ran(1, "hpc_one", "alice", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        site.slurm.addJob(SlurmRun.ran(2, "hpc_two", "bob", Instant.parse("2026-10-31T22:00:00Z"), null, NODE));
        site.now("2026-10-31T23:50:00Z");
        assertThat(report()).isZero();
        ran(2, "hpc_two", "bob", "2026-10-31T22:00:00Z", "2026-11-01T02:00:00Z");
        site.now("2026-11-20T12:00:00Z");
    }

    @Test
    void aMonthThatIsAsItWasToldIs0() {
        ran(3, "hpc_one", "bob", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        site.waldur.putUsage(two, "2026-10", "cpu", "0.13");
        site.waldur.putUserUsage(two, "2026-10", "cpu", "bob", "0.13");
        site.waldur.putUsage(two, "2026-10", "mem", "128.00");
        site.waldur.putUserUsage(two, "2026-10", "mem", "bob", "128.00");
        Site.Said said = site.command("usage", "audit");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("hpc_one  2026-10  cpu        alice    0.64    0.64        0.00  same", "8 figures: 8 equal, 0 different, 0 unknown")
                .doesNotContain("2026-11  ", "unbillable");
        assertThat(site.command("usage", "audit", "--month", "2026-10").out()).isEqualTo(said.out());
    }

    /** The last ten minutes of the month came after the last report, and Waldur takes them from its staff only. */
    @Test
    void whatCameLateIsUnbillableAnd2() {
        Site.Said said = site.command("usage", "audit", "--totals");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("hpc_two  2026-10  cpu        -       0.13    0.12        0.01  closed",
                "unbillable: cpu of hpc_two in 2026-10: Waldur lacks 0.01 (sacct says 0.13, Waldur has 0.12), because the month is invoiced",
                "4 figures: 2 equal, 2 different, 0 unknown");
    }

    @Test
    void aLateRecordOfAFinishedDayIsFound() {
        assertThat(report()).isZero();
        ran(4, "hpc_one", "bob", "2026-10-05T00:00:00Z", "2026-10-05T10:00:00Z");
        Site.Said said = site.command("usage", "audit", "--account", "hpc_one");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("unbillable: cpu of hpc_one in 2026-10: Waldur lacks 0.64 (sacct says 1.28, Waldur has 0.64)").doesNotContain("hpc_two");
    }

    @Test
    void whatWaldurHasTooMuchIsFound() {
        site.waldur.putUsage(one, "2026-10", "cpu", "9.99");
        assertThat(site.command("usage", "audit").out()).contains("unbillable: cpu of hpc_one in 2026-10: Waldur has 9.35 too much (sacct says 0.64, Waldur has 9.99)");
    }

    @Test
    void whatIsBilledByLimitIsNotUnbillable() {
        site.waldur.addComponent(site.offering, Map.of("type", "node", "name", "node", "billing_type", "limit", "measured_unit", "h"));
        site.components("""
                cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}
                mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: usage}
                node: {label: Node, measured_unit: h, unit_factor: 60, accounting_type: limit}
                """);
        Site.Said said = site.command("usage", "audit", "--account", "hpc_one");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).containsPattern("node +- +10.00 +- +10.00 +new").doesNotContain("unbillable");
    }

    @Test
    void terminatedResourcesAreAudited() {
        site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(site.slurm.associations()).noneMatch(a -> a.account().equals("hpc_one"));
        assertThat(site.command("usage", "audit", "--account", "hpc_one").code()).isZero();
        site.waldur.putUsage(one, "2026-10", "cpu", "0.60");
        Site.Said said = site.command("usage", "audit", "--account", "hpc_one");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("unbillable: cpu of hpc_one in 2026-10: Waldur lacks 0.04", "because Waldur takes no usage of a resource that is Terminated");
    }

    @Test
    void aResourceThatUsedNothingAndIsBookedIsFound() {
        site.slurm.clearJobs();
        Site.Said said = site.command("usage", "audit", "--account", "hpc_one", "--totals");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("Waldur has 0.64 too much (sacct says 0.00, Waldur has 0.64)");
    }

    @Test
    void aMonthOfWhichNobodyHasAnythingIs0() {
        Site.Said said = site.command("usage", "audit", "--month", "2026-08");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("no usage", "0 figures");
    }

    @Test
    void whatCannotBeReadIs1() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database: Connection refused").times(99));
        Site.Said said = site.command("usage", "audit");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("unknown", "Connection refused").doesNotContain("unbillable");
    }

    @Test
    void aComponentThatNothingHereComputesIsNoted() {
        site.components("cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}");
        assertThat(site.command("usage", "audit", "--account", "hpc_one").out()).contains("note: component mem of hpc_one in 2026-10 is not compared", "Waldur has 640.00");
    }

    @Test
    void csvAndJsonHaveTheFiguresAndTheRestIsOnStderr() throws Exception {
        Site.Said csv = site.command("usage", "audit", "--format", "csv");
        assertThat(csv.out().lines()).hasSize(9).allMatch(line -> line.split(",", -1).length >= 11);
        assertThat(csv.err()).contains("unbillable: ", "8 figures: 4 equal");
        assertThat(new ObjectMapper().readTree(site.command("usage", "audit", "--format", "json").out()).path("figures")).hasSize(8);
    }

    @Test
    void nothingIsWritten() {
        int before = site.waldur.requests().size();
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "no").times(1));
        site.command("usage", "audit");
        assertThat(site.waldur.requests().stream().skip(before)).isNotEmpty().allMatch(r -> r.method().equals("GET"));
        assertThat(site.deadLetters()).isEmpty();
    }

    /** Waldur bills both of its rows, so they are compared together; the report tells the rest only. */
    @Test
    void afterASwitchOfPlanAllRowsOfAMonthCountTogether() {
        ran(5, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        assertThat(report()).isZero();
        site.waldur.switchPlan(one);
        site.cycle();
        ran(6, "hpc_one", "alice", "2026-11-04T00:00:00Z", "2026-11-04T20:00:00Z");
        assertThat(report()).isZero();
        assertThat(site.command("usage", "--account", "hpc_one", "--month", "2026-11", "--totals").out())
                .containsPattern("cpu +- +1.28 +1.28 +0.00 +same +besides 0.64 under an earlier plan");
        assertThat(site.command("usage", "explain", "hpc_one", "--component", "cpu").out()).contains("= 1.92 k-Hours; Waldur has 1.92 (same)");
        site.now("2026-12-05T12:00:00Z");
        Site.Said said = site.command("usage", "audit", "--account", "hpc_one");
        assertThat(said.out()).containsPattern("hpc_one +2026-11 +cpu +- +1.92 +1.92 +0.00 +same");
        assertThat(said.code()).isZero();
    }
}
