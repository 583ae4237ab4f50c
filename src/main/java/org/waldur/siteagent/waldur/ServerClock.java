package org.waldur.siteagent.waldur;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.waldur.siteagent.config.Offering;

/**
 * What time it is for each server, by the {@code Date} of its last answer. Usage without a date is booked in the month that the server
 * has. Bean {@code serverClock}.
 */
public final class ServerClock {
    private final Clock clock;
    private final Map<URI, Duration> ahead = new ConcurrentHashMap<>();

    public ServerClock(Clock clock) {
        this.clock = clock;
    }

    /** @param date as in RFC 9110; null or anything else than a date says nothing */
    public void saw(Offering offering, String date) {
        try {
            if (date != null) {
                Instant server = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                ahead.put(offering.apiUrl(), Duration.between(clock.instant(), server));
            }
        } catch (DateTimeParseException e) {
            // the time of its last answer goes on
        }
    }

    /** Now, as the server has it; empty if it has never said. */
    public Optional<Instant> now(Offering offering) {
        return Optional.ofNullable(ahead.get(offering.apiUrl())).map(clock.instant()::plus);
    }
}
