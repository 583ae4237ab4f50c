package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.config.Component;

class FormulasTest {
    private static final long SEED = Long.getLong("seed", 20261101L);
    private static final int ROUNDS = Integer.getInteger("rounds", 2000);

    private static Formulas formulas(Component... components) {
        return Formulas.of(Offerings.of(ZoneOffset.UTC, components));
    }

    private static String amount(Formulas formulas, String component, Object... tresSeconds) {
        Map<String, BigDecimal> used = new TreeMap<>();
        for (int i = 0; i < tresSeconds.length; i += 2) {
            used.put((String) tresSeconds[i], new BigDecimal(tresSeconds[i + 1].toString()));
        }
        return formulas.amount(component, used).toPlainString();
    }

    @ParameterizedTest
    @CsvSource({
        // unit_factor, TRES-seconds, amount
        "60000, 43200, 0.01", "60000, 17999, 0.00", "60000, 18000, 0.01", "60000, 53999, 0.01", "60000, 54000, 0.02", "60000, 0, 0.00",
        "1, 60, 1.00", "1, 0.29, 0.00", "1, 0.3, 0.01", "1, 0.2999999999999999999999999999, 0.00", "61440, 88473600, 24.00",
        "0.01, 1, 1.67", "0.5, 3600, 120.00", "3, 1, 0.01", "7, 2.0999, 0.00", "7, 2.1, 0.01", "1, 99999999999999999999999999, 1666666666666666666666666.65"})
    void roundedOnceHalfUp(String unitFactor, String seconds, String amount) {
        assertThat(amount(formulas(Offerings.component("cpu", unitFactor)), "cpu", "cpu", seconds)).isEqualTo(amount);
    }

    @Test
    void whatIsNotUsedIsZero() {
        Formulas formulas = formulas(Offerings.component("cpu", "60"), Offerings.component("mem", "1"));
        assertThat(amount(formulas, "cpu", "mem", 60)).isEqualTo("0.00");
        assertThat(amount(formulas, "mem", "mem", 60)).isEqualTo("1.00");
        assertThat(formulas.components()).containsExactly("cpu", "mem");
    }

    private static Component nodeHours(String cpu, String gpu) {
        Map<String, BigDecimal> targets = new LinkedHashMap<>();
        targets.put("cpu", new BigDecimal(cpu));
        targets.put("gres/gpu", new BigDecimal(gpu));
        return Offerings.component("node_hours", "60", targets);
    }

    @Test
    void severalTresAreAddedBeforeAnythingIsRounded() {
        // three times a third of 0.015, and two thirds of it: each would be 0.01 if it were rounded alone
        Formulas thirds = formulas(nodeHours("3", "3"));
        assertThat(amount(thirds, "node_hours", "cpu", 54, "gres/gpu", 108)).isEqualTo("0.02");
        assertThat(amount(thirds, "node_hours", "cpu", 18, "gres/gpu", 36)).as("0.005 exactly").isEqualTo("0.01");
        assertThat(amount(thirds, "node_hours", "cpu", "17.9999999999", "gres/gpu", 36)).isEqualTo("0.00");
        Formulas mixed = formulas(nodeHours("64", "8"));
        assertThat(amount(mixed, "node_hours", "cpu", 640 * 3600, "gres/gpu", 80 * 3600)).isEqualTo("20.00");
        assertThat(mixed.tres("node_hours")).containsExactly("cpu", "gres/gpu");
        // a third and two sevenths and no more than 0.005 together: 1/3 + 2/7 = 13/21
        Formulas odd = formulas(nodeHours("3", "7"));
        assertThat(amount(odd, "node_hours", "cpu", 3600, "gres/gpu", 7200)).isEqualTo("0.62");
    }

    @Test
    void anEditMultipliesLeavesOutAndAdds() {
        Formulas formulas = formulas(Offerings.component("cpu", "60"), Offerings.component("mem", "60"));
        assertThat(amount(formulas.times("cpu", "1.5"), "cpu", "cpu", 3600)).isEqualTo("1.50");
        assertThat(amount(formulas.times("cpu", "1.5").times("cpu", "2"), "cpu", "cpu", 3600)).isEqualTo("3.00");
        assertThat(amount(formulas.times("cpu", "0.5"), "mem", "mem", 3600)).isEqualTo("1.00");
        assertThat(amount(formulas.times("cpu", "0.005"), "cpu", "cpu", 3600)).isEqualTo("0.01");
        assertThat(formulas.without("cpu").components()).containsExactly("mem");
        Formulas more = formulas.plus("gpu", "gres/gpu", "60").plus("gpu", "gres/gpu:a100", "30").plus("cpu", "node", "60");
        assertThat(more.components()).containsExactly("cpu", "gpu", "mem");
        assertThat(amount(more, "gpu", "gres/gpu", 3600, "gres/gpu:a100", 3600)).isEqualTo("3.00");
        assertThat(amount(more, "cpu", "cpu", 3600, "node", 7200)).isEqualTo("3.00");
        assertThat(amount(formulas, "cpu", "cpu", 3600, "node", 7200)).as("as it was").isEqualTo("1.00");
        assertThat(formulas.components()).containsExactly("cpu", "mem");
        assertThat(more.times("gpu", "2").without("mem").toString()).isEqualTo("cpu = cpu-minutes / 60 + node-minutes / 60\n"
                + "gpu = gres/gpu-minutes * 2 / 60 + gres/gpu:a100-minutes * 2 / 30");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.0", "", "abc", "1,5", "1e999999999"})
    void whatIsNoFactor(String factor) {
        Formulas formulas = formulas(Offerings.component("cpu", "60"));
        assertThatThrownBy(() -> formulas.times("cpu", factor)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> formulas.plus("gpu", "gres/gpu", factor)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aComponentThatIsNotThere() {
        Formulas formulas = formulas(Offerings.component("cpu", "60"));
        assertThatThrownBy(() -> formulas.times("gpu", "2")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("there is no component 'gpu'; there are [cpu]");
        assertThatThrownBy(() -> formulas.without("gpu")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Compared with fractions of whole numbers. */
    @Test
    void sumsAreExactFractions() {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            Random random = new Random(seed);
            BigInteger numerator = BigInteger.ZERO;
            BigInteger denominator = BigInteger.ONE;
            Map<String, BigDecimal> targets = new LinkedHashMap<>();
            Map<String, BigDecimal> used = new TreeMap<>();
            long unitFactor = 1 + random.nextInt(100_000);
            for (int i = random.nextInt(5); i >= 0; i--) {
                long factor = 1 + random.nextInt(300);
                long seconds = random.nextLong() >>> 20 + random.nextInt(40);
                targets.put("gres/t" + i, BigDecimal.valueOf(factor));
                used.put("gres/t" + i, BigDecimal.valueOf(seconds));
                BigInteger divisor = BigInteger.valueOf(60).multiply(BigInteger.valueOf(unitFactor)).multiply(BigInteger.valueOf(factor));
                numerator = numerator.multiply(divisor).add(BigInteger.valueOf(seconds).multiply(denominator));
                denominator = denominator.multiply(divisor);
            }
            // half up: twice the hundredfold, plus one half, rounded down
            BigInteger hundredths = numerator.multiply(BigInteger.valueOf(200)).add(denominator).divide(denominator.multiply(BigInteger.TWO));
            assertThat(formulas(Offerings.component("c", Long.toString(unitFactor), targets)).amount("c", used)).as("-Dseed=%d -Drounds=1", seed)
                    .isEqualTo(new BigDecimal(hundredths, 2));
        }
    }
}
