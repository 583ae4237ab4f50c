package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Undated usage is booked in the month that Waldur has when it carries the request out: that must be the month of the usage. */
class BookingTest {
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    private static String booking(YearMonth month, String own, String server, String zone, boolean dates) {
        Booking booking = Booking.of(month, Instant.parse(own), Optional.ofNullable(server).map(Instant::parse), ZoneId.of(zone), dates);
        return booking instanceof Booking.Undated ? "undated" : booking instanceof Booking.Dated dated ? dated.date() : ((Booking.Closed) booking).why();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        // own clock, server's clock, zone, a server that heeds dates, one that does not
        "2026-11-20T12:00:00Z, 2026-11-20T12:00:00Z, UTC, undated, undated",
        "2026-11-01T00:00:00Z, 2026-11-01T00:00:00Z, UTC, undated, undated",
        // the server may be late: two minutes before the end the month is not certain any more
        "2026-11-30T23:57:59Z, 2026-11-30T23:57:59Z, UTC, undated, undated",
        "2026-11-30T23:58:00Z, 2026-11-30T23:57:59Z, UTC, 2026-11-15T12:00:00Z, is about to end",
        "2026-11-30T23:57:59Z, 2026-11-30T23:58:00Z, UTC, 2026-11-15T12:00:00Z, is about to end",
        "2026-11-30T23:59:59Z, 2026-11-30T23:59:59Z, UTC, 2026-11-15T12:00:00Z, is about to end",
        // one of us is in the next month already
        "2026-12-01T00:00:05Z, 2026-11-30T23:59:50Z, UTC, 2026-11-15T12:00:00Z, is about to end",
        "2026-11-30T23:59:50Z, 2026-12-01T00:00:05Z, UTC, 2026-11-15T12:00:00Z, the month is over",
        "2026-12-01T00:00:00Z, 2026-12-01T00:00:00Z, UTC, 2026-11-15T12:00:00Z, the month is over",
        // or still in the one before
        "2026-10-31T23:59:50Z, 2026-11-01T00:00:05Z, UTC, both must have begun, both must have begun",
        "2026-11-01T00:00:05Z, 2026-10-31T23:59:50Z, UTC, both must have begun, both must have begun",
        "2026-11-20T12:00:00Z, -, UTC, gave no Date, gave no Date",
        // months begin and end at midnight of the billing time zone
        "2026-11-30T21:57:59Z, 2026-11-30T21:57:59Z, Europe/Tallinn, undated, undated",
        "2026-11-30T22:00:00Z, 2026-11-30T22:00:00Z, Europe/Tallinn, 2026-11-15T12:00:00Z, the month is over",
        "2026-10-31T22:00:00Z, 2026-10-31T22:00:00Z, Europe/Tallinn, undated, undated",
        "2026-10-31T21:59:59Z, 2026-10-31T21:59:59Z, Europe/Tallinn, both must have begun, both must have begun",
        "2026-12-01T04:57:59Z, 2026-12-01T04:57:59Z, America/New_York, undated, undated",
        "2026-12-01T04:58:00Z, 2026-12-01T04:58:00Z, America/New_York, 2026-11-15T12:00:00Z, is about to end"})
    void november(String own, String server, String zone, String withDates, String without) {
        assertThat(booking(NOVEMBER, own, server, zone, true)).contains(withDates);
        assertThat(booking(NOVEMBER, own, server, zone, false)).contains(without);
    }

    /** U14 of the Python agent: first figures of a month must not overwrite those of the one before. */
    @Test
    void aMonthThatTurnsWhileACycleRuns() {
        YearMonth march = YearMonth.of(2025, 3);
        assertThat(booking(march, "2025-03-31T23:59:50Z", "2025-03-31T23:59:50Z", "UTC", false)).contains("is about to end");
        assertThat(booking(march, "2025-04-01T00:00:05Z", "2025-04-01T00:00:05Z", "UTC", false)).contains("the month is over");
        assertThat(booking(march.plusMonths(1), "2025-04-01T00:00:05Z", "2025-03-31T23:59:58Z", "UTC", false)).contains("both must have begun");
    }

    @Test
    void theDateIsInThatMonthEverywhere() {
        for (String zone : ZoneId.getAvailableZoneIds()) {
            String date = booking(NOVEMBER, "2026-12-20T12:00:00Z", "2026-12-20T12:00:00Z", zone, true);
            assertThat(YearMonth.from(Instant.parse(date).atZone(ZoneId.of(zone)))).isEqualTo(NOVEMBER);
        }
    }
}
