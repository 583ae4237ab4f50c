package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.simulator.SlurmFault;

/** Waldur takes no usage of what is terminated, so it is told before the order ends. */
class LastUsageTest extends UsageSite {

    @Test
    void aTerminationTellsTheLastUsage() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 mem 640.00",
                "hpc_one 2026-11 mem alice 640.00");
        assertThat(site.slurm.associations()).noneMatch(a -> a.account().equals("hpc_one"));
    }

    @Test
    void whileNobodyKnowsItTheOrderWaits() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database: Connection refused").times(2));
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("executing");
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.64");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** sacct says less than it once did: what ran since the last report may be missing, too. */
    @Test
    void whatIsHeldIsWaitedFor() {
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("executing");
        assertThat(site.deadLetters()).singleElement().asString().contains("cpu: sacct says 0.64, Waldur has 5.00");
        report();
        String release = site.reports.get(site.reports.size() - 1).plan().of(HoldUsage.class).get(0).release();
        site.property("report.release", release);
        report();
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64").doesNotContain("hpc_one 2026-11 cpu 5.00");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** Slurm has forgotten all jobs. */
    @Test
    void thatThereIsNoneAnyMoreIsNotBelieved() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        report();
        site.slurm.clearJobs();
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("executing");
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:30:00Z");
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.67");
    }

    /** What was told of a month that is over was told when it grew. */
    @Test
    void whatIsHeldOfAnEarlierMonthIsNotWaitedFor() {
        billedByLimit();
        site.waldur.putUsage(one, "2026-10", "cpu", "5.00");
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-10 cpu 5.00", "hpc_one 2026-11 cpu 0.64");
    }

    @Test
    void anOfferingWhoseUsageIsNotReportedDoesWithout() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        site.offering("order_processing_backend", "slurm");
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).isEmpty();
    }
}
