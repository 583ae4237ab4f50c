package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportRoutesTest extends UsageSite {

    @Test
    void jobsBecomeUsageOfResourcesAndPeople() {
        // 64 CPUs and 64 GB for ten hours: 38,400 CPU-minutes, 39,321,600 MB-minutes
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        ran(2, "hpc_one", "bob", "2026-11-04T22:00:00Z", "2026-11-05T03:00:00Z");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsExactly(
                "hpc_one 2026-11 cpu 0.96", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu bob 0.32",
                "hpc_one 2026-11 mem 960.00", "hpc_one 2026-11 mem alice 640.00", "hpc_one 2026-11 mem bob 320.00",
                "hpc_two 2026-11 cpu 0.00", "hpc_two 2026-11 mem 0.00");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whatWaldurHasIsNotToldAgain() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        report();
        int requests = site.waldur.requests().size();
        int commands = site.slurm.commands().size();
        assertThat(report()).isZero();
        assertThat(site.waldur.requests().stream().skip(requests)).noneMatch(r -> r.method().equals("POST"));
    }
}
