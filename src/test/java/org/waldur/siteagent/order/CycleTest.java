package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.LimitBatch;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.FoundCluster;

/** Thousands at once, with the longest names that Slurm has: no list of a cycle becomes an argument that Linux does not take. */
class CycleTest {
    private static final int MOST_BYTES = 131_071;
    private static final int MANY = 2_000;

    private static String name(int i) {
        return ("name" + i + "-").repeat(60).substring(0, 255);
    }

    private static TreeSet<String> order(int i) {
        return new TreeSet<>(Set.of("order-" + i));
    }

    private static boolean fits(Iterable<String> names) {
        return ("--account=" + String.join(",", names)).length() <= MOST_BYTES;
    }

    @Test
    void whatIsTooMuchToTerminateWaitsForTheNextCycle() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            changes.add(new Change.RemoveAllocation(order(i), name(i), new TreeSet<>(), "", List.of()));
            changes.add(new Change.FinishOrder(order(i), "order-" + i, "TERMINATE", "r", name(i), ""));
        }
        OrderCycle cycle = new OrderCycle(new Plan("order_process", "slurm", changes));
        assertThat(fits(cycle.getRemovedAccounts())).isTrue();
        assertThat(cycle.getFinishes()).hasSameSizeAs(cycle.getRemovals()).hasSize(500);
        assertThat(cycle.getLeft()).hasSize(MANY - 500).containsKey("order-1999");
    }

    @Test
    void equalLimitsOfManyAccountsAreSeveralCommands() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            changes.add(new Change.SetLimits(order(i), name(i), Map.of("cpu", 1L), "", List.of()));
        }
        List<LimitBatch> batches = new OrderCycle(new Plan("order_process", "slurm", changes)).getLimits();
        assertThat(batches).allMatch(batch -> fits(batch.accounts())).hasSize(4);
        assertThat(batches.stream().flatMap(batch -> batch.accounts().stream())).hasSize(MANY).doesNotHaveDuplicates();
    }

    @Test
    void manyUsersOfOneAccountLeaveByPortions() {
        FoundCluster found = new FoundCluster().account("a", "root", "x");
        Stream.iterate(0, i -> i < MANY, i -> i + 1).forEach(i -> found.user(name(i), "a", "a"));
        List<Departure> departures = Departure.of(List.of(new Change.RemoveAllocation(order(1), "a", new TreeSet<>(), "", List.of())), found.read());
        assertThat(departures).allMatch(departure -> fits(departure.users()));
        assertThat(departures.stream().flatMap(departure -> departure.users().stream())).hasSize(MANY).doesNotHaveDuplicates();
    }
}
