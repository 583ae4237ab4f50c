package org.waldur.siteagent.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The clock and the time zone of a simulated Waldur. */
final class WaldurClock {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");
    private static final DateTimeFormatter HTTP = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private Clock clock = Clock.systemUTC();
    private ZoneId zone = ZoneOffset.UTC;
    private Instant last = Instant.MIN;

    void set(Clock other) {
        clock = other;
        // going back is allowed; what stays ordered then is what comes from now on
        last = now().isBefore(last.truncatedTo(ChronoUnit.SECONDS)) ? Instant.MIN : last;
    }

    void zone(ZoneId other) {
        zone = other;
    }

    ZoneId zone() {
        return zone;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Now, but later than any time that was given before: rows keep the order in which they were made. */
    Instant tick() {
        Instant now = now();
        last = now.isAfter(last) ? now : last.plus(Duration.of(1, ChronoUnit.MICROS));
        return last;
    }

    /** As Waldur writes it: in its zone, with microseconds unless they are 0. */
    String text(Instant instant) {
        ZonedDateTime local = instant.atZone(zone);
        return (local.getNano() == 0 ? SECONDS : MICROS).format(local);
    }

    YearMonth month(Instant instant) {
        return YearMonth.from(instant.atZone(zone));
    }

    /** Of the header {@code Date}. */
    String httpDate() {
        return HTTP.format(now());
    }
}
