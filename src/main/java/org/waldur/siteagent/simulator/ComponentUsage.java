package org.waldur.siteagent.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;

/**
 * What a resource used of a component in a month.
 *
 * @param planPeriod uuid; null for usage from before the resource's first plan period
 * @param amount     of the whole month, with two decimals
 * @param date       when it was reported, or the moment that was reported for
 */
record ComponentUsage(String uuid, String resource, String type, String planPeriod, YearMonth month, BigDecimal amount, Instant date,
        Instant created, String description, boolean recurring, int modifiedBy) {

    ComponentUsage with(BigDecimal other) {
        return new ComponentUsage(uuid, resource, type, planPeriod, month, other, date, created, description, recurring, modifiedBy);
    }

    ComponentUsage once() {
        return new ComponentUsage(uuid, resource, type, planPeriod, month, amount, date, created, description, false, modifiedBy);
    }
}
