package org.waldur.siteagent.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;

/** Whether and how usage of a month can be booked in Waldur at this moment. */
sealed interface Booking {
    /** As it is: the server's month is this one. */
    record Undated() implements Booking {
    }

    /** With a date within that month. */
    record Dated(String date) implements Booking {
    }

    /** Not, and why. */
    record Closed(String why) implements Booking {
    }

    /** A request may take so long to be carried out, and would be booked in the month that is then. */
    Duration LONGEST_REQUEST = Duration.ofSeconds(120);

    /**
     * @param own    our clock
     * @param server the server's clock, by the Date of its answers; empty if it has given none
     * @param dates  whether this server heeds the field {@code date} of set_usage; an old one ignores it and would book in the month that it has
     */
    static Booking of(YearMonth month, Instant own, Optional<Instant> server, ZoneId zone, boolean dates) {
        if (server.isEmpty()) {
            return new Closed("Waldur gave no Date, so nobody knows which month it has");
        }
        YearMonth theirs = month(server.get(), zone);
        YearMonth ours = month(own, zone);
        if (month.isAfter(theirs) || month.isAfter(ours)) {
            return new Closed("Waldur has " + theirs + ", and we have " + ours + "; both must have begun the month");
        }
        boolean now = month.equals(theirs) && month.equals(ours) && month.equals(month(server.get().plus(LONGEST_REQUEST), zone))
                && month.equals(month(own.plus(LONGEST_REQUEST), zone));
        if (now) {
            return new Undated();
        }
        if (!dates) {
            return new Closed(month.equals(theirs) ? "the month is about to end, and this Waldur heeds no date" : "the month is over, and this Waldur heeds no date");
        }
        return new Dated(middle(month).toString());
    }

    /** Noon in the middle of a month, which is in that month for every time zone. */
    static Instant middle(YearMonth month) {
        return Instant.parse(month.atDay(15) + "T12:00:00Z");
    }

    /** The month in which a moment lies. */
    static YearMonth month(Instant moment, ZoneId zone) {
        return YearMonth.from(moment.atZone(zone));
    }
}
