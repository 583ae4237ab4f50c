package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;

/** What is read cycle after cycle while things go wrong. One CPU is held, so that CPU-seconds are seconds. */
class ReadingTest {
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final Instant DAY = Instant.parse("2026-11-10T00:00:00Z");
    private static final Offering OFFERING = Offerings.of(ZoneId.of("UTC"));
    private static final String ONE_CPU = "cpu=1";
    private static final long HOUR = 3600;

    @TempDir
    Path folder;
    private SlurmLook look;
    private final List<TrueJob> jobs = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        look = new SlurmLook(folder, new Random(1));
    }

    @AfterEach
    void stop() throws IOException {
        look.close();
    }

    private void job(int id, long start, Long end) {
        job(SlurmRun.ran(id, "hpc_one", "amy", at(start), end == null ? null : at(end), ONE_CPU).limitedTo(SlurmRun.UNLIMITED));
    }

    private void job(SlurmRun run) {
        jobs.add(TrueJob.of(run));
    }

    private static Instant at(long seconds) {
        return DAY.plusSeconds(seconds);
    }

    private Reading read(long at, int anew) {
        return look.at(at(at), jobs).read(OFFERING, List.of(NOVEMBER), at(at), 1, anew);
    }

    private long cpuSeconds(long at) {
        return cpuSeconds(read(at, 24));
    }

    private static long cpuSeconds(Reading reading) {
        assertThat(reading.trouble(NOVEMBER)).isEmpty();
        return reading.of(NOVEMBER).orElseThrow().of("hpc_one").values().stream().flatMap(tres -> tres.values().stream()).reduce(BigDecimal.ZERO, BigDecimal::add)
                .longValueExact();
    }

    private int windowsRead(long at) {
        look.commands.clear();
        read(at, 24);
        return look.commands.size();
    }

    @Test
    void whatIsFinishedIsNotReadAgain() {
        for (int day = 0; day < 10; day++) {
            job(day + 1, day * -86_400L, day * -86_400L + 100);
        }
        assertThat(cpuSeconds(12 * HOUR)).isEqualTo(1000);
        assertThat(windowsRead(12 * HOUR + 1800)).as("today").isEqualTo(1);
        assertThat(cpuSeconds(13 * HOUR)).isEqualTo(1000);
    }

    @Test
    void whatCameLateIsFoundWhenAllIsReadAnew() {
        job(1, -86_400, -86_300L);
        assertThat(cpuSeconds(12 * HOUR)).isEqualTo(100);
        job(2, -86_400, -86_200L);
        assertThat(cpuSeconds(13 * HOUR)).isEqualTo(100);
        assertThat(cpuSeconds(read(13 * HOUR, 0))).isEqualTo(300);
        job(3, -86_400, -86_100L);
        assertThat(cpuSeconds(14 * HOUR)).isEqualTo(300);
        assertThat(cpuSeconds(13 * HOUR + 86_399)).isEqualTo(300);
        assertThat(cpuSeconds(13 * HOUR + 86_400)).isEqualTo(600);
    }

    @Test
    void whatWasWrittenByAWrongClockIsReadAgain() {
        job(1, -86_400, -86_300L);
        look.at(at(0), jobs).read(OFFERING, List.of(NOVEMBER), at(10 * 86_400), 1, 24);
        job(2, -86_400, -86_200L);
        assertThat(cpuSeconds(12 * HOUR)).isEqualTo(300);
    }

    @Test
    void aLongRunKeepsItsDaysOpenUntilItIsOver() {
        job(1, -3 * 86_400, 12 * HOUR);
        assertThat(cpuSeconds(HOUR)).isEqualTo(3 * 86_400 + HOUR);
        assertThat(windowsRead(2 * HOUR)).isGreaterThanOrEqualTo(4);
        assertThat(cpuSeconds(13 * HOUR)).isEqualTo(3 * 86_400 + 12 * HOUR);
        assertThat(windowsRead(14 * HOUR)).isOne();
        assertThat(cpuSeconds(15 * HOUR)).isEqualTo(3 * 86_400 + 12 * HOUR);
    }

    @Test
    void aDayWithoutAnyJobIsBelievedWhenItWasEmptyInTwoReadings() {
        job(1, 0, 100L);
        // it prints the header only, as it does when slurmdbd cannot read its database; for the tenth twice, which is as often as a reading asks
        look.slurm.inject(SlurmFault.noRows(argv -> argv.contains("--starttime=2026-11-10T00:00:00")).times(2));
        assertThat(cpuSeconds(26 * HOUR)).isZero();
        assertThat(cpuSeconds(26 * HOUR + 1800)).isEqualTo(100);
        assertThat(windowsRead(27 * HOUR)).as("today is empty, and asked for twice").isEqualTo(2);
    }

    @Test
    void aDayThatHadJobsAndHasNoneIsUnknown() {
        job(1, 0, 100L);
        job(2, -86_400, -86_300L);
        assertThat(cpuSeconds(12 * HOUR)).isEqualTo(200);
        look.slurm.inject(SlurmFault.noRows(argv -> argv.contains("--starttime=2026-11-10T00:00:00")).times(2));
        Reading today = read(13 * HOUR, 24);
        assertThat(today.trouble(NOVEMBER)).contains("sacct had jobs between 2026-11-10T00:00:00 and 2026-11-11T00:00:00 before, and has none now");
        assertThat(today.of(NOVEMBER)).isEmpty();
        assertThat(cpuSeconds(14 * HOUR)).isEqualTo(200);
        look.slurm.inject(SlurmFault.noRows(argv -> argv.contains("--starttime=2026-11-09T00:00:00")).times(2));
        assertThat(read(15 * HOUR, 0).trouble(NOVEMBER)).contains("had jobs between 2026-11-09T00:00:00");
        assertThat(cpuSeconds(16 * HOUR)).isEqualTo(200);
    }

    @Test
    void aRunawayThatIsMendedMakesNoDayUnknown() {
        job(1, 0, null);
        assertThat(cpuSeconds(HOUR)).isEqualTo(HOUR);
        jobs.clear();
        job(1, 0, 0L);
        job(2, -86_400, -86_300L);
        assertThat(cpuSeconds(50 * HOUR)).isEqualTo(100);
    }

    @Test
    void aRunThatIsALittleAndThenLongPastItsLimit() {
        job(SlurmRun.ran(1, "hpc_one", "amy", at(0), at(50 * HOUR), ONE_CPU).limitedTo(60));
        long last = 0;
        for (long now = 600; now < 50 * HOUR; now += 1800) {
            long counted = cpuSeconds(now);
            assertThat(counted).isGreaterThanOrEqualTo(last).isEqualTo(Math.min(now, 2 * HOUR));
            last = counted;
        }
        assertThat(cpuSeconds(51 * HOUR)).as("once it is over it is counted as it ran, also on days that were over before").isEqualTo(50 * HOUR);
    }

    @Test
    void aRunawayKeepsWhatWasCounted() {
        job(1, 0, null);
        job(2, 0, null);
        // the clock of slurmdbd is 40 seconds ahead of ours
        assertThat(cpuSeconds(look.at(at(HOUR + 40), jobs).read(OFFERING, List.of(NOVEMBER), at(HOUR), 1, 24))).isEqualTo(2 * (HOUR + 40));
        for (long now = HOUR + 1800; now < 60 * HOUR; now += 5 * HOUR) {
            look.at(at(now + 40), jobs).slurm.forget(1);
            assertThat(cpuSeconds(look.read(OFFERING, List.of(NOVEMBER), at(now), 1, 24))).isEqualTo(HOUR + 40 + now + 40);
        }
    }

    @Test
    void whileNothingCanBeReadARunawayGainsNothing() {
        job(1, 0, null);
        assertThat(cpuSeconds(HOUR)).isEqualTo(HOUR);
        for (long now = 2 * HOUR; now < 10 * HOUR; now += HOUR) {
            look.at(at(now), jobs).slurm.forget(1);
            look.slurm.inject(SlurmFault.noTres(argv -> argv.contains("--starttime=2026-11-10T00:00:00")));
            assertThat(look.read(OFFERING, List.of(NOVEMBER), at(now), 1, 24).of(NOVEMBER)).isEmpty();
        }
        look.at(at(10 * HOUR), jobs).slurm.forget(1);
        assertThat(cpuSeconds(look.read(OFFERING, List.of(NOVEMBER), at(10 * HOUR), 1, 24))).isEqualTo(HOUR);
    }

    @Test
    void aReadingOfAnEarlierMonthKnowsNothingOfRunaways() {
        job(1, -5 * 86_400, null);
        assertThat(cpuSeconds(HOUR)).isEqualTo(5 * 86_400 + HOUR);
        look.at(at(5 * HOUR), jobs).slurm.forget(1);
        look.read(OFFERING, List.of(YearMonth.of(2026, 10)), at(5 * HOUR), 31, 0);
        look.at(at(6 * HOUR), jobs).slurm.forget(1);
        assertThat(cpuSeconds(look.read(OFFERING, List.of(NOVEMBER), at(6 * HOUR), 1, 24))).isEqualTo(5 * 86_400 + HOUR);
    }

    @Test
    void oneMonthThatIsUnknownHarmsNoOther() {
        job(1, -20 * 86_400, -20 * 86_400 + 100L);
        job(2, 0, 200L);
        YearMonth october = YearMonth.of(2026, 10);
        look.slurm.inject(SlurmFault.cutLastLine(argv -> argv.contains("--starttime=2026-10-21T00:00:00")));
        Reading reading = look.at(at(HOUR), jobs).read(OFFERING, List.of(october, NOVEMBER), at(HOUR), 1, 24);
        assertThat(reading.trouble(october)).contains("the answer of sacct is cut");
        assertThat(reading.of(october)).isEmpty();
        assertThat(cpuSeconds(reading)).isEqualTo(200);
        assertThat(reading.known()).containsEntry(october, false).containsEntry(NOVEMBER, true);
        assertThat(reading.of(YearMonth.of(2026, 9))).isEmpty();
        assertThat(look.at(at(HOUR), jobs).read(OFFERING, List.of(october), at(2 * HOUR), 1, 24).of(october).orElseThrow().of("hpc_one")).hasSize(1);
    }
}
