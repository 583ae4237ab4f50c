package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;

/** Jobs that slurmctld has lost, or that should be over: they are said and are not counted further. */
class RunawaysTest extends UsageSite {

    @BeforeEach
    void aJobThatRunsSinceTenHours() {
        for (int id = 1001; id <= 1002; id++) {
            site.slurm.addJob(SlurmRun.ran(id, id == 1001 ? "hpc_one" : "hpc_two", id == 1001 ? "alice" : "bob", Instant.parse("2026-11-20T02:00:00Z"), null, NODE)
                    .limitedTo(SlurmRun.UNLIMITED));
        }
        site.components("cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}");
    }

    private List<String> of(String account) {
        return site.waldur.usages().stream().filter(line -> line.startsWith(account + " ")).toList();
    }

    private void reportAt(String moment) {
        site.now(moment);
        assertThat(report()).as(moment).isZero();
    }

    @Test
    void oneThatSlurmctldHasLostIsCountedUpToTheLastTimeThatItWasThere() {
        reportAt("2026-11-20T12:00:00Z");
        assertThat(of("hpc_one")).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64");
        assertThat(notes()).isEmpty();
        reportAt("2026-11-20T12:30:00Z");
        site.slurm.forget(1001);
        for (String moment : List.of("2026-11-20T13:00:00Z", "2026-11-20T13:30:00Z", "2026-11-21T01:30:00Z", "2026-11-23T12:00:00Z", "2026-11-23T12:30:00Z")) {
            reportAt(moment);
            assertThat(of("hpc_one")).as("10.5 hours of 64 CPUs").containsExactly("hpc_one 2026-11 cpu 0.67", "hpc_one 2026-11 cpu alice 0.67");
            assertThat(notes()).singleElement().asString().contains("job 1001", "alice", "hpc_one", "squeue does not know it");
        }
        assertThat(of("hpc_two")).as("82.5 hours of 64 CPUs").contains("hpc_two 2026-11 cpu 5.28");
    }

    /** The days on which it ran, or seems to, are finished all the same. */
    @Test
    void itKeepsNoDayOpen() {
        aDayInAWindow();
        othersRunEveryDay();
        reportAt("2026-11-20T12:00:00Z");
        site.slurm.forget(1001);
        site.slurm.addJob(SlurmRun.ran(1002, "hpc_two", "bob", Instant.parse("2026-11-20T02:00:00Z"), Instant.parse("2026-11-20T12:00:00Z"), NODE));
        reportAt("2026-11-22T12:00:00Z");
        // days without a job are believed when they were seen twice
        reportAt("2026-11-22T12:15:00Z");
        int before = commands("sacct").size();
        reportAt("2026-11-22T12:30:00Z");
        assertThat(commands("sacct").stream().skip(before).map(c -> c.argv().stream().filter(a -> a.startsWith("--starttime")).findFirst().orElseThrow()).distinct())
                .containsExactly("--starttime=2026-11-22T00:00:00");
        assertThat(of("hpc_one")).contains("hpc_one 2026-11 cpu 0.64");
    }

    /** A cycle that reads nothing must not forget up to when it is counted. */
    @Test
    void aCycleInWhichSacctFailsLetsItNotGrow() {
        reportAt("2026-11-20T12:00:00Z");
        site.slurm.forget(1001);
        reportAt("2026-11-20T12:30:00Z");
        assertThat(of("hpc_one")).contains("hpc_one 2026-11 cpu 0.64");
        site.slurm.inject(SlurmFault.fail(c -> c.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database"));
        site.now("2026-11-20T14:00:00Z");
        assertThat(report()).isEqualTo(1);
        site.slurm.inject(SlurmFault.fail(c -> c.get(0).equals("squeue"), 1, "slurm_load_jobs error"));
        site.now("2026-11-20T16:00:00Z");
        assertThat(report()).isEqualTo(1);
        reportAt("2026-11-20T20:00:00Z");
        reportAt("2026-11-20T20:30:00Z");
        assertThat(of("hpc_one")).contains("hpc_one 2026-11 cpu 0.64");
    }

    @Test
    void oneThatSlurmctldFindsAgainIsCountedOn() {
        reportAt("2026-11-20T12:00:00Z");
        site.slurm.inject(SlurmFault.failAfterwards(c -> c.get(0).equals("squeue"), 0, ""));
        reportAt("2026-11-20T13:00:00Z");
        assertThat(of("hpc_one")).contains("hpc_one 2026-11 cpu 0.64");
        assertThat(notes()).hasSize(2);
        reportAt("2026-11-20T14:00:00Z");
        assertThat(of("hpc_one")).contains("hpc_one 2026-11 cpu 0.77");
        assertThat(notes()).isEmpty();
    }

    /** Its count must never fall, or all of the resource would be held. */
    @Test
    void oneThatIsLongPastItsLimitGrowsNoFurther() {
        site.slurm.addJob(SlurmRun.ran(1001, "hpc_one", "alice", Instant.parse("2026-11-20T02:00:00Z"), null, NODE).limitedTo(600));
        String last = "";
        for (String moment : List.of("2026-11-20T11:30:00Z", "2026-11-20T12:30:00Z", "2026-11-20T12:59:00Z", "2026-11-20T13:00:00Z", "2026-11-20T13:01:00Z", "2026-11-20T13:30:00Z",
                "2026-11-21T13:30:00Z")) {
            reportAt(moment);
            assertThat(of("hpc_one").get(0)).as(moment).isGreaterThanOrEqualTo(last);
            last = of("hpc_one").get(0);
            assertThat(site.reports.get(site.reports.size() - 1).plan().changes()).as(moment).noneMatch(change -> change.isHeld());
        }
        assertThat(last).as("11 hours, because slurmctld lets a job overrun").isEqualTo("hpc_one 2026-11 cpu 0.70");
        assertThat(notes()).singleElement().asString().contains("job 1001", "time limit of 600 minutes");
    }

    @Test
    void aJobThatStartsBetweenSqueueAndSacctIsNone() {
        site.slurm.onCommand(command -> {
            if (command.argv().get(0).equals("squeue")) {
                runs(1003, "hpc_two", "carol", "2026-11-20T12:00:01Z");
                site.now("2026-11-20T12:00:30Z");
            }
        });
        assertThat(report()).isZero();
        assertThat(notes()).isEmpty();
        site.slurm.onCommand(command -> { });
        reportAt("2026-11-20T13:00:30Z");
        assertThat(of("hpc_two")).contains("hpc_two 2026-11 cpu carol 0.06");
        assertThat(notes()).isEmpty();
    }
}
