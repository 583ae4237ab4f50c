package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.WaldurSimulator;
import org.waldur.siteagent.usage.UsageSite;

/** The commands for usage with a Waldur 7, which heeds no date. */
class OldWaldurUsageTest extends UsageSite {

    @Override
    protected Site open(Path in) throws IOException {
        return new Site(in, WaldurSimulator.startOld(0), "");
    }

    @Test
    void historyCannotBeLoaded() {
        ran(1, "hpc_one", "alice", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        Site.Said said = site.command("usage", "load", "--from", "2026-09", "--to", "2026-10");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("the load has stopped: 2026-10 of offering slurm cannot be booked: the month is over, and this Waldur heeds no date");
        assertThat(site.waldur.usages()).isEmpty();
    }

    @Test
    void whatIsMissingOfAMonthThatIsOverIsClosedAndUnbillable() {
        ran(1, "hpc_one", "alice", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        ran(2, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        assertThat(report()).isZero();
        Site.Said usage = site.command("usage", "--totals", "--account", "hpc_one");
        assertThat(usage.code()).isEqualTo(2);
        assertThat(usage.out()).contains("hpc_one  2026-10  cpu        -       0.64       -        0.64  closed  the month is over, and this Waldur heeds no date",
                "hpc_one  2026-11  cpu        -       0.64    0.64        0.00  same");
        Site.Said audit = site.command("usage", "audit");
        assertThat(audit.code()).isEqualTo(2);
        assertThat(audit.out()).contains("unbillable: cpu of hpc_one in 2026-10: Waldur lacks 0.64 (sacct says 0.64, Waldur has nothing)");
    }
}
