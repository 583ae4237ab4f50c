package org.waldur.siteagent.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a month that is asked of sacct at once.
 *
 * @param month in the billing time zone
 * @param from  epoch seconds, inclusive
 * @param to    epoch seconds, exclusive
 */
public record Window(YearMonth month, long from, long to) {
    private static final DateTimeFormatter SACCT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    /**
     * The windows of a month, each of so many whole days and the last one shorter; those that begin after {@code until} are left out.
     *
     * @param days  1 or more
     * @param until epoch seconds
     */
    static List<Window> of(YearMonth month, ZoneId zone, int days, long until) {
        if (days < 1) {
            throw new IllegalArgumentException("a window has a day or more, and not " + days);
        }
        List<Window> windows = new ArrayList<>();
        LocalDate end = month.plusMonths(1).atDay(1);
        for (LocalDate day = month.atDay(1); day.isBefore(end) && epoch(day, zone) <= until; day = day.plusDays(days)) {
            LocalDate next = day.plusDays(days);
            windows.add(new Window(month, epoch(day, zone), epoch(next.isBefore(end) ? next : end, zone)));
        }
        return windows;
    }

    private static long epoch(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toEpochSecond();
    }

    /** For {@code --starttime} of sacct, which the agent runs in UTC. */
    public String getStart() {
        return SACCT.format(Instant.ofEpochSecond(from));
    }

    /** For {@code --endtime} of sacct, which is exclusive. */
    public String getEnd() {
        return SACCT.format(Instant.ofEpochSecond(to));
    }
}
