package org.waldur.siteagent.usage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmRun;

/** A site on the 20th of November with two allocations, {@code hpc_one} and {@code hpc_two}, that are there since the middle of September. */
public abstract class UsageSite extends SiteTest {
    protected static final String NODE = "billing=64,cpu=64,gres/gpu=2,mem=65536M,node=1";
    protected String one;
    protected String two;

    @BeforeEach
    protected void twoAllocations() {
        site.components("""
                cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}
                mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: usage}
                """);
        for (String type : List.of("cpu", "mem")) {
            site.waldur.addComponent(site.offering, Map.of("type", type, "name", type, "billing_type", "usage", "measured_unit", "h"));
        }
        site.now("2026-09-15T12:00:00Z");
        one = site.waldur.create(site.offering, "one", "proj-1", "cust-1", Map.of());
        two = site.waldur.create(site.offering, "two", "proj-1", "cust-1", Map.of());
        site.cycle();
        site.now("2026-11-20T12:00:00Z");
    }

    /** A job that is over. */
    protected void ran(int id, String account, String user, String from, String to) {
        site.slurm.addJob(SlurmRun.ran(id, account, user, Instant.parse(from), Instant.parse(to), NODE));
    }

    protected int report() {
        return site.run("report", false);
    }
}
