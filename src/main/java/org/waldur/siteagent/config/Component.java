package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of {@code backend_components}: what is sold, and how Waldur's unit relates to Slurm's.
 *
 * @param type            the component's type in Waldur, which is the name of a TRES unless {@code targetComponents} says otherwise
 * @param label           what customers see
 * @param measuredUnit    Waldur's unit, for example {@code k-Hours}
 * @param unitFactor      Slurm's TRES-minutes (CPU-minutes, MB-minutes) in one of Waldur's units; above 0
 * @param accountingType  who decides the amount
 * @param limit           for usage-billed components: the constant limit of every allocation, in Waldur's unit
 * @param targetComponents TRES name to factor, for a component that is made of several TRES; empty otherwise
 * @param waldur          the other keys that {@code load-components} sends to Waldur as they are (min_value, limit_period ...)
 */
public record Component(
        String type,
        String label,
        String measuredUnit,
        BigDecimal unitFactor,
        AccountingType accountingType,
        Optional<BigDecimal> limit,
        Map<String, BigDecimal> targetComponents,
        Map<String, Object> waldur) {

    /** {@code limit}: the order says how much; {@code usage}: the constant in the config; {@code one}: prepaid, ordered like a limit. */
    public enum AccountingType { LIMIT, USAGE, ONE }

    /** The TRES that it is made of, each with its factor. */
    public Map<String, BigDecimal> tres() {
        return targetComponents.isEmpty() ? Map.of(type, BigDecimal.ONE) : targetComponents;
    }
}
