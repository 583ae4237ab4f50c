package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Optional;

/**
 * What a resource, or one person on it, used of a component in a month, beside what Waldur has. In Waldur's units, with two decimals.
 *
 * @param resource its uuid
 * @param user     as Slurm names him; empty: all of them together, which is what is billed
 * @param used     empty if it is Unknown
 * @param booked   empty if Waldur has nothing
 * @param why      what there is to say about the state; may be empty
 */
public record Figure(String offering, String resource, String account, YearMonth month, String component, String user, Optional<BigDecimal> used,
        Optional<BigDecimal> booked, State state, String why) {

    /** What becomes of it. */
    public enum State {
        /** Waldur has it. */
        SAME,
        /** It is to be booked. */
        NEW,
        /** It would fall, and waits for an operator. */
        HELD,
        /** It differs, and its month cannot be booked any more, or not yet. */
        CLOSED,
        /** It could not be read. */
        UNKNOWN
    }

    /** Whether it is of the whole resource. */
    public boolean isTotal() {
        return user.isEmpty();
    }

    /** What Waldur lacks; below zero: what it has too much. Empty if what was used is Unknown. */
    public Optional<BigDecimal> missing() {
        return used.map(amount -> amount.subtract(booked.orElse(BigDecimal.ZERO)));
    }

    /** Whether Waldur has another amount; nothing is as good as zero. */
    public boolean differs() {
        return missing().filter(amount -> amount.signum() != 0).isPresent();
    }

    Figure with(State changed, String reason) {
        return new Figure(offering, resource, account, month, component, user, used, booked, changed, reason);
    }
}
