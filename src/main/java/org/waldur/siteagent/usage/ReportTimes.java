package org.waldur.siteagent.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;

/**
 * When to report: every period, and once more right before a month ends in the time zone of any offering, because a server may take no usage
 * of a month that is over. Bean {@code reportTimes}.
 */
public final class ReportTimes {
    private final Clock clock;
    private final Collection<ZoneId> zones;
    private Instant last = Instant.MIN;

    public ReportTimes(Clock clock, Collection<ZoneId> zones) {
        this.clock = clock;
        this.zones = zones;
    }

    /** Whether it is time; if so, the next time counts from now. @param before minutes before the end of a month */
    public synchronized boolean isDue(long periodMillis, long before) {
        Instant now = clock.instant();
        boolean due = last.equals(Instant.MIN) || !now.isBefore(last.plusMillis(periodMillis)) || now.isBefore(last)
                || zones.stream().anyMatch(zone -> isLastCall(zone, now, Duration.ofMinutes(before)));
        if (due) {
            last = now;
        }
        return due;
    }

    private boolean isLastCall(ZoneId zone, Instant now, Duration before) {
        Instant call = Booking.month(now, zone).plusMonths(1).atDay(1).atStartOfDay(zone).toInstant().minus(before);
        return !now.isBefore(call) && last.isBefore(call);
    }
}
