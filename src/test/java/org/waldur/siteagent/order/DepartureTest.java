package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.plan.Change.RemoveAllocation;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.FoundCluster;

class DepartureTest {
    private final Cluster cluster = new FoundCluster().account("a", "root", "x").account("b", "root", "x").account("physics", "root", "x")
            .user("alice", "a", "a").user("alice", "b", "a").user("bob", "a", "a").user("bob", "b", "a").user("carol", "b", "b")
            .user("carol", "physics", "b").read();

    private static RemoveAllocation remove(String account) {
        return new RemoveAllocation(new TreeSet<>(Set.of("order-" + account)), account, new TreeSet<>(), "", List.of());
    }

    private static Departure departure(Set<String> users, Set<String> accounts) {
        return new Departure(new TreeSet<>(users), new TreeSet<>(accounts));
    }

    @Test
    void everybodyLeavesHisDefaultAccountLast() {
        assertThat(Departure.of(List.of(remove("a"), remove("b")), cluster)).containsExactly(
                departure(Set.of("alice", "bob", "carol"), Set.of("b")), departure(Set.of("alice", "bob"), Set.of("a")));
    }

    /** Slurm 22.05 refuses a command with somebody's default account after an association that is nobody's default. */
    @Test
    void whoHasGotAnotherDefaultLeavesWithThoseWhoseDefaultItIsNot() {
        assertThat(Departure.of(Map.of("b", new TreeSet<>(Set.of("carol")), "a", new TreeSet<>(Set.of("alice", "bob"))), cluster))
                .containsExactly(departure(Set.of("alice", "bob"), Set.of("a")), departure(Set.of("carol"), Set.of("b")));
        Cluster mixed = new FoundCluster().account("a", "root", "x").account("b", "root", "x").user("alice", "a", "a").user("bob", "a", "a").user("bob", "b", "a").read();
        assertThat(Departure.of(Map.of("a", new TreeSet<>(Set.of("alice", "bob"))), mixed)).containsExactly(departure(Set.of("bob"), Set.of("a")), departure(Set.of("alice"), Set.of("a")));
    }

    @Test
    void whoStaysSomewhereGetsThatAsHisDefault() {
        assertThat(Departure.newDefaults(List.of(remove("a"), remove("b")), cluster)).extracting(SetDefaultAccount::what)
                .containsExactly("make physics the default account of carol");
        assertThat(Departure.newDefaults(List.of(remove("a")), cluster)).extracting(SetDefaultAccount::what)
                .containsExactly("make b the default account of alice", "make b the default account of bob");
    }
}
