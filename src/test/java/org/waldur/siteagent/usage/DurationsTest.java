package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"00:00:00, 0", "00:00:59, 59", "00:01:03, 63", "23:59:59, 86399", "850:00:00, 3060000", "1-00:00:00, 86400", "30-23:59:59, 2678399", "400-00:00:01, 34560001",
        "0-00:00:01, 1", "00:00:01.999, 1", "1-02:03:04.5, 93784"})
    void inSeconds(String text, long seconds) {
        assertThat(Durations.seconds(text)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "INVALID", "UNLIMITED", "Unknown", "59", "01:00", "00:60:00", "00:00:60", "-00:00:01", "1-", "1-1", "1-00:00", "00:00:1", "0:0:0", "00:00:00.", "00:00:00 ",
        "1-00:00:00-1", "1234567-00:00:00", "\u0660\u0660:00:00"})
    void nothingElse(String text) {
        assertThatThrownBy(() -> Durations.seconds(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
