package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A window of 1,000 seconds; one CPU is held, so that CPU-seconds are seconds. */
class WindowCountTest {
    private static final long FROM = 1_793_836_800;
    private static final Tres TRES = Tres.parse("cpu=1");
    private static final LiveJobs LIVE = new LiveJobs(FROM + 900, Set.of(1L, 2L, 3L), 0, Map.of(), 3600);
    private final Map<Long, Long> seconds = new HashMap<>();
    private WindowCount count;

    @BeforeEach
    void window() {
        count = new WindowCount(new Window(YearMonth.of(2026, 11), FROM, FROM + 1000), LIVE, Holders.NONE, (window, run, s) -> seconds.merge(run.id(), s, Long::sum));
    }

    private static JobRun run(long id, long start, long end, boolean open, boolean paused, long suspended) {
        return new JobRun(id, new JobRun.Owner("hpc_one", "amy"), FROM + start, FROM + end, open, paused, Math.max(0, end - start - suspended), suspended,
                JobRun.UNLIMITED, TRES);
    }

    private static JobRun over(long id, long start, long end, long suspended) {
        return run(id, start, end, false, false, suspended);
    }

    private static JobRun open(long id, long start, long now, long suspended) {
        return run(id, start, now, true, false, suspended);
    }

    /** As sacct gives it with {@code --truncate}, where all have an end. */
    private static JobRun clipped(long id, long start, long end, boolean paused, long suspended) {
        return run(id, start, end, false, paused, suspended);
    }

    private BigDecimal cpuSeconds() {
        BigDecimal sum = count.total().accounts().values().stream().flatMap(users -> users.values().stream()).flatMap(tres -> tres.values().stream())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isEqualByComparingTo(BigDecimal.valueOf(seconds.values().stream().mapToLong(s -> s).sum()));
        return sum;
    }

    @Test
    void runsAreClippedToTheSecond() {
        count.add(over(1, -500, 0, 0));
        count.add(over(2, -500, 1, 0));
        count.add(over(3, 999, 5000, 0));
        count.add(over(4, 1000, 5000, 0));
        count.add(over(5, -500, 5000, 0));
        count.add(over(6, 10, 10, 0));
        count.add(over(7, 20, 90, 30));
        count.add(over(8, 0, 1000, 999));
        count.add(over(9, 0, 1000, 2000));
        assertThat(count.interrupted()).isEmpty();
        assertThat(cpuSeconds()).isEqualByComparingTo("1043");
        assertThat(seconds).isEqualTo(Map.of(2L, 1L, 3L, 1L, 5L, 1000L, 7L, 40L, 8L, 1L));
    }

    @Test
    void whatIsNotOverIsCountedUpToNowAndKeepsTheWindowOpen() {
        count.add(over(4, 0, 100, 0));
        assertThat(count.isOpen()).isFalse();
        count.add(open(1, 100, 900, 0));
        assertThat(count.isOpen()).isTrue();
        assertThat(count.latest()).isEqualTo(FROM + 900);
        assertThat(cpuSeconds()).isEqualByComparingTo("900");
    }

    @Test
    void whatBeginsAfterTheWindowDoesNotKeepItOpen() {
        count.add(open(1, 1000, 1900, 0));
        assertThat(count.isOpen()).isFalse();
        assertThat(cpuSeconds()).isEqualByComparingTo("0");
    }

    @Test
    void ofAnInterruptedRunMoreIsAsked() {
        count.add(over(1, -500, 500, 100));
        assertThat(count.interrupted()).containsExactly(1L);
        assertThatThrownBy(() -> count.total()).isInstanceOf(UsageUnknown.class).hasMessageContaining("[1]");
        count.addTruncated(clipped(7, 0, 500, false, 30));
        count.addTruncated(clipped(1, 0, 500, false, 30));
        count.addTruncated(clipped(1, 0, 500, false, 30));
        assertThat(cpuSeconds()).isEqualByComparingTo("470");
    }

    @Test
    void aJobThatWasResizedInTheVerySecond() {
        count.add(over(1, -500, 0, 10));
        count.add(over(1, 0, 5000, 100));
        count.addTruncated(clipped(1, 0, 0, false, 0));
        assertThat(count.interrupted()).containsExactly(1L);
        count.addTruncated(clipped(1, 0, 1000, false, 30));
        assertThat(cpuSeconds()).isEqualByComparingTo("970");
    }

    @Test
    void aSuspensionThatGoesOn() {
        // suspended from 600 on; earlier for 40 s before the window and for 10 s within it
        count.add(open(1, -500, 900, 350));
        count.addTruncated(clipped(1, 0, 905, true, 10));
        assertThat(count.paused()).containsExactly(1L);
        count.addWhole(clipped(7, -500, 910, true, 50));
        count.addWhole(clipped(1, -500, 910, true, 50));
        assertThat(count.paused()).isEmpty();
        assertThat(cpuSeconds()).isEqualByComparingTo("590");
    }

    @Test
    void aSuspensionThatGoesOnSinceBeforeTheWindow() {
        count.add(open(1, -500, 900, 1000));
        count.addTruncated(clipped(1, 0, 900, true, 0));
        count.addWhole(clipped(1, -500, 900, true, 0));
        assertThat(cpuSeconds()).isEqualByComparingTo("0");
    }

    @Test
    void aSuspensionThatBeginsBetweenTheFirstTwoCommands() {
        count.add(open(1, -500, 900, 100));
        count.addTruncated(clipped(1, 0, 950, true, 20));
        count.addWhole(clipped(1, -500, 960, true, 100));
        assertThat(cpuSeconds()).isEqualByComparingTo("880");
    }

    @Test
    void aSuspensionThatEndsBetweenTheFirstTwoCommands() {
        // since 600; it ended at 902, and that is not known to have been after the first answer
        count.add(open(1, -500, 900, 400));
        count.addTruncated(clipped(1, 0, 910, false, 302));
        assertThat(cpuSeconds()).isEqualByComparingTo("598");
    }

    @Test
    void aSuspensionThatEndsBetweenTheLastTwoCommandsIsUnknownUntilTheNextReading() {
        count.add(open(1, -500, 900, 400));
        count.addTruncated(clipped(1, 0, 905, true, 0));
        count.addWhole(clipped(1, -500, 910, false, 407));
        assertThatThrownBy(() -> count.total()).isInstanceOf(UsageUnknown.class).hasMessageContaining("although they were suspended: [1]");
    }

    @Test
    void twoRunsOfOneJobAtTheSameTime() {
        count.add(over(1, -500, 500, 100));
        assertThatThrownBy(() -> count.add(open(1, -400, 900, 20))).isInstanceOf(UsageUnknown.class).hasMessageContaining("two runs of job 1 at the same time");
    }

    @Test
    void aRunawayIsCountedUpToWhereItWasSeen() {
        LiveJobs live = new LiveJobs(FROM + 900, Set.of(), FROM + 400, Map.of(), 3600);
        count = new WindowCount(new Window(YearMonth.of(2026, 11), FROM, FROM + 1000), live, Holders.NONE, (window, run, s) -> seconds.merge(run.id(), s, Long::sum));
        count.add(open(1, 100, 900, 0));
        count.add(open(2, -700, 900, 200));
        count.addTruncated(clipped(2, 0, 900, false, 50));
        assertThat(count.isOpen()).as("it does not keep the window open").isFalse();
        assertThat(count.latest()).isZero();
        assertThat(count.runaways().keySet()).containsExactlyInAnyOrder("1:" + (FROM + 100), "2:" + (FROM - 700));
        assertThat(cpuSeconds()).isEqualByComparingTo("650");
        assertThat(seconds).isEqualTo(Map.of(1L, 300L, 2L, 350L));
    }

    @Test
    void aRunawayThatIsSuspended() {
        // lost at 400 at the earliest, suspended since 300
        LiveJobs live = new LiveJobs(FROM + 900, Set.of(), FROM + 400, Map.of(), 3600);
        count = new WindowCount(new Window(YearMonth.of(2026, 11), FROM, FROM + 1000), live, Holders.NONE, (window, run, s) -> seconds.merge(run.id(), s, Long::sum));
        count.add(open(1, -700, 900, 600));
        count.addTruncated(clipped(1, 0, 900, true, 0));
        count.addWhole(clipped(1, -700, 900, true, 0));
        assertThat(cpuSeconds()).isEqualByComparingTo("300");
    }

    @Test
    void whatKindOfRunsAWindowHas() {
        assertThat(count.isEmpty()).isTrue();
        count.add(open(1, 0, 900, 0));
        assertThat(count.isEmpty()).isFalse();
        assertThat(count.isLasting()).as("a runaway that is mended ends when it began").isFalse();
        count.add(over(2, -500, 0, 0));
        assertThat(count.isLasting()).isTrue();
    }
}
