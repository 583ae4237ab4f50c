package org.waldur.siteagent.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffectiveTest {
    record Sample(String dsn, String api) {
    }

    @Test
    void theKeyInAnAddressIsASecret() {
        assertThat(Effective.of(new Sample("https://public:secret@sentry.example.com/4", "https://waldur.example.com/api/?a=b@c")))
                .containsEntry("dsn", "https://***@sentry.example.com/4").containsEntry("api", "https://waldur.example.com/api/?a=b@c");
    }
}
