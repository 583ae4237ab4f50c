package org.waldur.siteagent.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;

class LimitsTest {
    private static final Component CPU = component("cpu", "60000", AccountingType.LIMIT, null);
    private static final Component MEM = component("mem", "61440", AccountingType.USAGE, "10");

    static Component component(String type, String factor, AccountingType accounting, String limit) {
        return new Component(type, type, "units", new BigDecimal(factor), accounting, Optional.ofNullable(limit).map(BigDecimal::new), Map.of(), Map.of());
    }

    private static Limits of(Map<String, Optional<BigDecimal>> ordered, MissingLimit missing, Component... components) {
        Map<String, Component> byType = new LinkedHashMap<>();
        for (Component component : components) {
            byType.put(component.type(), component);
        }
        return Limits.of(byType, ordered, 1, missing, true);
    }

    private static Map<String, Optional<BigDecimal>> cpu(String limit) {
        return Map.of("cpu", Optional.ofNullable(limit).map(BigDecimal::new));
    }

    @ParameterizedTest
    @CsvSource({"10,600000", "10.5,630000", "0,0", "0.000001,1", "0.00001,1", "1e3,60000000"})
    void waldursUnitTimesTheFactor(String limit, long minutes) {
        assertThat(of(cpu(limit), MissingLimit.HOLD, CPU, MEM).grpTresMins()).isEqualTo(Map.of("cpu", minutes, "mem", 614400L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0.5", "1e25", "1e999999999", "1e-999999999", "153722867280913"})
    void aLimitThatSlurmCannotHoldIsInvalid(String limit) {
        assertThatThrownBy(() -> of(cpu(limit), MissingLimit.HOLD, component("cpu", "600000", AccountingType.LIMIT, null)))
                .isInstanceOf(Limits.InvalidLimit.class).hasMessageContaining("cpu");
    }

    @Test
    void anAbsentLimitIsNeverTakenForNoLimit() {
        assertThat(of(Map.of(), MissingLimit.HOLD, CPU).missing()).containsExactly("cpu");
        assertThat(of(cpu(null), MissingLimit.HOLD, CPU).missing()).containsExactly("cpu");
        assertThat(of(Map.of(), MissingLimit.ZERO, CPU).grpTresMins()).isEqualTo(Map.of("cpu", 0L));
        assertThat(of(Map.of(), MissingLimit.UNLIMITED, CPU).grpTresMins()).isEqualTo(Map.of("cpu", -1L));
        assertThat(of(Map.of(), MissingLimit.UNLIMITED, CPU).missing()).isEmpty();
    }

    @Test
    void oneComponentMayBeSeveralTres() {
        Component node = new Component("node_hours", "", "h", new BigDecimal("60"), AccountingType.LIMIT, Optional.empty(),
                Map.of("cpu", new BigDecimal("64"), "gres/gpu", new BigDecimal("8")), Map.of());
        assertThat(of(Map.of("node_hours", Optional.of(BigDecimal.TEN)), MissingLimit.HOLD, node).grpTresMins())
                .isEqualTo(Map.of("cpu", 38400L, "gres/gpu", 4800L));
    }

    @ParameterizedTest
    @CsvSource({"2026-01-01,2027-01-01,12", "2024-01-15,2024-07-15,6", "2024-01-15,2024-07-16,7", "2024-01-15,2024-01-20,1", "2024-05-01,2024-01-01,1"})
    void prepaidMonthsAreBegunMonths(LocalDate created, LocalDate end, int months) {
        assertThat(Limits.prepaidMonths(Optional.of(created), Optional.of(end))).isEqualTo(months);
    }

    @Test
    void prepaidLimitsAreMultiplied() {
        Component prepaid = component("cpu", "60", AccountingType.ONE, null);
        assertThat(Limits.of(Map.of("cpu", prepaid), cpu("6"), 12, MissingLimit.HOLD, true).grpTresMins()).isEqualTo(Map.of("cpu", 4320L));
    }
}
