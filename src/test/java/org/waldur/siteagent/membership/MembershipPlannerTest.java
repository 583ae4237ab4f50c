package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.MembershipSettings.Brake;
import org.waldur.siteagent.config.MembershipSettings.PauseBy;
import org.waldur.siteagent.config.MembershipSettings.Restriction;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.membership.Allocation.Owner;
import org.waldur.siteagent.membership.MembershipWorld.Acc;
import org.waldur.siteagent.membership.MembershipWorld.Kind;
import org.waldur.siteagent.membership.MembershipWorld.Person;
import org.waldur.siteagent.membership.MembershipWorld.ServiceAccount;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.MembershipChange.HoldRemoval;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.MembershipChange.MoveAccount;
import org.waldur.siteagent.plan.MembershipChange.RemoveUsers;
import org.waldur.siteagent.plan.MembershipChange.SetUserLimits;

/** The rules of membership_sync, an example each. At first all is in step: ann and bob are on the team and in the account. */
class MembershipPlannerTest {
    private static final String RESOURCE = RandomMembers.id('b', 1);
    private static final String PROJECT = RandomMembers.id('c', 1);
    private static final String CUSTOMER = RandomMembers.id('d', 1);
    private static final String OTHER = RandomMembers.id('d', 2);

    private PauseBy pauseBy = PauseBy.SUBMIT_LIMIT;
    private Restriction restriction = Restriction.BLOCK;
    private Optional<String> slow = Optional.of("slow");
    private DefaultAccountPolicy policy = DefaultAccountPolicy.NONE;
    private MissingLimit missing = MissingLimit.HOLD;
    private boolean recreate;
    private MembershipWorld built;
    private int people;

    private MembershipWorld world() {
        if (built == null) {
            MembershipSettings membership = new MembershipSettings(Optional.of("normal"), slow, Optional.of("paused"), pauseBy, restriction, Brake.USUAL, Duration.ofSeconds(60),
                    recreate, Optional.empty());
            BackendSettings backend = new BackendSettings("default", policy, "hpc_", "hpc_", "hpc_", 34, "root", Optional.empty(), Optional.empty(), "/usr/bin", false, "0077",
                    Optional.empty(), missing, false, membership);
            Map<String, Component> components = new LinkedHashMap<>();
            components.put("cpu", new Component("cpu", "CPU", "k-Hours", new BigDecimal("60000"), AccountingType.LIMIT, Optional.empty(), Map.of(), Map.of()));
            components.put("gres/gpu", new Component("gres/gpu", "GPU", "h", new BigDecimal("60"), AccountingType.ONE, Optional.empty(), Map.of(), Map.of()));
            built = new MembershipWorld(new Offering("slurm", RandomMembers.id('f', 1), URI.create("http://localhost/api/"), new Secret("x"), true, Optional.empty(), Optional.empty(),
                    "slurm", EnumSet.allOf(Mode.class), false, ZoneOffset.UTC, backend, components));
            built.accounts.put("hpc_cust-1", new Acc("root", "customer waldur:" + CUSTOMER));
            built.accounts.put("hpc_proj-1", new Acc("hpc_cust-1", "project waldur:" + PROJECT));
            allocation(1, "ann", "bob");
        }
        return built;
    }

    /** An allocation of a project of its own, beneath the same customer, with these people on its team and in its account. */
    private Acc allocation(int i, String... users) {
        String resource = RandomMembers.id('b', i);
        built.accounts.putIfAbsent("hpc_proj-" + i, new Acc("hpc_cust-1", "project waldur:" + RandomMembers.id('c', i)));
        Acc account = new Acc("hpc_proj-" + i, "sample waldur:" + resource);
        account.limits.putAll(Map.of("cpu", 600000L, "gres/gpu", 60L));
        built.accounts.put("hpc_alloc-" + i, account);
        built.teams.put(RandomMembers.id('c', i), new ArrayList<>());
        for (String user : users) {
            account.users.put(user, new TreeMap<>());
            built.defaults.put(user, "hpc_alloc-" + i);
            built.teams.get(RandomMembers.id('c', i)).add(person(user, Kind.OK));
        }
        Map<String, Optional<BigDecimal>> limits = new LinkedHashMap<>(Map.of("cpu", Optional.of(BigDecimal.TEN), "gres/gpu", Optional.of(BigDecimal.ONE)));
        built.allocations.put(resource, new Allocation(new Resource(resource, "Sample", "alloc-" + i, "OK", "hpc_alloc-" + i, Optional.empty(), Optional.empty(), "", Optional.empty(),
                limits), new Owner(RandomMembers.id('c', i), "proj-" + i, "Project"), new Owner(CUSTOMER, "cust-1", "Customer"), Optional.of(false), Optional.of(false),
                Optional.of(false), Optional.of(""), MembershipWorld.json(""), MembershipWorld.json("{}")));
        built.names.put(resource, new PreparedOrder.Names("hpc_cust-1", "hpc_proj-" + i, "hpc_alloc-" + i, false));
        return account;
    }

    private Person person(String name, Kind kind) {
        return new Person(RandomMembers.id('9', people++), name, kind);
    }

    private Acc account() {
        return world().accounts.get("hpc_alloc-1");
    }

    private List<Person> team() {
        return world().teams.get(PROJECT);
    }

    private void found(String... users) {
        for (String user : users) {
            account().users.put(user, new TreeMap<>());
        }
    }

    private void flags(boolean paused, boolean downscaled, boolean restricted) {
        Allocation a = world().allocations.get(RESOURCE);
        world().allocations.put(RESOURCE, new Allocation(a.resource(), a.project(), a.customer(), Optional.of(paused), Optional.of(downscaled), Optional.of(restricted), a.lastSync(),
                a.metadata(), a.options()));
    }

    private void resource(String state, String backendId, Map<String, Optional<BigDecimal>> limits, String created, String end) {
        Allocation a = world().allocations.get(RESOURCE);
        Resource changed = new Resource(RESOURCE, "Sample", "alloc-1", state, backendId, Resource.moment(created), end.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(end)),
                "", Optional.empty(), limits);
        world().allocations.put(RESOURCE, new Allocation(changed, a.project(), a.customer(), a.paused(), a.downscaled(), a.restricted(), a.lastSync(), a.metadata(), a.options()));
    }

    private void state(String state) {
        resource(state, "hpc_alloc-1", world().allocations.get(RESOURCE).resource().limits(), "", "");
    }

    private void customer(String uuid, String slug) {
        Allocation a = world().allocations.get(RESOURCE);
        world().allocations.put(RESOURCE, new Allocation(a.resource(), a.project(), new Owner(uuid, slug, "Other"), a.paused(), a.downscaled(), a.restricted(), a.lastSync(), a.metadata(),
                a.options()));
        world().names.put(RESOURCE, new PreparedOrder.Names("hpc_" + slug, "hpc_proj-1", "hpc_alloc-1", false));
    }

    private List<String> whats() {
        return world().plan().changes().stream().map(Change::what).toList();
    }

    private String onlyReason(Class<? extends Change> kind) {
        assertThat(world().plan().of(kind)).hasSize(1);
        return world().plan().of(kind).get(0).reason();
    }

    private boolean isHeld() {
        boolean held = !world().plan().of(HoldRemoval.class).isEmpty();
        assertThat(world().plan().of(RemoveUsers.class).isEmpty()).isEqualTo(held);
        return held;
    }

    // who joins, who leaves

    @Test
    void whatIsInStepIsLeftAlone() {
        assertThat(whats()).isEmpty();
    }

    @Test
    void whoIsOnTheTeamIsAddedAndWhoIsOnNoListIsRemovedLast() {
        team().add(person("Cleo", Kind.OK));
        found("dave");
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "remove dave from account hpc_alloc-1");
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"WAITING", "NEW"})
    void whoIsNotOkYetIsNeitherAddedNorRemoved(Kind kind) {
        team().add(person("cleo", kind));
        assertThat(whats()).isEmpty();
    }

    @Test
    void aMemberWhoIsInTheAccountAndIsNotOkAnyMoreStays() {
        team().add(person("cleo", Kind.WAITING));
        found("cleo");
        assertThat(whats()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"RESTRICTED", "DELETED"})
    void aMemberWhoIsRestrictedOrBeingDeletedIsRemoved(Kind kind) {
        team().add(person("cleo", kind));
        found("cleo");
        assertThat(whats()).containsExactly("remove cleo from account hpc_alloc-1");
    }

    @Test
    void aMemberWhoseNameIsAlsoThatOfOneWhoLeavesStays() {
        team().add(0, person("ann", Kind.DELETED));
        team().add(person("ann", Kind.RESTRICTED));
        assertThat(whats()).isEmpty();
    }

    @Test
    void whileTheListsOfWaldurDisagreeAboutANameBothStay() {
        team().add(person("cleo", Kind.RENAMED));
        found("cleo", "old_cleo");
        assertThat(whats()).isEmpty();
    }

    @Test
    void aMemberWhoseNameWeCouldNotAddIsNotRemovedEither() {
        team().add(person("Jane@Example.org", Kind.OK));
        found("jane@example.org");
        assertThat(whats()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"NAMELESS", "OK_WITHOUT_NAME"})
    void whileAMemberHasNoNameAnybodyMayBeHeAndNobodyIsRemoved(Kind kind) {
        team().add(person("", kind));
        team().add(person("cleo", Kind.OK));
        found("dave");
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "do not remove dave from account hpc_alloc-1");
        assertThat(onlyReason(HoldRemoval.class)).contains("Waldur does not say how 1 of the 4 members are called");
    }

    @Test
    void whoIsSomebodyElseForCertainIsNotTakenForAMemberWithoutName() {
        team().add(person("", Kind.NAMELESS));
        team().add(person("rita", Kind.RESTRICTED));
        found("rita");
        assertThat(whats()).containsExactly("remove rita from account hpc_alloc-1");
        found("dave");
        assertThat(whats()).containsExactly("do not remove dave, rita from account hpc_alloc-1");
    }

    @Test
    void aNameThatTwoPeopleHaveOrThatIsBeingTakenAwayIsOfNobodyForCertain() {
        for (String other : List.of("{\"user_uuid\": \"%2$s\", \"username\": \"Ann\", \"state\": \"OK\"}", "{\"user_uuid\": \"%1$s\", \"username\": \"ann\", \"state\": \"Deleting\"}")) {
            List<com.fasterxml.jackson.databind.JsonNode> users = new ArrayList<>();
            String rows = "[{\"user_uuid\": \"%1$s\", \"username\": \"ann\", \"state\": \"OK\"}, {\"user_uuid\": \"%2$s\", \"username\": \"bea\", \"state\": \"OK\"}, " + other + "]";
            MembershipWorld.json(rows.formatted(CUSTOMER, CUSTOMER.replaceAll("[0-9a-f]", "7"))).forEach(users::add);
            assertThat(OfferingUsers.of(users).owner("ann")).isEmpty();
            assertThat(OfferingUsers.of(users).owner("bea")).isPresent();
        }
    }

    @Test
    void ofTwoOfferingUsersOfAPersonTheOneThatIsDeletedDoesNotCount() {
        String rows = "[{\"user_uuid\": \"%1$s\", \"username\": \"ann\", \"state\": \"OK\"}, {\"user_uuid\": \"%1$s\", \"username\": \"ann\", \"state\": \"Deleted\"}]";
        List<com.fasterxml.jackson.databind.JsonNode> users = new ArrayList<>();
        MembershipWorld.json(rows.formatted(CUSTOMER)).forEach(users::add);
        List<com.fasterxml.jackson.databind.JsonNode> team = List.of(MembershipWorld.json("{\"uuid\": \"" + CUSTOMER + "\"}"));
        assertThat(Team.of(team, users).wanted()).containsExactly("ann");
        assertThat(Team.of(team, List.of(users.get(1), users.get(0))).wanted()).containsExactly("ann");
    }

    @Test
    void ofATeamThatCouldNotBeReadNobodyJoinsOrLeavesAndLimitsAreSetAllTheSame() {
        world().teams.clear();
        found("dave");
        account().limits.put("cpu", 1L);
        assertThat(whats()).containsExactly("set GrpTRESMins cpu=600000 on account hpc_alloc-1", "leave account hpc_alloc-1 as it is");
    }

    @Test
    void aServiceAccountIsAddedAndStaysThoughItIsOnNoTeam() {
        world().others.add(new ServiceAccount(PROJECT, "Svc1", "OK"));
        world().others.add(new ServiceAccount(PROJECT, "svc2", "Erred"));
        world().others.add(new ServiceAccount(PROJECT, "svc3", "Closed"));
        world().others.add(new ServiceAccount(RandomMembers.id('c', 2), "svc4", "OK"));
        found("svc2", "svc3", "svc4");
        assertThat(whats()).containsExactly("add svc1 to account hpc_alloc-1", "remove svc3, svc4 from account hpc_alloc-1");
    }

    @Test
    void aServiceAccountOfWhichNobodySaysTheProjectIsAddedNowhereAndStaysWhereItIs() {
        world().others.add(new ServiceAccount("", "svc1", "OK"));
        assertThat(whats()).isEmpty();
        found("svc1");
        assertThat(whats()).isEmpty();
    }

    @Test
    void whileServiceAccountsAreUnknownNobodyIsRemovedAndAdditionsGoOn() {
        world().othersUnknown = true;
        team().add(person("cleo", Kind.OK));
        found("dave");
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "do not remove dave from account hpc_alloc-1");
        assertThat(onlyReason(HoldRemoval.class)).contains("could not be listed");
    }

    @Test
    void whomTheMachineDoesNotKnowWaits() {
        team().addAll(List.of(person("cleo", Kind.OK), person("dave", Kind.OK)));
        world().strangers.add("dave");
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "do not add dave to account hpc_alloc-1 yet");
    }

    @ParameterizedTest
    @CsvSource({"OK, true", "Erred, true", "Creating, false", "Updating, false", "Terminating, false"})
    void onlyWhatIsOkOrErredIsLookedAt(String state, boolean looked) {
        found("dave");
        state(state);
        assertThat(whats()).hasSize(looked ? 1 : 0);
    }

    @Test
    void anAccountThatIsNotOursIsNoObjectOfAnyChange() {
        world().accounts.put("hpc_theirs", new Acc("root", "a department"));
        world().accounts.get("hpc_theirs").users.put("dave", new TreeMap<>());
        world().accounts.put("other", new Acc("root", "a department"));
        world().accounts.get("other").users.put("dave", new TreeMap<>());
        assertThat(whats()).isEmpty();
        world().accounts.remove("hpc_alloc-1");
        resource("OK", "other", Map.of(), "", "");
        assertThat(whats()).containsExactly("leave account other as it is");
    }

    @Test
    void anAccountOfTwoResourcesIsLeftAlone() {
        Acc shared = new Acc("hpc_proj-1", "of the incumbent");
        shared.users.put("dave", new TreeMap<>());
        world().accounts.put("hpc_alloc-1", shared);
        allocation(2, "cleo");
        world().accounts.remove("hpc_alloc-2");
        Allocation two = world().allocations.get(RandomMembers.id('b', 2));
        Resource r = two.resource();
        world().allocations.put(two.uuid(), new Allocation(new Resource(r.uuid(), r.name(), r.slug(), "OK", "hpc_alloc-1", r.createdAt(), r.endDate(), "", r.plan(), r.limits()),
                two.project(), two.customer(), two.paused(), two.downscaled(), two.restricted(), two.lastSync(), two.metadata(), two.options()));
        assertThat(whats()).containsOnly("leave account hpc_alloc-1 as it is");
    }

    // the brake

    @ParameterizedTest
    @CsvSource({"1, 2, false", "3, 4, false", "3, 12, false", "4, 12, true", "4, 15, true", "4, 16, false", "5, 16, true", "5, 20, false", "1, 1, true", "2, 2, true", "3, 3, true", "10, 40, false"})
    void moreThanThreeAndAQuarterOfAnAccountAreHeldAndSoIsWhoeverWouldLeaveItEmpty(int going, int there, boolean held) {
        account().users.clear();
        team().clear();
        for (int i = 0; i < there; i++) {
            found("u" + i);
            team().add(person("u" + i, i < going ? Kind.RESTRICTED : Kind.OK));
        }
        assertThat(isHeld()).isEqualTo(held);
    }

    /** Two leave each account, which is never too many for an account of ten. */
    @ParameterizedTest
    @CsvSource({"10, 10, false", "11, 10, true", "11, 22, false", "12, 22, true", "12, 23, true", "12, 24, false"})
    void moreThanTenAndATwentiethOfAnOfferingAreHeld(int going, int accounts, boolean held) {
        world();
        built.allocations.clear();
        int left = going;
        for (int i = 1; i <= accounts; i++) {
            String[] users = new String[10];
            for (int u = 0; u < 10; u++) {
                users[u] = "u" + i + "-" + u;
            }
            allocation(i, users);
            int leave = Math.min(left, 2);
            built.teams.get(RandomMembers.id('c', i)).subList(0, leave).clear();
            left -= leave;
        }
        assertThat(isHeld()).isEqualTo(held);
        assertThat(world().plan().of(HoldRemoval.class)).allMatch(h -> h.reason().equals(going + " of " + accounts * 10 + " members of all accounts would go, which is more than max(10, 5 %)"));
    }

    @Test
    void anEmptyTeamRemovesNobodyEvenWhereAServiceAccountWouldStay() {
        team().clear();
        world().others.add(new ServiceAccount(PROJECT, "svc1", "OK"));
        found("svc1");
        assertThat(whats()).containsExactly("do not remove ann, bob from account hpc_alloc-1");
        assertThat(onlyReason(HoldRemoval.class)).isEqualTo("the team is empty, and there are 3 users in the account");
    }

    @Test
    void theBrakeHoldsRemovalsAndAdditionsGoOn() {
        team().clear();
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "do not remove ann, bob from account hpc_alloc-1");
    }

    @Test
    void oneAccountThatIsHeldDoesNotHoldAnother() {
        team().clear();
        allocation(2, "cleo", "dave", "eve");
        world().teams.get(RandomMembers.id('c', 2)).remove(0);
        assertThat(whats()).containsExactly("remove cleo from account hpc_alloc-2", "do not remove ann, bob from account hpc_alloc-1");
    }

    @Test
    void aReleasedPlanRemovesWhatWasHeld() {
        team().clear();
        MembershipCycle cycle = new MembershipCycle(world().planned(), true);
        assertThat(cycle.getRemovals()).extracting(RemoveUsers::what).containsExactly("remove ann, bob from account hpc_alloc-1");
        assertThat(cycle.getHeldRemovals()).isEmpty();
        assertThat(new MembershipCycle(world().planned(), false).getRemovals()).isEmpty();
    }

    @Test
    void theChecksumMovesWithTheFactsOfTheTeam() {
        team().clear();
        String seen = world().plan().checksum();
        assertThat(world().plan().checksum()).isEqualTo(seen);
        found("cleo");
        assertThat(world().plan().checksum()).isNotEqualTo(seen);
    }

    // paused, downscaled, restricted

    @Test
    void aPausedAllocationCannotSubmitAndGetsItsOldLimitBack() {
        account().submit = OptionalLong.of(100);
        flags(true, false, false);
        assertThat(whats()).containsExactly("set GrpSubmitJobs 0 on account hpc_alloc-1");
        world().cycle();
        assertThat(whats()).isEmpty();
        flags(false, false, false);
        assertThat(whats()).containsExactly("set GrpSubmitJobs 100 on account hpc_alloc-1");
        world().cycle();
        assertThat(whats()).isEmpty();
        world().cycle();
        assertThat(world().before).isEmpty();
    }

    @Test
    void whatSomebodyElseHasBlockedStaysBlocked() {
        account().submit = OptionalLong.of(0);
        flags(true, false, false);
        world().cycle();
        flags(false, false, false);
        assertThat(whats()).containsExactly("leave account hpc_alloc-1 as it is");
        assertThat(onlyReason(LeaveAccount.class)).contains("nobody can submit to it").contains("nobody remembers");
    }

    @Test
    void aServerThatDoesNotSayWhetherItIsRestrictedOpensNothing() {
        flags(false, false, true);
        world().cycle();
        Allocation a = world().allocations.get(RESOURCE);
        world().allocations.put(RESOURCE, new Allocation(a.resource(), a.project(), a.customer(), a.paused(), a.downscaled(), Optional.empty(), a.lastSync(), a.metadata(), a.options()));
        assertThat(whats()).isEmpty();
    }

    @Test
    void aPausedAllocationHasTheQosOfPausedOnesAndGetsItsOwnBack() {
        pauseBy = PauseBy.QOS;
        account().qos.addAll(List.of("normal", "high"));
        account().defaultQos = "high";
        flags(true, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to paused, by default paused");
        world().cycle();
        account().qos.add("gift");
        assertThat(whats()).as("what somebody else gives is his business").isEmpty();
        flags(false, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to gift,high,normal, by default high");
        world().cycle();
        assertThat(whats()).isEmpty();
        world().cycle();
        assertThat(world().before).isEmpty();
    }

    @Test
    void whatInheritedItsQosInheritsThemAgain() {
        pauseBy = PauseBy.QOS;
        flags(true, false, false);
        world().cycle();
        flags(false, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to what it inherits");
    }

    @Test
    void whoDiedBetweenTheQosAndTheirDefaultStillKnowsBoth() {
        pauseBy = PauseBy.QOS;
        account().qos.addAll(List.of("normal", "high"));
        account().defaultQos = "high";
        flags(true, false, false);
        world().cycle();
        account().qos.add("gift");
        flags(false, true, false);
        world().cycle(0);
        assertThat(account().access()).startsWith("[gift, slow] by default ''");
        flags(false, false, false);
        world().cycle(0);
        assertThat(account().access()).startsWith("[gift, high, normal] by default ''");
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to gift,high,normal, by default high");
        world().cycle();
        assertThat(whats()).isEmpty();
    }

    @Test
    void fromDownscaledToPausedAndBackNothingIsForgotten() {
        pauseBy = PauseBy.QOS;
        account().qos.add("high");
        flags(false, true, false);
        world().cycle();
        flags(true, true, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to paused, by default paused");
        world().cycle();
        flags(false, true, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to slow, by default slow");
        world().cycle();
        flags(false, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to high");
    }

    @Test
    void whatIsPausedByItsLimitOfJobsStaysDownscaled() {
        flags(false, true, false);
        world().cycle();
        flags(true, true, false);
        assertThat(whats()).containsExactly("set GrpSubmitJobs 0 on account hpc_alloc-1");
    }

    @Test
    void aQosOfDownscaledOnesThatASiteLetsEverybodyChooseIsNotTakenAway() {
        account().qos.addAll(List.of("normal", "slow"));
        assertThat(whats()).isEmpty();
        flags(false, true, false);
        world().cycle();
        assertThat(account().access()).startsWith("[slow] by default 'slow'");
        flags(false, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to normal,slow");
    }

    @Test
    void whatIsRememberedFromAnEarlierPauseDoesNotOpenANewOne() {
        pauseBy = PauseBy.QOS;
        account().qos.add("high");
        flags(true, false, false);
        world().before.put(RESOURCE, new Before("hpc_alloc-1", Optional.of(new Before.Qos(new TreeSet<>(List.of("normal")), "")), Optional.empty(), new TreeMap<>()));
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to paused, by default paused");
        world().cycle();
        flags(false, false, false);
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to high");
    }

    @Test
    void whatIsRememberedOfAnotherAccountIsNotGivenToThisOne() {
        account().submit = OptionalLong.of(0);
        world().before.put(RESOURCE, new Before("hpc_another", Optional.empty(), Optional.of(OptionalLong.of(100)), new TreeMap<>()));
        assertThat(world().plan().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"paused, normal", "'paused,gift', gift"})
    void whereNobodyRemembersItGetsTheUsualQosOrWhatIsThereBesides(String found, String wanted) {
        pauseBy = PauseBy.QOS;
        account().qos.addAll(List.of(found.split(",")));
        account().defaultQos = "paused";
        assertThat(whats()).containsExactly("set QoS of account hpc_alloc-1 to " + wanted);
    }

    @Test
    void downscaledWithoutAQosForItIsForTheOperator() {
        slow = Optional.empty();
        flags(false, true, false);
        assertThat(whats()).containsExactly("leave account hpc_alloc-1 as it is");
        assertThat(world().plan().of(LeaveAccount.class)).allMatch(LeaveAccount::operator).allMatch(l -> l.reason().contains("qos_downscaled"));
    }

    @Test
    void restrictedAccessBlocksSubmissionAndNobodyJoinsOrLeaves() {
        flags(false, false, true);
        team().clear();
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).containsExactly("set GrpSubmitJobs 0 on account hpc_alloc-1");
    }

    @Test
    void restrictedAccessRemovesEverybodyIfTheConfigSaysSo() {
        restriction = Restriction.REMOVE;
        flags(false, false, true);
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).containsExactly("remove ann, bob from account hpc_alloc-1");
    }

    @Test
    void restrictedAccessToManyAllocationsAtOnceIsHeldAllTheSame() {
        restriction = Restriction.REMOVE;
        flags(false, false, true);
        for (int i = 0; i < 9; i++) {
            found("u" + i);
        }
        assertThat(isHeld()).isTrue();
    }

    // limits

    @Test
    void limitsOfWaldurAreSetAgain() {
        account().limits.put("cpu", 5L);
        account().limits.put("mem", 7L);
        assertThat(whats()).containsExactly("set GrpTRESMins cpu=600000 on account hpc_alloc-1");
    }

    @ParameterizedTest
    @CsvSource({"2026-01-15, 2026-04-15, 180", "2026-01-15, 2026-04-16, 240", "2026-01-15, 2026-01-20, 60"})
    void prepaidLimitsAreForAllMonths(String created, String end, long minutes) {
        resource("OK", "hpc_alloc-1", world().allocations.get(RESOURCE).resource().limits(), created + "T00:00:00Z", end);
        world().cycle();
        assertThat(account().limits).containsEntry("gres/gpu", minutes);
        assertThat(whats()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HOLD, 600000", "ZERO, 0", "UNLIMITED, -1"})
    void aLimitThatWaldurDoesNotNameIsWhatTheConfigSays(MissingLimit config, long cpu) {
        missing = config;
        resource("OK", "hpc_alloc-1", Map.of("gres/gpu", Optional.of(BigDecimal.ONE)), "", "");
        world().cycle();
        assertThat(account().limits.getOrDefault("cpu", -1L)).isEqualTo(cpu);
    }

    @ParameterizedTest
    @EnumSource(MissingLimit.class)
    void whereWaldurSaysNothingOfLimitsNoneIsChanged(MissingLimit config) {
        missing = config;
        resource("OK", "hpc_alloc-1", Map.of(), "", "");
        assertThat(whats()).isEmpty();
    }

    @Test
    void aLimitThatSlurmCannotHaveIsForTheOperatorAndMembersAreAddedAllTheSame() {
        resource("OK", "hpc_alloc-1", Map.of("cpu", Optional.of(new BigDecimal("-1"))), "", "");
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "leave account hpc_alloc-1 as it is");
    }

    private void limit(String user, String amount) {
        world().userLimitsKnown = true;
        world().userLimits.put(RESOURCE, amount.isEmpty() ? Map.of() : Map.of(user, new BigDecimal(amount)));
    }

    @Test
    void aLimitOfAMemberIsSetAndClearedWhenWaldurHasItNoLonger() {
        limit("ann", "0.5");
        assertThat(whats()).containsExactly("set GrpTRESMins cpu=30000 of user ann in account hpc_alloc-1");
        world().cycle();
        assertThat(whats()).isEmpty();
        limit("ann", "");
        assertThat(whats()).containsExactly("set GrpTRESMins cpu=-1 of user ann in account hpc_alloc-1");
        world().cycle(0);
        assertThat(whats()).as("the agent died before it was cleared").hasSize(1);
        world().cycle();
        assertThat(whats()).isEmpty();
        world().cycle();
        assertThat(world().before).isEmpty();
    }

    @Test
    void aLimitThatSomebodyElseHasSetOrChangedIsNotCleared() {
        limit("ann", "");
        account().users.get("bob").put("cpu", 7L);
        assertThat(whats()).isEmpty();
        limit("ann", "0.5");
        world().cycle();
        account().users.get("ann").put("cpu", 8L);
        limit("ann", "");
        assertThat(whats()).isEmpty();
    }

    @Test
    void aLimitOfWhomIsNotInTheAccountIsNoLimitAndOneOfAJoinerIsSetAtOnce() {
        limit("cleo", "0.5");
        assertThat(whats()).isEmpty();
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).containsExactly("add cleo to account hpc_alloc-1", "set GrpTRESMins cpu=30000 of user cleo in account hpc_alloc-1");
    }

    @Test
    void aLimitOfAMemberThatSlurmCannotHaveDoesNotClearTheOldOne() {
        limit("ann", "0.5");
        world().cycle();
        limit("ann", "-1");
        assertThat(whats()).isEmpty();
        world().cycle();
        limit("ann", "");
        assertThat(world().plan().of(SetUserLimits.class)).hasSize(1);
    }

    @Test
    void whileLimitsOfMembersAreUnknownNoneIsCleared() {
        limit("ann", "0.5");
        world().cycle();
        world().userLimitsKnown = false;
        world().userLimits.clear();
        world().cycle();
        assertThat(account().users.get("ann")).isEqualTo(Map.of("cpu", 30000L));
        world().userLimitsKnown = true;
        assertThat(world().plan().of(SetUserLimits.class)).hasSize(1);
    }

    // projects that moved

    @Test
    void aProjectOfAnotherCustomerMovesBeneathThatOnesAccount() {
        world().accounts.put("hpc_cust-2", new Acc("root", "customer waldur:" + OTHER));
        customer(OTHER, "cust-2");
        assertThat(whats()).containsExactly("move account hpc_proj-1 from hpc_cust-1 to hpc_cust-2");
        world().cycle();
        assertThat(whats()).isEmpty();
    }

    @Test
    void theAccountOfTheOtherCustomerIsMadeFirstAndOnlyOnce() {
        customer(OTHER, "cust-2");
        allocation(2, "cleo");
        Allocation two = world().allocations.get(RandomMembers.id('b', 2));
        world().allocations.put(two.uuid(), new Allocation(two.resource(), two.project(), new Owner(OTHER, "cust-2", "Other"), two.paused(), two.downscaled(), two.restricted(),
                two.lastSync(), two.metadata(), two.options()));
        world().names.put(two.uuid(), new PreparedOrder.Names("hpc_cust-2", "hpc_proj-2", "hpc_alloc-2", false));
        assertThat(whats()).containsExactly("create account hpc_cust-2 beneath root", "move account hpc_proj-1 from hpc_cust-1 to hpc_cust-2",
                "move account hpc_proj-2 from hpc_cust-1 to hpc_cust-2");
        assertThat(world().plan().of(Change.CreateAccount.class)).allMatch(c -> c.description().equals("Other waldur:" + OTHER));
    }

    @Test
    void aForeignAccountOfTheCustomersNameIsNotTakenOver() {
        world().accounts.put("hpc_cust-2", new Acc("root", "made by hand"));
        customer(OTHER, "cust-2");
        assertThat(whats()).containsExactly("leave account hpc_proj-1 as it is");
        assertThat(onlyReason(LeaveAccount.class)).contains("'hpc_cust-2' is something else");
    }

    @Test
    void aProjectDoesNotMoveBeneathAnAccountOfItsOwn() {
        world().accounts.put("hpc_cust-2", new Acc("hpc_proj-1", "customer waldur:" + OTHER));
        customer(OTHER, "cust-2");
        assertThat(whats()).containsExactly("leave account hpc_proj-1 as it is");
    }

    @Test
    void aProjectThatASiteHasPutElsewhereStaysThere() {
        world().accounts.put("physics", new Acc("root", "a department"));
        world().accounts.get("hpc_proj-1").parent = "physics";
        assertThat(whats()).isEmpty();
    }

    @Test
    void aProjectsAccountThatIsNotOursStaysWhereItIs() {
        world().accounts.put("hpc_proj-1", new Acc("hpc_cust-1", "other waldur:" + RandomMembers.id('e', 1)));
        world().accounts.put("hpc_cust-2", new Acc("root", "customer waldur:" + OTHER));
        customer(OTHER, "cust-2");
        assertThat(world().plan().of(MoveAccount.class)).isEmpty();
    }

    // accounts that are missing

    @Test
    void aMissingAccountIsSaidAndNotMade() {
        world().accounts.remove("hpc_alloc-1");
        assertThat(whats()).containsExactly("leave account hpc_alloc-1 as it is");
        assertThat(onlyReason(LeaveAccount.class)).contains("does not exist on cluster lab").contains("recreate");
    }

    @Test
    void aMissingAccountIsMadeAgainWithItsMembersIfTheConfigSaysSo() {
        recreate = true;
        world().accounts.keySet().removeIf(a -> a.startsWith("hpc_"));
        assertThat(whats()).containsExactly("create account hpc_cust-1 beneath root", "create account hpc_proj-1 beneath hpc_cust-1",
                "create account hpc_alloc-1 beneath hpc_proj-1 with GrpTRESMins cpu=600000,gres/gpu=60", "add ann, bob to account hpc_alloc-1");
        world().cycle();
        assertThat(whats()).isEmpty();
    }

    @Test
    void whatIsMadeAgainIsPausedFromTheBeginning() {
        recreate = true;
        world().accounts.remove("hpc_alloc-1");
        flags(true, false, false);
        assertThat(whats()).contains("set GrpSubmitJobs 0 on account hpc_alloc-1");
    }

    @Test
    void nothingIsMadeAgainUnderANameThatIsTaken() {
        recreate = true;
        world().accounts.remove("hpc_alloc-1");
        world().accounts.remove("hpc_proj-1");
        world().accounts.put("hpc_proj-1", new Acc("root", "a department"));
        assertThat(whats()).containsExactly("leave account hpc_alloc-1 as it is");
        assertThat(onlyReason(LeaveAccount.class)).contains("cannot be created again").contains("'hpc_proj-1' is taken");
    }

    // default accounts

    private List<String> joining(DefaultAccountPolicy how, boolean hasDefault) {
        policy = how;
        world().accounts.put("default", new Acc("root", "for everybody"));
        team().add(person("cleo", Kind.OK));
        if (hasDefault) {
            world().accounts.put("other", new Acc("root", "a department"));
            world().accounts.get("other").users.put("cleo", new TreeMap<>());
            world().defaults.put("cleo", "other");
        }
        return whats();
    }

    @Test
    void withPolicyCommonWhoJoinsIsInTheCommonAccountFirst() {
        assertThat(joining(DefaultAccountPolicy.COMMON, false)).containsExactly("add cleo to account default", "add cleo to account hpc_alloc-1",
                "make default the default account of cleo");
        world().cycle();
        assertThat(world().defaults).containsEntry("cleo", "default");
        assertThat(whats()).isEmpty();
    }

    @Test
    void withPolicyIndividualItIsTheAccountThatHeJoins() {
        assertThat(joining(DefaultAccountPolicy.INDIVIDUAL, false)).containsExactly("add cleo to account hpc_alloc-1", "make hpc_alloc-1 the default account of cleo");
    }

    @ParameterizedTest
    @EnumSource(DefaultAccountPolicy.class)
    void whoHasADefaultAccountKeepsIt(DefaultAccountPolicy how) {
        assertThat(joining(how, true)).noneMatch(what -> what.startsWith("make "));
    }

    @Test
    void nobodyIsEverAddedToRoot() {
        policy = DefaultAccountPolicy.COMMON;
        team().add(person("cleo", Kind.OK));
        assertThat(whats()).as("the default account does not exist").containsExactly("add cleo to account hpc_alloc-1");
    }

    // what Waldur shows

    private void metadata(String json) {
        Allocation a = world().allocations.get(RESOURCE);
        world().allocations.put(RESOURCE, new Allocation(a.resource(), a.project(), a.customer(), a.paused(), a.downscaled(), a.restricted(), a.lastSync(), MembershipWorld.json(json),
                a.options()));
    }

    @Test
    void waldurIsToldTheQosThatCountAndOnlyWhenTheyDiffer() {
        metadata("{\"seen\": 1}");
        assertThat(whats()).isEmpty();
        world().accounts.get("hpc_cust-1").qos.add("normal");
        assertThat(whats()).containsExactly("set backend metadata of resource " + RESOURCE + " to {\"seen\":1,\"qos\":\"normal\"}");
        world().cycle();
        assertThat(whats()).isEmpty();
        account().qos.addAll(List.of("high", "extra"));
        world().cycle();
        assertThat(whats()).isEmpty();
        flags(false, true, false);
        assertThat(whats()).endsWith("set backend metadata of resource " + RESOURCE + " to {\"seen\":1,\"qos\":\"slow\"}");
        world().cycle();
        assertThat(whats()).isEmpty();
    }

    @Test
    void nothingIsToldToAServerThatKeepsNoMetadata() {
        account().qos.add("high");
        assertThat(whats()).isEmpty();
    }

    @Test
    void textsOfWaldurAreOneLineInThePlan() {
        resource("OK", "hpc_x\n  + remove everybody", Map.of(), "", "");
        world().accounts.remove("hpc_alloc-1");
        SortedMap<String, String> texts = new TreeMap<>();
        world().plan().changes().forEach(c -> texts.put(c.what(), c.reason()));
        assertThat(texts).isNotEmpty().allSatisfy((what, why) -> assertThat(what + why).doesNotContain("\n"));
    }
}
