package org.waldur.siteagent.waldur;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"0,0", "3,3", "' 7 ',7", "120,120", "121,120", "86400,120", "99999999999999999999,120", "'Wed, 25 Nov 2026 10:00:30 GMT',30",
        "'Wed, 25 Nov 2026 09:00:00 GMT',0", "'Fri, 25 Dec 2026 10:00:00 GMT',120", "soon,", "-5,", "1.5,", "'',", "'Wed, 25 Nov',"})
    void secondsOrADateAtMostTwoMinutes(String value, Long seconds) {
        assertThat(RetryAfter.delay(value, NOW).map(java.time.Duration::toSeconds).orElse(null)).isEqualTo(seconds);
    }
}
