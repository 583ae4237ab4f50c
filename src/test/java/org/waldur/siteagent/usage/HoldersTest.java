package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.order.Resource;

class HoldersTest {
    private static final long NOON = Instant.parse("2026-11-20T12:00:00Z").getEpochSecond();

    private static Resource resource(String uuid, String state, String account, String created) {
        return new Resource(uuid, uuid, uuid, state, account, created.isEmpty() ? Optional.empty() : Optional.of(OffsetDateTime.parse(created)), Optional.empty(), "",
                Optional.empty(), Map.of());
    }

    private final Resource old = resource("old", "Terminated", "hpc_one", "2026-09-01T00:00:00Z");
    private final Resource next = resource("next", "OK", "hpc_one", "2026-11-20T12:00:00Z");

    private static Holders of(Resource... resources) {
        return Holders.of(Arrays.asList(resources));
    }

    @Test
    void aRunIsThatResourcesWhichHadTheAccountWhenItBegan() {
        Holders holders = of(next, old);
        assertThat(holders.key("hpc_one", NOON)).isEqualTo(holders.key(next)).isEqualTo("hpc_one");
        assertThat(holders.key("hpc_one", NOON - 1)).isEqualTo(holders.key(old)).isNotEqualTo("hpc_one");
        assertThat(holders.key("hpc_one", 0)).as("before both").isNotEqualTo(holders.key(old)).isNotEqualTo(holders.key(next));
        assertThat(holders.key("hpc_two", 0)).as("nobody's").isEqualTo("hpc_two");
    }

    @Test
    void oneThatIsNotListedAnyMoreKeepsWhatItUsed() {
        Holders holders = of(next);
        assertThat(holders.key("hpc_one", NOON - 1)).isNotEqualTo(holders.key(next));
        assertThat(holders.key("hpc_one", NOON)).isEqualTo(holders.key(next));
    }

    @Test
    void oneThatIsOverHasItAsLongAsNoneComesAfterIt() {
        Resource older = resource("older", "Terminated", "hpc_one", "2026-08-01T00:00:00Z");
        Holders holders = of(old, older);
        assertThat(holders.key("hpc_one", NOON)).isEqualTo(holders.key(old)).isEqualTo("hpc_one");
        assertThat(holders.key("hpc_one", Instant.parse("2026-08-31T23:59:59Z").getEpochSecond())).isEqualTo(holders.key(older));
    }

    @Test
    void aResourceOfUnknownAgeHadItAlways() {
        Resource ageless = resource("ageless", "OK", "hpc_one", "");
        assertThat(of(ageless).key("hpc_one", 0)).isEqualTo(of(ageless).key(ageless));
    }

    @Test
    void onlyThoseThatHaveItNowAndAreAskedForShareAnAccount() {
        Resource rival = resource("rival", "OK", "hpc_one", "2026-11-01T00:00:00Z");
        Holders holders = of(old, next, rival, resource("soon", "Creating", "hpc_one", "2026-11-20T12:00:00Z"), resource("two", "OK", "hpc_two", "2026-09-01T00:00:00Z"),
                resource("none", "OK", "", "2026-09-01T00:00:00Z"), resource("neither", "OK", "", "2026-09-01T00:00:00Z"));
        assertThat(holders.shared(r -> true)).containsExactly(Map.entry("hpc_one", List.of("next", "rival")));
        assertThat(holders.shared(r -> !r.uuid().equals("rival"))).isEmpty();
        assertThat(holders.key(rival)).as("nobody knows whose they are").isEqualTo(holders.key(next)).isEqualTo(holders.key("hpc_one", NOON - 1));
    }

    @Test
    void whatWasAddedUpAgreesUntilAnAccountOfItChangesHands() {
        Consumption used = new Consumption(new TreeMap<>(Map.of("hpc_one", new TreeMap<>(Map.of("alice", new TreeMap<>(Map.of("cpu", BigDecimal.ONE)))))));
        Map<String, String> before = of(old.in("OK")).turns(NOON - 86_400, Map.of());
        assertThat(before).as("it was there before the month").isEmpty();
        Map<String, String> after = of(next).turns(NOON - 86_400, before);
        assertThat(Holders.agree(before, after, used)).isFalse();
        assertThat(Holders.agree(before, after, Consumption.NONE)).as("nothing was used yet").isTrue();
        assertThat(Holders.agree(after, of().turns(NOON - 86_400, after), used)).as("a list that did not come").isTrue();
        assertThat(of(next).turns(NOON, Map.of())).as("it had it all the month").isEmpty();
        Consumption earlier = new Consumption(new TreeMap<>(Map.of(of(next).key("hpc_one", 0), new TreeMap<>())));
        assertThat(Holders.agree(after, of(old.in("OK")).turns(NOON - 86_400, after), earlier)).as("what was set apart belongs to it again").isFalse();
    }
}
