package org.waldur.siteagent.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TresLimitsTest {

    @ParameterizedTest
    @CsvSource({"mem=600G,614400", "mem=1025M,1025", "mem=600,600", "mem=7.50T,7864320", "mem=15P,16106127360", "mem=2048K,2"})
    void memoryIsInMegabytes(String text, long megabytes) {
        assertThat(TresLimits.parse(text)).containsExactlyEntriesOf(Map.of("mem", megabytes));
    }

    @Test
    void othersAreCounts() {
        assertThat(TresLimits.parse("cpu=1000,gres/gpu=2K")).isEqualTo(Map.of("cpu", 1000L, "gres/gpu", 2048L));
        assertThat(TresLimits.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cpu=", "=5", "cpu=abc", "cpu=-1", "mem=5X"})
    void nothingElseIsALimit(String text) {
        assertThatThrownBy(() -> TresLimits.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(text);
    }

    @Test
    void onlyWhatDiffersIsADifference() {
        assertThat(TresLimits.difference(Map.of("cpu", 5L, "mem", 7L, "node", -1L, "billing", -1L), Map.of("cpu", 5L, "mem", 8L, "node", 1L)))
                .isEqualTo(Map.of("mem", 7L, "node", -1L));
        assertThat(TresLimits.format(Map.of("mem", 7L, "cpu", -1L))).isEqualTo("cpu=-1,mem=7");
    }
}
