package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Checked;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;

/** No figure falls within a month by itself. */
class HeldUsageTest extends UsageSite {

    @BeforeEach
    void jobs() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        ran(2, "hpc_two", "bob", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
    }

    private List<HoldUsage> held() {
        return site.reports.get(site.reports.size() - 1).plan().of(HoldUsage.class);
    }

    @Test
    void aFigureThatWouldFallHoldsItsResourceAndNoOther() {
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsExactly("hpc_one 2026-11 cpu 5.00", "hpc_two 2026-11 cpu 0.64", "hpc_two 2026-11 cpu bob 0.64", "hpc_two 2026-11 mem 640.00",
                "hpc_two 2026-11 mem bob 640.00");
        assertThat(held()).singleElement().satisfies(hold -> {
            assertThat(hold.facts()).contains("cpu: sacct says 0.64, Waldur has 5.00");
            assertThat(hold.reason()).contains("-m report --once --release " + hold.release());
        });
        assertThat(site.printed.get(site.printed.size() - 1)).contains("hold usage of hpc_one in 2026-11", held().get(0).release(), "sacct says 0.64, Waldur has 5.00");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** A hook of the site that fails is said and stays said, keeps nobody's usage from being told, and is tried again in the next cycle. */
    @Test
    void aHookForWhatIsHeldThatFailsHarmsNothing() throws Exception {
        Checked copy = new Checked(folder.resolve("copy"));
        String hooks = copy.read("hooks.camel.yaml");
        int step = hooks.indexOf("        - log:\n            id: nothing-after-held-usage");
        copy.write("hooks.camel.yaml", hooks.substring(0, step) + """
                        - throwException:
                            id: the-hook-fails
                            exceptionType: java.lang.IllegalStateException
                            message: no mail for ${variable.change.account}
                """ + hooks.substring(step));
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        site.waldur.putUsage(two, "2026-11", "cpu", "6.00");
        site.routes(copy.folder());
        for (int cycle = 0; cycle < 2; cycle++) {
            assertThat(report()).isEqualTo(1);
            assertThat(site.deadLetters()).hasSize(2).anyMatch(letter -> letter.contains("no mail for hpc_one")).anyMatch(letter -> letter.contains("no mail for hpc_two"));
        }
        site.routes(Path.of("routes"));
        assertThat(report()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aDryRunSaysWithItsExitCodeThatOnlyHeldFiguresAreLeft() {
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        assertThat(site.run("report", true)).as("hpc_two is to be told").isEqualTo(2);
        report();
        assertThat(site.run("report", true)).isEqualTo(3);
        site.property("report.release", held().get(0).release());
        assertThat(site.run("report", true)).isEqualTo(2);
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 5.00");
        report();
        assertThat(site.run("report", true)).isZero();
    }

    @Test
    void anOperatorLetsItThrough() {
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        site.waldur.putUsage(two, "2026-11", "cpu", "7.00");
        report();
        String release = held().stream().filter(hold -> hold.account().equals("hpc_one")).findFirst().orElseThrow().release();
        ran(3, "hpc_one", "alice", "2026-11-20T00:00:00Z", "2026-11-20T10:00:00Z");
        site.property("report.release", release + ", " + release);
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).as("it may grow until somebody types the command").containsExactly("hpc_one 2026-11 cpu 1.28", "hpc_one 2026-11 cpu alice 1.28",
                "hpc_one 2026-11 mem 1280.00", "hpc_one 2026-11 mem alice 1280.00", "hpc_two 2026-11 cpu 7.00");
        assertThat(held()).singleElement().satisfies(hold -> assertThat(hold.account()).isEqualTo("hpc_two"));
        site.waldur.putUsage(one, "2026-11", "cpu", "6.00");
        report();
        assertThat(site.waldur.usages()).as("what was released is that fall, and no later one").contains("hpc_one 2026-11 cpu 6.00");
    }

    @Test
    void whatOnePersonUsedIsHeldAloneIfAllTogetherUsedMore() {
        site.waldur.putUsage(one, "2026-11", "cpu", "0.50");
        site.waldur.putUserUsage(one, "2026-11", "cpu", "alice", "0.50");
        site.waldur.putUserUsage(one, "2026-11", "cpu", "bob", "0.40");
        ran(3, "hpc_one", "bob", "2026-11-04T00:00:00Z", "2026-11-04T05:00:00Z");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.96", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu bob 0.40", "hpc_one 2026-11 mem bob 320.00");
        assertThat(held()).singleElement().satisfies(hold -> assertThat(hold.facts()).containsExactly("cpu of bob: sacct says 0.32, Waldur has 0.40"));
        site.property("report.release", held().get(0).release());
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu bob 0.32");
        assertThat(held()).isEmpty();
    }

    @Test
    void aPersonWhoHasNoUsageAnyMoreIsSetToZero() {
        site.waldur.putUsage(one, "2026-11", "cpu", "0.50");
        site.waldur.putUserUsage(one, "2026-11", "cpu", "carol", "0.50");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu carol 0.00", "hpc_one 2026-11 cpu alice 0.64");
        assertThat(held()).isEmpty();
    }

    @Test
    void allThatIsGoneIsHeld() throws IOException {
        report();
        site.slurm.clearJobs();
        // with it, sacct would not be believed at all, because it has had jobs before
        Files.delete(site.stateDir().resolve("usage/lab-2026-11.json"));
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_two 2026-11 mem bob 640.00").hasSize(8);
        assertThat(held()).hasSize(2);
    }

    /** Slurm prints no name where the association of a job is nowhere and its uid is nobody's. What it used belongs to the account all the same. */
    @Test
    void whatNobodyUsedIsInTheWholeOnly() {
        ran(3, "hpc_one", "", "2026-11-04T00:00:00Z", "2026-11-04T05:00:00Z");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.96", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 mem 960.00", "hpc_one 2026-11 mem alice 640.00")
                .filteredOn(line -> line.startsWith("hpc_one")).hasSize(4);
        assertThat(report()).isZero();
        assertThat(booked("set_usage")).as("nothing is told twice").hasSize(2);
    }
}
