package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.WaldurRequest;

/** Waldur bills each plan period by itself: a month's total under the new plan would bill twice what is booked under the old one. */
class PlanSwitchTest extends UsageSite {

    @Test
    void afterASwitchOfPlanOnlyTheRestIsTold() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        assertThat(report()).isZero();
        site.waldur.switchPlan(one);
        assertThat(site.cycle()).isZero();
        site.now("2026-11-20T13:00:00Z");
        ran(2, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T06:00:00Z");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages().stream().filter(line -> line.startsWith("hpc_one 2026-11 cpu"))).as("under the old plan, and under the new one")
                .containsExactlyInAnyOrder("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu 0.32", "hpc_one 2026-11 cpu alice 0.32");
        int before = site.waldur.requests().size();
        assertThat(report()).isZero();
        assertThat(site.waldur.requests().stream().skip(before)).extracting(WaldurRequest::method).containsOnly("GET");
    }
}
