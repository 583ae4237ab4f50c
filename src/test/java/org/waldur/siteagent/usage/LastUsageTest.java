package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

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

    @Test
    void anOfferingWhoseUsageIsNotReportedDoesWithout() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
        site.offering("order_processing_backend", "slurm");
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.waldur.usages()).isEmpty();
    }

    @Test
    void aServerThatKnowsNoUsageHoldsUpNoTermination() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().startsWith("marketplace-component-usages"), 404, "<h1>Not Found</h1>").times(9));
        String order = site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
    }
}
