package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TresAmountsTest {

    @ParameterizedTest
    @CsvSource({
        "mem=1024, 1024", "mem=1536M, 1536", "mem=1.50G, 1536", "mem=0.25T, 262144", "mem=15P, 16106127360", "mem=1E, 1099511627776", "mem=1.5E, 1649267441664",
        "mem=1K, 0.0009765625", "mem=1.50K, 0.00146484375", "mem=3.333K, 0.0032548828125", "mem=7.77M, 7.77", "mem=0, 0",
        "cpu=4, 4", "cpu=1.50K, 1536", "cpu=2M, 2097152", "gres/gpu=1G, 1073741824", "billing=1.5, 1.5", "vmem=1M, 1048576"})
    void sizesAreExact(String text, BigDecimal amount) {
        assertThat(TresAmounts.parse(text).values()).singleElement().satisfies(parsed -> assertThat(parsed).isEqualByComparingTo(amount));
    }

    @Test
    void allOfThem() {
        assertThat(TresAmounts.parse("billing=20,cpu=4,gres/gpu:a100=2,gres/gpu=2,license/matlab@host=3,mem=1.50G,node=1").keySet())
                .containsExactly("billing", "cpu", "gres/gpu", "gres/gpu:a100", "license/matlab@host", "mem", "node");
        assertThat(TresAmounts.parse("")).isEmpty();
        assertThat(TresAmounts.parse("cpu=18446744073709551615")).isEqualTo(Map.of("cpu", new BigDecimal("18446744073709551615")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cpu=", "=4", "cpu=-1", "cpu=+1", "cpu=1e3", "cpu=1.", "cpu=.5", "cpu=4 ", " cpu=", "cpu=4;mem=5", "cpu=4,", ",cpu=4", "cpu=4,,mem=5", "mem=5X", "mem=5g",
        "mem=5GB", "mem=5 G", "cpu=4,cpu=4", "cpu=4,mem=1G,cpu=5", "cpu=\u0664", "cpu=4\r", "cpu=NaN"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> TresAmounts.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
