package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TresTest {

    private static String amounts(String text) {
        Tres tres = Tres.parse(text);
        TreeMap<String, BigDecimal> amounts = new TreeMap<>();
        for (int i = 0; i < tres.kinds().length; i++) {
            amounts.put(TresKind.name(tres.kinds()[i]), tres.exact()[i]);
            if (tres.whole() != null) {
                assertThat(tres.exact()[i]).isEqualByComparingTo(BigDecimal.valueOf(tres.whole()[i]));
            }
        }
        return String.join(" ", amounts.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue().stripTrailingZeros().toPlainString()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gres/gpu=2 | gres/gpu=2",
        "gres/gpu:a100=2 | gres/gpu=2 gres/gpu:a100=2",
        "gres/gpu:a100=2,gres/gpu:v100=1 | gres/gpu=3 gres/gpu:a100=2 gres/gpu:v100=1",
        "gres/gpu:a100=2,gres/gpu=2 | gres/gpu=2 gres/gpu:a100=2",
        "gres/gpu=2,gres/gpu:a100=2 | gres/gpu=2 gres/gpu:a100=2",
        // two of three GPUs are of a type that slurm.conf names: the untyped number is right
        "gres/gpu=3,gres/gpu:a100=2 | gres/gpu=3 gres/gpu:a100=2",
        "gres/gpu:a100=1,gres/nvme:big=5,gres/nvme=5 | gres/gpu=1 gres/gpu:a100=1 gres/nvme=5 gres/nvme:big=5",
        "gres/gpu:a100=1,gres/gpumem=80G | gres/gpu=1 gres/gpu:a100=1 gres/gpumem=85899345920",
        "license/matlab=3,license/comsol@host:1700=1 | license/comsol@host:1700=1 license/matlab=3",
        "cpu=4,energy=18446744073709551614,mem=1500M | cpu=4 mem=1500",
        "cpu=4,energy=300 | cpu=4 energy=300",
        "cpu=9223372036854775807 | cpu=9223372036854775807"})
    void whatAJobHolds(String text, String amounts) {
        assertThat(amounts(text)).isEqualTo(amounts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu=9223372036854775808", "cpu=18446744073709551614", "mem=9000000E", "cpu=1,mem=99999999999999999999M", "cp\u0000u=4", "gres/gpu=2,gres/gpu=2"})
    void whatNoJobHolds(String text) {
        assertThatThrownBy(() -> Tres.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wholeNumbersOnlyWhereAllAre() {
        assertThat(Tres.parse("cpu=4,mem=1.50G").whole()).containsExactlyInAnyOrder(4, 1536);
        assertThat(Tres.parse("cpu=4,mem=1.50K").whole()).isNull();
        assertThat(Tres.parse("cpu=4,mem=1000000000000000M").whole()).isNull();
        assertThat(Tres.parse("").kinds()).isEmpty();
    }
}
