package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTimesTest {
    private static final long PERIOD = Duration.ofMinutes(30).toMillis();
    private Instant now;
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    /** The times at which it is due, if it is asked every minute. */
    private List<String> due(ReportTimes times, String from, String to) {
        List<String> due = new ArrayList<>();
        for (now = Instant.parse(from); now.isBefore(Instant.parse(to)); now = now.plusSeconds(60)) {
            if (times.isDue(PERIOD, 10)) {
                due.add(now.toString().substring(8, 16));
            }
        }
        return due;
    }

    private ReportTimes times(String... zones) {
        return new ReportTimes(clock, Set.of(zones).stream().map(ZoneId::of).toList());
    }

    @Test
    void everyPeriodAndAtOnceAfterTheStart() {
        assertThat(due(times("UTC"), "2026-11-20T12:07:00Z", "2026-11-20T13:40:00Z")).containsExactly("20T12:07", "20T12:37", "20T13:07", "20T13:37");
    }

    @Test
    void onceMoreRightBeforeAMonthEnds() {
        assertThat(due(times("UTC"), "2026-11-30T23:10:00Z", "2026-12-01T01:00:00Z")).containsExactly("30T23:10", "30T23:40", "30T23:50", "01T00:20", "01T00:50");
        assertThat(due(times("UTC"), "2026-11-30T22:50:00Z", "2026-12-01T00:30:00Z")).as("no second one if it falls on that minute")
                .containsExactly("30T22:50", "30T23:20", "30T23:50", "01T00:20");
        assertThat(due(times("UTC"), "2026-11-29T23:10:00Z", "2026-11-30T00:30:00Z")).as("not on other days").containsExactly("29T23:10", "29T23:40", "30T00:10");
    }

    @Test
    void inTheTimeZoneOfEachOffering() {
        assertThat(due(times("UTC", "Europe/Tallinn"), "2026-11-30T21:25:00Z", "2026-11-30T22:30:00Z")).containsExactly("30T21:25", "30T21:50", "30T22:20");
        assertThat(due(times("UTC", "Europe/Tallinn"), "2026-11-30T23:25:00Z", "2026-12-01T00:30:00Z")).containsExactly("30T23:25", "30T23:50", "01T00:20");
        assertThat(due(times("Asia/Kathmandu"), "2026-11-30T17:55:00Z", "2026-11-30T18:40:00Z")).containsExactly("30T17:55", "30T18:05", "30T18:35");
    }

    @Test
    void aCallThatWasMissedBecauseACycleRanIsMadeUpFor() {
        ReportTimes times = times("UTC");
        now = Instant.parse("2026-11-30T23:48:00Z");
        assertThat(times.isDue(PERIOD, 10)).isTrue();
        now = Instant.parse("2026-11-30T23:55:00Z");
        assertThat(times.isDue(PERIOD, 10)).isTrue();
        now = Instant.parse("2026-11-30T23:56:00Z");
        assertThat(times.isDue(PERIOD, 10)).isFalse();
    }

    @Test
    void aClockThatIsSetBack() {
        ReportTimes times = times("UTC");
        now = Instant.parse("2030-01-01T00:00:00Z");
        assertThat(times.isDue(PERIOD, 10)).isTrue();
        now = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(times.isDue(PERIOD, 10)).isTrue();
        now = now.plusSeconds(60);
        assertThat(times.isDue(PERIOD, 10)).isFalse();
    }

    @Test
    void withoutOfferings() {
        now = Instant.parse("2026-11-30T23:55:00Z");
        ReportTimes times = times();
        assertThat(times.isDue(PERIOD, 10)).isTrue();
        assertThat(times.isDue(PERIOD, 10)).isFalse();
    }
}
