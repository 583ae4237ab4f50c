package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Plan;

/**
 * What holds for every plan, tried on thousands of random worlds. Another seed: {@code -Dseed=NUMBER}, more worlds:
 * {@code -Dworlds=NUMBER}; a failure names the seed of its world, with which {@code -Dworlds=1} plays that one alone.
 */
class OrderPlannerPropertyTest {
    private static final long SEED = Long.getLong("seed", 20260901L);
    private static final int WORLDS = Integer.getInteger("worlds", 1500);
    private static final Pattern NAME = Pattern.compile("[a-z0-9_][a-z0-9_.-]{0,41}");
    private static final String[] WHAT_ERRS = {"cannot be the name of an account", "is taken by something that does not belong", "both have the account name",
            "the limit of ", "the slug of the ", "because the site says so"};

    private static void everywhere(BiConsumer<OrderWorld, Random> property) {
        for (long seed = SEED; seed < SEED + WORLDS; seed++) {
            Random random = new Random(seed);
            OrderWorld world = new RandomOrders(random).world();
            try {
                property.accept(world, random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("in the world of -Dseed=" + seed + " -Dworlds=1: " + e.getMessage() + "\n" + world.text() + world.plan().text(), e);
            }
        }
    }

    private static Stream<Change> endings(Plan plan) {
        return plan.changes().stream().filter(c -> c instanceof Change.FinishOrder || c instanceof Change.FailOrder
                || c instanceof Change.RejectOrder || c instanceof Change.HoldOrder);
    }

    private static Set<String> without(Plan plan, Class<? extends Change> ending) {
        return plan.of(ending).stream().flatMap(c -> c.orders().stream()).collect(Collectors.toSet());
    }

    private static boolean writesToSlurm(Change change) {
        return change instanceof Change.CreateAccount || change instanceof Change.SetLimits || change instanceof Change.AllowSubmission
                || change instanceof Change.RemoveAllocation || change instanceof Change.RemoveParent;
    }

    @Test
    void everyOrderHasOneEndingAndErrsOnlyForWhatItsCustomerCanMend() {
        everywhere((world, random) -> {
            Plan plan = world.plan();
            assertThat(endings(plan).map(c -> String.join(",", c.orders())).toList()).containsExactlyInAnyOrderElementsOf(world.orders.keySet());
            assertThat(plan.of(Change.FailOrder.class)).allSatisfy(f -> assertThat(f.message()).containsAnyOf(WHAT_ERRS));
            Set<String> held = without(plan, Change.HoldOrder.class);
            assertThat(plan.changes()).filteredOn(c -> !(c instanceof Change.HoldOrder)).allMatch(c -> !held.containsAll(c.orders()));
        });
    }

    @Test
    void whatIsNotOursIsNeverTouched() {
        everywhere((world, random) -> {
            Plan plan = world.plan();
            for (Change change : plan.changes()) {
                Set<String> resources = new HashSet<>();
                Set<String> parents = new HashSet<>();
                change.orders().forEach(o -> {
                    Order order = world.orders.get(o).order();
                    resources.add(order.resource());
                    parents.add(order.projectUuid());
                    parents.add(order.customerUuid());
                });
                if (change instanceof Change.SetLimits c) {
                    assertThat(resources).as(c.what()).anyMatch(r -> world.isAccountOf(r, c.account()));
                } else if (change instanceof Change.AllowSubmission c) {
                    assertThat(resources).as(c.what()).anyMatch(r -> world.isAccountOf(r, c.account()));
                } else if (change instanceof Change.RemoveAllocation c) {
                    assertThat(resources).as(c.what()).anyMatch(r -> world.isAccountOf(r, c.account()));
                } else if (change instanceof Change.RemoveParent c) {
                    assertThat(world.isParentOfOurs(c.account(), parents)).as(c.what()).isTrue();
                } else if (change instanceof Change.ReportBackendId c && world.accounts.containsKey(c.backendId())) {
                    assertThat(world.isAccountOf(c.resource(), c.backendId())).as(c.what()).isTrue();
                }
            }
        });
    }

    @Test
    void newNamesAreValidAndDistinctWhereSlurmLooks() {
        everywhere((world, random) -> {
            List<Change.CreateAccount> created = world.plan().of(Change.CreateAccount.class);
            List<String> names = new ArrayList<>(world.accounts.keySet());
            // a row of a project or customer without an association is that of another cluster, and they may share it
            world.rows.keySet().stream().filter(row -> created.stream().noneMatch(c -> c.level() < 2 && c.name().equals(row))).forEach(names::add);
            created.forEach(c -> names.add(c.name()));
            Set<String> seen = new TreeSet<>();
            Set<String> twice = new TreeSet<>();
            names.stream().map(n -> n.substring(0, Math.min(42, n.length()))).filter(n -> !seen.add(n)).forEach(twice::add);
            assertThat(created).allSatisfy(c -> {
                assertThat(c.name()).matches(NAME);
                assertThat(twice).doesNotContain(c.name());
                assertThat(world.isProtected(c.name())).isFalse();
                assertThat(c.description()).matches("[ -~]{1,150}").endsWith("waldur:" + c.marker()).doesNotStartWith("-");
            });
        });
    }

    @Test
    void aRunThatDiedAnywhereIsCarriedOnToTheSameWorld() {
        int[] compared = {0};
        everywhere((world, random) -> {
            Plan plan = world.plan();
            Set<String> held = without(plan, Change.HoldOrder.class);
            List<Change> beforeEndings = plan.changes().stream().takeWhile(c -> c instanceof Change.ApproveOrder || writesToSlurm(c)).toList();
            if (changesWhatIsOurs(world, plan)) {
                return;
            }
            Plan again = world.copy().apply(plan, beforeEndings.size()).plan();
            assertThat(again.changes()).filteredOn(c -> writesToSlurm(c) && c.orders().stream().noneMatch(held::contains)).isEmpty();

            String end = world.copy().run().text();
            int died = random.nextInt(plan.changes().size() + 1);
            assertThat(world.copy().apply(plan, died).run().text()).as("died after " + died + " of " + plan.text()).isEqualTo(end);
            compared[0]++;
        });
        assertThat(compared[0]).isGreaterThan(WORLDS * 8 / 10);
    }

    /**
     * Accounts without a marker of ours are ours because of what is beneath them, and that changes: an emptied one is no longer known,
     * and one beneath which an allocation was made is known from then on. So is a row of another cluster that a project gets. And one
     * project beneath another goes a cycle later.
     */
    private static boolean changesWhatIsOurs(OrderWorld world, Plan plan) {
        boolean emptied = plan.of(Change.RemoveParent.class).stream().anyMatch(p -> world.isProject(world.accounts.get(p.account()).parent())
                || world.accounts.get(p.account()).marker().isEmpty()
                || p.orders().stream().map(o -> world.orders.get(o).order())
                .noneMatch(o -> List.of(o.projectUuid(), o.customerUuid()).contains(world.accounts.get(p.account()).marker())));
        boolean clash = plan.of(Change.FailOrder.class).stream().anyMatch(f -> f.message().matches(".*does not belong to this (customer|project)"));
        return emptied || clash || plan.of(Change.CreateAccount.class).stream().anyMatch(c -> world.rows.containsKey(c.name()));
    }

    @Test
    void anOrderThatCannotBeCarriedOutChangesNothingAboutTheOthers() {
        everywhere((world, random) -> {
            Plan plan = world.plan();
            for (Change ending : endings(plan).filter(c -> !(c instanceof Change.FinishOrder)).toList()) {
                String poisoned = ending.orders().first();
                boolean another = world.orders.values().stream().filter(o -> o.order().resource().equals(world.orders.get(poisoned).order().resource())).count() > 1;
                if (!another) {
                    assertThat(world.plan(Set.of(poisoned)).changes()).isEqualTo(plan.changes().stream().filter(c -> !c.orders().contains(poisoned)).toList());
                }
            }
        });
    }

    @Test
    void theChecksumIsOfTheFactsAndNotOfTheirOrder() {
        everywhere((world, random) -> {
            String checksum = world.plan().checksum();
            assertThat(world.planFromReversedFacts().text()).isEqualTo(world.plan().text());
            assertThat(world.planFromReversedFacts().checksum()).isEqualTo(checksum);
        });
    }
}
