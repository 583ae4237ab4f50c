package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.MembershipSettings.Bound;
import org.waldur.siteagent.config.MembershipSettings.PauseBy;
import org.waldur.siteagent.config.MembershipSettings.Restriction;
import org.waldur.siteagent.membership.MembershipWorld.Acc;
import org.waldur.siteagent.membership.MembershipWorld.Kind;
import org.waldur.siteagent.membership.MembershipWorld.Person;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.CreateAccount;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.HoldRemoval;
import org.waldur.siteagent.plan.MembershipChange.MoveAccount;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.Plan;

/**
 * What holds for every plan of members, tried on thousands of random worlds. Another seed: {@code -Dseed=NUMBER}, more worlds:
 * {@code -Dworlds=NUMBER}; a failure names the seed of its world, with which {@code -Dworlds=1} plays that one alone.
 */
class MembershipPlannerPropertyTest {
    private static final long SEED = Long.getLong("seed", 20261101L);
    private static final int WORLDS = Integer.getInteger("worlds", 1500);

    private static void everywhere(BiConsumer<MembershipWorld, Random> property) {
        for (long seed = SEED; seed < SEED + WORLDS; seed++) {
            Random random = new Random(seed);
            MembershipWorld world = new RandomMembers(random).world();
            MembershipWorld start = world.copy();
            try {
                property.accept(world, random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("in the world of -Dseed=" + seed + " -Dworlds=1: " + e.getMessage() + "\n" + start.text() + start.waldur() + start.plan().text(), e);
            }
        }
    }

    private static Map<String, SortedSet<String>> removals(Plan plan) {
        return plan.of(RemoveUsers.class).stream().collect(Collectors.toMap(RemoveUsers::account, RemoveUsers::users));
    }

    private static Map<String, SortedSet<String>> held(Plan plan) {
        return plan.of(HoldRemoval.class).stream().collect(Collectors.toMap(HoldRemoval::account, HoldRemoval::users));
    }

    private static boolean restricted(MembershipWorld world, Allocation allocation, Restriction how) {
        return allocation.restricted().orElse(false) && world.offering.backend().membership().restriction() == how;
    }

    /** Who is in an account and has nobody who speaks for him. */
    private static SortedSet<String> leaving(MembershipWorld world, Allocation allocation, String account) {
        SortedSet<String> leaving = new TreeSet<>(world.accounts.get(account).users.keySet());
        if (restricted(world, allocation, Restriction.BLOCK) || world.wanted(allocation).isEmpty()) {
            leaving.clear();
        } else if (!restricted(world, allocation, Restriction.REMOVE)) {
            leaving.removeAll(world.staying(allocation));
        }
        return leaving;
    }

    private static boolean exceeds(int going, int there, Bound bound) {
        return going > Math.max(bound.count(), bound.percent() * there / 100.0);
    }

    /** Accounts to those who stay there only because of the brake, in the words of the issue. */
    private static Map<String, SortedSet<String>> braked(MembershipWorld world) {
        MembershipSettings settings = world.offering.backend().membership();
        int going = 0;
        int there = 0;
        for (Allocation a : world.allocations.values()) {
            Optional<String> account = world.accountOf(a).filter(x -> world.wanted(a).isPresent());
            going += account.map(x -> leaving(world, a, x).size()).orElse(0);
            there += account.map(x -> world.accounts.get(x).users.size()).orElse(0);
        }
        Map<String, SortedSet<String>> braked = new TreeMap<>();
        for (Allocation a : world.allocations.values()) {
            if (world.accountOf(a).isPresent() && !leaving(world, a, world.accountOf(a).get()).isEmpty()) {
                SortedSet<String> leave = leaving(world, a, world.accountOf(a).get());
                int found = world.accounts.get(world.accountOf(a).get()).users.size();
                boolean byFlag = restricted(world, a, Restriction.REMOVE);
                boolean doubt = world.othersUnknown || maybeNameless(world.teams.get(a.team()), leave);
                boolean many = leave.size() == found || world.teams.get(a.team()).isEmpty() || exceeds(leave.size(), found, settings.brake().account());
                if (exceeds(going, there, settings.brake().offering()) || !byFlag && (doubt || many)) {
                    braked.put(world.accountOf(a).get(), leave);
                }
            }
        }
        return braked;
    }

    /** Whether one of them may be a member whose name nobody says: not those who are called so for certain. */
    private static boolean maybeNameless(List<Person> team, SortedSet<String> leave) {
        return team.stream().anyMatch(Person::isNameless) && !leave.stream().allMatch(user -> {
            List<Person> called = team.stream().filter(p -> p.isCalled(user)).toList();
            return called.stream().map(Person::uuid).distinct().count() == 1 && called.stream().allMatch(Person::isCertain);
        });
    }

    @Test
    void oneCycleReachesTheWantedMembers() {
        int[] seen = new int[4];
        everywhere((world, random) -> {
            MembershipWorld start = world.copy();
            Plan plan = world.plan();
            world.cycle();
            Map<String, SortedSet<String>> braked = braked(start);
            assertThat(held(plan)).isEqualTo(braked);
            for (Allocation a : start.allocations.values()) {
                String account = start.accountOf(a).orElse("");
                if (account.isEmpty()) {
                    continue;
                }
                SortedSet<String> expected = new TreeSet<>(start.accounts.get(account).users.keySet());
                if (!braked.containsKey(account)) {
                    expected.removeAll(leaving(start, a, account));
                }
                boolean open = !a.restricted().orElse(false);
                start.wanted(a).filter(w -> open).ifPresent(expected::addAll);
                expected.removeIf(user -> start.strangers.contains(user) && !start.accounts.get(account).users.containsKey(user));
                assertThat(world.accounts.get(account).users.keySet()).as(account).isEqualTo(expected);
            }
            seen[0] += plan.of(AddUsers.class).size();
            seen[1] += plan.of(RemoveUsers.class).size();
            seen[2] += braked.size();
            seen[3] += plan.of(CreateAccount.class).size();
        });
        assertThat(List.of(seen[0], seen[1], seen[2], seen[3])).as("additions, removals, held removals, accounts made again").allMatch(n -> n > WORLDS / 4);
    }

    @Test
    void theNextCycleHasNothingToDo() {
        everywhere((world, random) -> {
            Plan plan = world.plan();
            world.cycle();
            Set<String> grown = plan.of(AddUsers.class).stream().map(AddUsers::account).collect(Collectors.toSet());
            Set<String> waiting = plan.of(MembershipChange.LeaveAccount.class).stream().map(MembershipChange::account).collect(Collectors.toSet());
            // whoever was held because too few would have stayed is not, once others have come; and an account without a marker is known once one of ours is beneath it
            List<Change> more = world.plan().changes().stream().filter(c -> !c.isHeld())
                    .filter(c -> !(c instanceof RemoveUsers r && held(plan).containsKey(r.account()) && !grown.isEmpty()))
                    .filter(c -> !(c instanceof MoveAccount m && waiting.contains(m.account()))).toList();
            assertThat(more).as(plan.text()).isEmpty();
        });
    }

    @Test
    void nobodyWhoIsOnATeamIsRemovedAndNothingWhereAnythingIsUnknown() {
        everywhere((world, random) -> {
            Map<String, SortedSet<String>> removals = removals(world.plan());
            for (Allocation a : world.allocations.values()) {
                SortedSet<String> gone = world.accountOf(a).map(removals::get).orElse(null);
                if (gone == null) {
                    continue;
                }
                List<Person> team = world.teams.get(a.team());
                assertThat(team).as("a team that was read").isNotNull();
                if (!restricted(world, a, Restriction.REMOVE)) {
                    Set<String> onTeam = team.stream().filter(p -> p.kind() != Kind.RESTRICTED && p.kind() != Kind.DELETED && p.kind() != Kind.NEW).map(p -> p.username().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
                    onTeam.addAll(world.staying(a));
                    assertThat(gone).noneMatch(onTeam::contains);
                    assertThat(world.othersUnknown || team.isEmpty() || maybeNameless(team, gone)).isFalse();
                }
                removals.remove(world.accountOf(a).get());
            }
            assertThat(removals).as("removed from what is not ours").isEmpty();
        });
    }

    @Test
    void whatIsNotOursIsNeverTouched() {
        everywhere((world, random) -> {
            BackendSettings settings = world.offering.backend();
            Plan plan = world.plan();
            Set<String> ours = world.allocations.values().stream().flatMap(a -> world.accountOf(a).stream()).collect(Collectors.toCollection(TreeSet::new));
            Set<String> created = plan.of(CreateAccount.class).stream().map(CreateAccount::name).collect(Collectors.toSet());
            for (Change change : plan.changes()) {
                assertThat(change.what() + change.reason()).doesNotContain("\n");
                if (change instanceof CreateAccount c) {
                    assertThat(world.accounts).doesNotContainKey(c.name());
                    assertThat(world.isProtected(c.name())).isFalse();
                    assertThat(c.name()).matches("[a-z0-9_][a-z0-9_.-]{0,41}");
                    assertThat(c.description()).matches("[ -~]{1,150}").endsWith("waldur:" + c.marker()).doesNotStartWith("-");
                } else if (change instanceof MoveAccount c) {
                    assertThat(world.isProjectOfOurs(c.account(), plan.of(CreateAccount.class).stream().filter(n -> n.parent().equals(c.account())).map(CreateAccount::marker).collect(Collectors.toSet()))).as(c.what()).isTrue();
                    assertThat(created.contains(c.parent()) || c.parent().startsWith(settings.customerPrefix().toLowerCase(Locale.ROOT))).as(c.what()).isTrue();
                    assertThat(world.isProtected(c.parent())).as(c.what()).isFalse();
                } else if (change instanceof AddUsers c) {
                    boolean common = settings.defaultAccountPolicy() == DefaultAccountPolicy.COMMON && c.account().equals(settings.defaultAccount().toLowerCase(Locale.ROOT))
                            && !c.account().equals("root");
                    assertThat(common || ours.contains(c.account()) || created.contains(c.account())).as(c.what()).isTrue();
                } else if (change instanceof MembershipChange c && !c.isHeld()) {
                    assertThat(ours.contains(c.account()) || created.contains(c.account())).as(c.what()).isTrue();
                }
            }
        });
    }

    @Test
    void limitsAreWaldursAndWhatWaldurDoesNotNameStays() {
        everywhere((world, random) -> {
            MembershipWorld start = world.copy();
            world.cycle();
            for (Allocation a : start.allocations.values()) {
                start.accountOf(a).ifPresent(account -> assertThat(world.accounts.get(account).limits).as(account).isEqualTo(limits(start, a, account)));
            }
        });
    }

    private static Map<String, Long> limits(MembershipWorld world, Allocation allocation, String account) {
        Map<String, Long> limits = new TreeMap<>(world.accounts.get(account).limits);
        Map<String, Optional<java.math.BigDecimal>> ordered = allocation.resource().limits();
        boolean node = world.offering.components().containsKey("node");
        boolean invalid = ordered.entrySet().stream().filter(e -> e.getKey().equals("cpu") || node && e.getKey().equals("node"))
                .anyMatch(e -> e.getValue().filter(l -> l.signum() < 0 || l.precision() - l.scale() > 30).isPresent());
        if (invalid) {
            return limits;
        }
        int months = allocation.resource().created().isPresent() && allocation.resource().endDate().isPresent() ? 4 : 1;
        limits.put("mem", 614400L);
        set(limits, "cpu", ordered.getOrDefault("cpu", Optional.empty()), 60000, ordered.isEmpty() ? MissingLimit.HOLD : world.offering.backend().missingLimit());
        if (node) {
            set(limits, "gres/gpu", ordered.getOrDefault("node", Optional.empty()), 240L * months, ordered.isEmpty() ? MissingLimit.HOLD : world.offering.backend().missingLimit());
        }
        return limits;
    }

    private static void set(Map<String, Long> limits, String tres, Optional<java.math.BigDecimal> limit, long factor, MissingLimit missing) {
        if (limit.isPresent()) {
            double minutes = limit.get().doubleValue() * factor;
            limits.put(tres, minutes > 0 ? Math.max(1, Math.round(minutes)) : 0);
        } else if (missing == MissingLimit.ZERO) {
            limits.put(tres, 0L);
        } else if (missing == MissingLimit.UNLIMITED) {
            limits.remove(tres);
        }
    }

    @Test
    void whoIsPausedDownscaledOrRestrictedIsSoAfterOneCycleAndNobodyElse() {
        everywhere((world, random) -> {
            MembershipWorld start = world.copy();
            MembershipSettings settings = world.offering.backend().membership();
            world.cycle();
            for (Allocation a : start.allocations.values()) {
                if (start.accountOf(a).isEmpty() || a.paused().isEmpty() || a.downscaled().isEmpty() || a.restricted().isEmpty()) {
                    continue;
                }
                Acc had = start.accounts.get(start.accountOf(a).get());
                Acc has = world.accounts.get(start.accountOf(a).get());
                boolean byQos = a.paused().get() && settings.pauseBy() == PauseBy.QOS;
                boolean blocked = a.paused().get() && !byQos || restricted(start, a, Restriction.BLOCK);
                boolean remembered = Optional.ofNullable(start.before.get(a.uuid())).filter(b -> b.account().equals(start.accountOf(a).get())).flatMap(Before::submit).isPresent();
                OptionalLong before = had.submit.orElse(-1) == 0 && remembered ? start.before.get(a.uuid()).submit().get() : had.submit;
                assertThat(has.submit).isEqualTo(blocked ? OptionalLong.of(0) : before);
                boolean downscaled = a.downscaled().get() && !byQos && settings.qosDownscaled().isPresent();
                if (byQos || downscaled) {
                    String special = (byQos ? RandomMembers.PAUSED : RandomMembers.DOWNSCALED).toLowerCase(Locale.ROOT);
                    assertThat(has.qos).contains(special);
                    assertThat(has.defaultQos).isEqualTo(special);
                } else if (!a.downscaled().get()) {
                    assertThat(isSpecial(settings, has)).as(has.access()).isFalse();
                }
                if (!byQos && !a.downscaled().get() && !isSpecial(settings, had) && !start.before.containsKey(a.uuid())) {
                    assertThat(has.qos).isEqualTo(had.qos);
                    assertThat(has.defaultQos).isEqualTo(had.defaultQos);
                }
            }
        });
    }

    /** Whether an account is as one is made that is paused or downscaled. */
    private static boolean isSpecial(MembershipSettings settings, Acc account) {
        Set<String> ours = new TreeSet<>();
        settings.qosPaused().ifPresent(q -> ours.add(q.toLowerCase(Locale.ROOT)));
        settings.qosDownscaled().ifPresent(q -> ours.add(q.toLowerCase(Locale.ROOT)));
        return ours.contains(account.defaultQos) || !account.qos.isEmpty() && ours.containsAll(account.qos);
    }

    @Test
    void pauseAndItsEndBringBackWhatWasThereAndWhatSomebodyHasGivenMeanwhile() {
        int[] compared = {0};
        everywhere((world, random) -> {
            flags(world, random, false);
            world.run();
            MembershipWorld start = world.copy();
            for (int times = 1 + random.nextInt(2); times > 0; times--) {
                flags(world, random, true);
                world.cycle();
            }
            assertThat(world.plan().changes()).filteredOn(c -> c instanceof MembershipChange.SetQos || c instanceof MembershipChange.SetSubmitLimit).isEmpty();
            Set<String> given = new TreeSet<>();
            start.allocations.values().stream().flatMap(a -> start.accountOf(a).stream()).filter(a -> isSpecial(world.offering.backend().membership(), world.accounts.get(a))).forEach(a -> {
                if (random.nextBoolean()) {
                    world.accounts.get(a).qos.add("gift");
                    given.add(a);
                }
            });
            assertThat(world.plan().of(MembershipChange.SetQos.class)).isEmpty();
            world.cycle();
            flags(world, random, false);
            world.cycle();
            for (Allocation a : start.allocations.values()) {
                if (start.accountOf(a).isPresent()) {
                    Acc had = start.accounts.get(start.accountOf(a).get()).copy();
                    if (given.contains(start.accountOf(a).get())) {
                        had.qos.add("gift");
                    }
                    assertThat(world.accounts.get(start.accountOf(a).get()).access()).as(start.accountOf(a).get()).isEqualTo(had.access());
                    compared[0]++;
                }
            }
        });
        assertThat(compared[0]).isGreaterThan(WORLDS);
    }

    private static void flags(MembershipWorld world, Random random, boolean some) {
        world.allocations.replaceAll((uuid, a) -> new Allocation(a.resource(), a.project(), a.customer(), Optional.of(some && random.nextBoolean()), Optional.of(some && random.nextBoolean()),
                Optional.of(some && random.nextBoolean()), a.lastSync(), a.metadata(), a.options()));
    }

    @Test
    void aCycleThatDiedAnywhereIsCarriedOnToTheSameWorld() {
        int[] compared = {0};
        everywhere((world, random) -> {
            Plan plan = world.plan();
            // a customer's account without a marker is known by what is beneath it, and that moves away
            if (plan.of(MoveAccount.class).stream().anyMatch(m -> world.accounts.get(m.from()).marker().isEmpty())) {
                return;
            }
            String end = world.copy().run().text();
            int died = random.nextInt(plan.changes().size() + 1);
            assertThat(world.copy().cycle(died).run().text()).as("died after " + died + " of " + plan.text()).isEqualTo(end);
            compared[0]++;
        });
        assertThat(compared[0]).isGreaterThan(WORLDS * 8 / 10);
    }

    @Test
    void theChecksumIsOfTheFactsAndNotOfTheirOrder() {
        everywhere((world, random) -> {
            Plan plan = world.plan();
            Plan backwards = MembershipPlanner.plan(world.facts(true)).plan();
            assertThat(backwards.text()).isEqualTo(plan.text());
            assertThat(backwards.checksum()).isEqualTo(plan.checksum());
        });
    }

    @Test
    void aReleasedPlanRemovesExactlyWhatWasHeldBesides() {
        everywhere((world, random) -> {
            MembershipPlanner.Planned planned = world.planned();
            Map<String, SortedSet<String>> both = new HashMap<>(removals(planned.plan()));
            both.putAll(held(planned.plan()));
            assertThat(removals(new MembershipCycle(planned, true))).isEqualTo(both);
            assertThat(removals(new MembershipCycle(planned, false))).isEqualTo(removals(planned.plan()));
            assertThat(new MembershipCycle(planned, true).getHeldRemovals()).isEmpty();
        });
    }

    private static Map<String, SortedSet<String>> removals(MembershipCycle cycle) {
        return cycle.getRemovals().stream().collect(Collectors.toMap(RemoveUsers::account, RemoveUsers::users));
    }

    @Test
    void theSecondLookOnlySpares() {
        everywhere((world, random) -> {
            MembershipCycle cycle = new MembershipCycle(world.planned(), false);
            Map<String, SortedSet<String>> first = removals(cycle);
            MembershipWorld later = world.copy();
            later.teams.replaceAll((project, team) -> {
                List<Person> changed = new java.util.ArrayList<>(team);
                changed.removeIf(p -> random.nextInt(6) == 0);
                first.values().forEach(users -> users.stream().filter(u -> random.nextInt(6) == 0)
                        .forEach(u -> changed.add(new Person(RandomMembers.id('8', changed.size()), u, Kind.OK))));
                return changed;
            });
            Map<String, SortedSet<String>> second = removals(later.plan());
            cycle.confirm(later.plan());
            Map<String, SortedSet<String>> expected = new TreeMap<>();
            first.forEach((account, users) -> {
                SortedSet<String> both = new TreeSet<>(users);
                both.retainAll(second.getOrDefault(account, new TreeSet<>()));
                if (!both.isEmpty()) {
                    expected.put(account, both);
                }
            });
            assertThat(removals(cycle)).isEqualTo(expected);
        });
    }
}
