package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waldur answers with empty lists for an offering that it does not have, or does not show to this token: an agent that takes them for an answer is idle for ever. */
class UnknownOfferingTest extends SiteTest {
    private static final String ANOTHER = "00000000000000000000000000000001";

    private long looks() {
        return site.waldur.requests().stream().filter(request -> request.path().equals("marketplace-provider-offerings/" + site.offering + "/")).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-process", "membership-sync", "report"})
    void isSaidByEachMode(String job) {
        site.offering("waldur_offering_uuid", ANOTHER);
        assertThat(site.run(job, true)).isEqualTo(ExitCode.FAILED);
        assertThat(site.run(job, false)).isEqualTo(ExitCode.FAILED);
        assertThat(site.deadLetters()).singleElement().satisfies(letter -> assertThat(letter).contains("404").contains("check waldur_offering_uuid"));
    }

    /** It is asked for only where nothing else shows that it is there, and once in the life of a process; a report needs its components each time. */
    @ParameterizedTest
    @ValueSource(strings = {"order-process", "membership-sync"})
    void isAskedForOnceIfItHasNothing(String job) throws Exception {
        try (Site.Running agent = site.byHand()) {
            agent.cycle(job);
            agent.cycle(job);
        }
        assertThat(looks()).isEqualTo(1);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void isNotAskedForWhereItHasSomething() {
        site.waldur.create(site.offering, "Brain images", "proj-1", "cust-1", Map.of("cpu", 10));
        assertThat(site.cycle()).isZero();
        assertThat(site.run("membership-sync", false)).isZero();
        assertThat(looks()).isZero();
    }
}
