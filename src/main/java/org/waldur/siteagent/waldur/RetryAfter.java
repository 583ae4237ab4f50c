package org.waldur.siteagent.waldur;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what went wrong and may pass, and waits as long as the server has asked for before the next try: {@code Retry-After}, seconds or a
 * date, at most two minutes.
 */
public final class RetryAfter implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger("waldur");
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final BigInteger MOST_SECONDS = BigInteger.valueOf(LONGEST.toSeconds());

    @Override
    public void process(Exchange exchange) {
        exchange.getIn().removeHeader(Exchange.REDELIVERY_DELAY);
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException(), Exception.class);
        LOG.warn("{} failed, which may pass: {}", exchange.getVariable("request", "A request", String.class), text(Refusal.cause(caught)));
        if (caught instanceof HttpOperationFailedException answer) {
            Map<String, String> headers = answer.getResponseHeaders() == null ? Map.of() : answer.getResponseHeaders();
            headers.entrySet().stream().filter(h -> h.getKey().equalsIgnoreCase("Retry-After")).findFirst()
                    .flatMap(h -> delay(h.getValue(), Instant.now()))
                    .ifPresent(delay -> exchange.getIn().setHeader(Exchange.REDELIVERY_DELAY, delay.toMillis()));
        }
    }

    private static String text(Throwable cause) {
        return cause instanceof HttpOperationFailedException answer ? Refusal.text(answer) : Text.oneLine(String.valueOf(cause), 300);
    }

    /** Empty for what is neither seconds nor a date. */
    static Optional<Duration> delay(String value, Instant now) {
        try {
            Duration delay = value.strip().matches("\\d+") ? Duration.ofSeconds(new BigInteger(value.strip()).min(MOST_SECONDS).longValue())
                    : Duration.between(now, ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(delay.isNegative() ? Duration.ZERO : delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
