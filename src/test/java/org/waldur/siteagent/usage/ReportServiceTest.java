package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.simulator.SlurmFault;

/** The service with its timer, while the clocks are moved by hand. */
class ReportServiceTest extends UsageSite {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than a cycle has, so that the timer has been there, too. */
    private static final int LOOKS = 40;
    /** The moments at which cycles began. */
    private final List<String> cycles = new CopyOnWriteArrayList<>();
    private volatile String now;

    @BeforeEach
    void fastTimer() {
        site.property("report.tick", "20").property("report.months", "1");
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        site.slurm.onCommand(command -> {
            if (command.argv().get(0).equals("squeue")) {
                cycles.add(now);
            }
        });
        moveTo("2026-11-30T22:50:00Z");
    }

    private void moveTo(String moment) {
        now = moment.substring(8, 16);
        site.now(moment);
    }

    /** The timer has looked at the clock some times since then. */
    private void someTicks() {
        int seen = site.lookedAtClock();
        until(() -> site.lookedAtClock() >= seen + LOOKS);
    }

    private static void until(BooleanSupplier reached) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void itReportsAtOnceEveryPeriodAndTenMinutesBeforeTheMonthEnds() {
        try (Site.Running agent = site.serveHere(Mode.REPORT)) {
            until(() -> site.waldur.usages().size() == 6);
            assertThat(cycles).containsExactly("30T22:50");
            moveTo("2026-11-30T23:19:59Z");
            someTicks();
            assertThat(cycles).hasSize(1);
            moveTo("2026-11-30T23:20:00Z");
            until(() -> cycles.size() == 2);
            moveTo("2026-11-30T23:49:00Z");
            someTicks();
            assertThat(cycles).containsExactly("30T22:50", "30T23:20");
            ran(2, "hpc_one", "alice", "2026-11-30T10:00:00Z", "2026-11-30T20:00:00Z");
            moveTo("2026-11-30T23:50:00Z");
            until(() -> site.waldur.usages().contains("hpc_one 2026-11 cpu alice 1.28"));
            assertThat(cycles).containsExactly("30T22:50", "30T23:20", "30T23:50");
            moveTo("2026-12-01T00:10:00Z");
            someTicks();
            assertThat(cycles).hasSize(3);
            moveTo("2026-12-01T00:20:00Z");
            until(() -> site.waldur.usages().contains("hpc_one 2026-12 mem 0.00"));
            assertThat(cycles).containsExactly("30T22:50", "30T23:20", "30T23:50", "01T00:20");
        }
        assertThat(site.deadLetters()).isEmpty();
    }

    /** A cycle that fails, even one that throws, ends no service. */
    @Test
    void itGoesOnAfterACycleThatFailed() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("squeue"), 1, "slurm_load_jobs error: Unable to contact slurm controller"));
        try (Site.Running agent = site.serveHere(Mode.REPORT)) {
            until(() -> site.deadLetters().size() == 1);
            assertThat(site.waldur.usages()).isEmpty();
            moveTo("2026-11-30T23:20:00Z");
            until(() -> site.waldur.usages().size() == 6);
            until(() -> site.deadLetters().isEmpty());
        }
    }
}
