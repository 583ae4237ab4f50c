package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.order.Order.State;
import org.waldur.siteagent.order.Order.Type;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.FoundCluster;

class OrderPlannerTest {
    private static final String ORDER = "0a".repeat(16);
    private static final String RESOURCE = "0b".repeat(16);
    private static final String PROJECT = "0c".repeat(16);
    private static final String CUSTOMER = "0d".repeat(16);
    private static final String OTHER = "0e".repeat(16);

    private final FoundCluster found = new FoundCluster();
    private final List<Resource> others = new ArrayList<>();
    private Type type = Type.CREATE;
    private String backendId = "";
    private String slug = "alloc-1";
    private String projectSlug = "proj-1";
    private String policy = "";
    private boolean softDelete;
    private Optional<String> plan = Optional.empty();
    private Optional<String> resourcePlan = Optional.empty();
    private Map<String, Optional<BigDecimal>> limits = Map.of("cpu", Optional.of(BigDecimal.TEN));

    private Offering offering() {
        BackendSettings backend = new BackendSettings("root", DefaultAccountPolicy.COMMON, "hpc_", "hpc_", "hpc_", 34, "root", Optional.empty(),
                Optional.empty(), "/usr/bin", false, "0077", Optional.empty(), MissingLimit.HOLD, softDelete, MembershipSettings.USUAL);
        Map<String, Component> components = new TreeMap<>();
        components.put("cpu", new Component("cpu", "CPU", "k-Hours", new BigDecimal("60000"), AccountingType.LIMIT, Optional.empty(), Map.of(), Map.of()));
        components.put("mem", new Component("mem", "RAM", "gb-Hours", new BigDecimal("61440"), AccountingType.USAGE, Optional.of(BigDecimal.TEN), Map.of(), Map.of()));
        return new Offering("slurm", "0f".repeat(16), URI.create("http://localhost/api/"), new Secret("x"), true, Optional.empty(),
                Optional.empty(), "slurm", EnumSet.allOf(Mode.class), false, ZoneOffset.UTC, backend, components);
    }

    private PreparedOrder order() {
        Order order = new Order(ORDER, type, State.PENDING_PROVIDER, RESOURCE, "Sample 1", Optional.empty(), limits, plan, PROJECT, projectSlug,
                "Project 1", CUSTOMER, "cust-1", "Customer 1");
        Resource resource = new Resource(RESOURCE, "Sample 1", slug, "Creating", backendId, Optional.empty(), Optional.empty(), policy, resourcePlan, Map.of());
        String allocation = "hpc_" + (policy.isEmpty() ? slug : projectSlug);
        return new PreparedOrder(order, resource, new PreparedOrder.Names("hpc_cust-1", "hpc_" + projectSlug, allocation, !policy.isEmpty()),
                PreparedOrder.Verdict.ACCEPT, "-");
    }

    /** A second order, for another allocation of another project of the same customer. */
    private static PreparedOrder another(Type type, String slug, String projectSlug, String backendId) {
        Order order = new Order("1a".repeat(16), type, State.EXECUTING, OTHER, "Other", Optional.empty(), Map.of("cpu", Optional.of(BigDecimal.ONE)),
                Optional.empty(), "1c".repeat(16), projectSlug, "Project 2", CUSTOMER, "cust-1", "Customer 1");
        Resource resource = new Resource(OTHER, "Other", slug, "OK", backendId, Optional.empty(), Optional.empty(), "", Optional.empty(), Map.of());
        return new PreparedOrder(order, resource, new PreparedOrder.Names("hpc_cust-1", "hpc_" + projectSlug, "hpc_" + slug, false),
                PreparedOrder.Verdict.ACCEPT, "-");
    }

    private Plan plan(PreparedOrder... orders) {
        return OrderPlanner.plan(offering(), List.of(orders), Stream.of(orders).map(PreparedOrder::resource).distinct().toList(), found.read());
    }

    private static List<String> whats(Plan plan) {
        return plan.changes().stream().map(Change::what).toList();
    }

    private Plan plan() {
        PreparedOrder order = order();
        List<Resource> resources = new ArrayList<>(others);
        resources.add(order.resource());
        return OrderPlanner.plan(offering(), List.of(order), resources, found.read());
    }

    private List<String> whats() {
        return whats(plan());
    }

    private FoundCluster ours() {
        return found.account("hpc_cust-1", "root", "customer waldur:" + CUSTOMER)
                .account("hpc_proj-1", "hpc_cust-1", "project waldur:" + PROJECT)
                .account("hpc_alloc-1", "hpc_proj-1", "sample waldur:" + RESOURCE, "cpu=600000,mem=600G", "");
    }

    @Test
    void aCreateMakesTheThreeAccountsParentsFirst() {
        assertThat(whats()).containsExactly(
                "approve order " + ORDER,
                "create account hpc_cust-1 beneath root",
                "create account hpc_proj-1 beneath hpc_cust-1",
                "create account hpc_alloc-1 beneath hpc_proj-1 with GrpTRESMins cpu=600000,mem=614400",
                "report account hpc_alloc-1 as backend_id of resource " + RESOURCE,
                "finish order " + ORDER,
                "add the team's members to account hpc_alloc-1");
        assertThat(plan().of(Change.CreateAccount.class)).allMatch(a -> a.description().endsWith("waldur:" + a.marker()));
    }

    @Test
    void whatADeadRunCreatedIsAdoptedByItsMarker() {
        ours();
        assertThat(whats()).containsExactly("approve order " + ORDER, "report account hpc_alloc-1 as backend_id of resource " + RESOURCE,
                "finish order " + ORDER, "add the team's members to account hpc_alloc-1");
    }

    @Test
    void aForeignAccountOfThatNameIsAClashAndNotTakenOver() {
        found.account("hpc_alloc-1", "root", "somebody else's");
        Plan plan = plan();
        assertThat(plan.of(Change.CreateAccount.class)).isEmpty();
        assertThat(plan.of(Change.FailOrder.class)).singleElement().extracting(Change.FailOrder::message).asString().contains("hpc_alloc-1");
    }

    @Test
    void aForeignProjectOrCustomerIsAClashEvenInTheRightPlace() {
        found.account("hpc_cust-1", "root", "made by hand");
        assertThat(plan().of(Change.FailOrder.class)).singleElement().extracting(Change.FailOrder::message).asString().contains("hpc_cust-1");
        assertThat(plan().of(Change.CreateAccount.class)).isEmpty();
    }

    @Test
    void anUnmarkedProjectAboveAnAllocationOfOursIsOurs() {
        found.account("hpc_cust-1", "root", "of the incumbent").account("hpc_proj-1", "hpc_cust-1", "of the incumbent")
                .account("hpc_old", "hpc_proj-1", "old");
        others.add(new Resource(OTHER, "old", "old", "OK", "hpc_old", Optional.empty(), Optional.empty(), "", Optional.empty(), Map.of()));
        assertThat(plan().of(Change.CreateAccount.class)).extracting(Change.CreateAccount::name).containsExactly("hpc_alloc-1");
    }

    @Test
    void withTheProjectPolicyTheNextFreeNumberIsTaken() {
        policy = "project_slug";
        assertThat(plan().of(Change.ReportBackendId.class)).extracting(Change.ReportBackendId::backendId).containsExactly("hpc_proj-1-0");
    }

    @Test
    void aBackendIdThatIsNotOursIsHeldForTheOperator() {
        for (Type each : Type.values()) {
            type = each;
            backendId = "physics";
            FoundCluster fresh = new FoundCluster().account("physics", "root", "a department");
            PreparedOrder order = order();
            Plan plan = OrderPlanner.plan(offering(), List.of(order), List.of(order.resource()), fresh.read());
            assertThat(plan.isEmpty()).as(each.name()).isTrue();
            assertThat(plan.of(Change.HoldOrder.class)).singleElement().satisfies(h -> assertThat(h.reason()).contains("physics"));
        }
    }

    @Test
    void protectedAccountsAreNeverTouched() {
        type = Type.TERMINATE;
        backendId = "root";
        assertThat(plan().isEmpty()).isTrue();
    }

    @Test
    void anUpdateWritesOnlyWhatDiffers() {
        ours();
        type = Type.UPDATE;
        backendId = "hpc_alloc-1";
        limits = Map.of("cpu", Optional.of(new BigDecimal("20")));
        assertThat(whats()).containsExactly("approve order " + ORDER, "set GrpTRESMins cpu=1200000 on account hpc_alloc-1", "finish order " + ORDER);
        limits = Map.of("cpu", Optional.of(BigDecimal.TEN));
        assertThat(whats()).containsExactly("approve order " + ORDER, "finish order " + ORDER);
    }

    @Test
    void anUpdateOfAMissingAccountWaits() {
        type = Type.UPDATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().isEmpty()).isTrue();
        assertThat(plan().of(Change.HoldOrder.class)).singleElement().matches(Change.HoldOrder::operator);
    }

    @Test
    void aMissingLimitHoldsTheOrder() {
        limits = Map.of();
        assertThat(plan().isEmpty()).isTrue();
        assertThat(plan().of(Change.HoldOrder.class)).singleElement().satisfies(h -> assertThat(h.reason()).contains("missing_limit"));
    }

    @Test
    void wrongLimitsAndMissingSlugsErrTheOrder() {
        limits = Map.of("cpu", Optional.of(new BigDecimal("-1")));
        assertThat(whats()).element(1).asString().startsWith("end order " + ORDER + " as erred");
        limits = Map.of("cpu", Optional.of(BigDecimal.ONE));
        projectSlug = "";
        assertThat(plan().of(Change.FailOrder.class)).singleElement().satisfies(f -> assertThat(f.message()).contains("slug of the project"));
        projectSlug = "a b";
        assertThat(plan().of(Change.FailOrder.class)).hasSize(1);
    }

    @Test
    void aTerminationRemovesTheLastOfAProjectAndItsParents() {
        ours().user("alice", "hpc_alloc-1", "hpc_alloc-1");
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(whats()).containsExactly("approve order " + ORDER, "remove account hpc_alloc-1 and its users alice",
                "remove account hpc_proj-1 if nothing is left beneath it", "remove account hpc_cust-1 if nothing is left beneath it",
                "finish order " + ORDER);
    }

    @Test
    void aTerminationKeepsAProjectThatHasAnotherAccount() {
        ours().account("hpc_alloc-2", "hpc_proj-1", "another");
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().of(Change.RemoveParent.class)).isEmpty();
    }

    @Test
    void aTerminationIsHeldWhereAccountsAreToBeKept() {
        ours();
        softDelete = true;
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().changes()).singleElement().isInstanceOfSatisfying(Change.HoldOrder.class, held ->
                assertThat(held.reason()).contains("soft_delete", "hpc_alloc-1", "take soft_delete away"));
    }

    @Test
    void aTerminationOfNothingIsDone() {
        type = Type.TERMINATE;
        assertThat(whats()).containsExactly("approve order " + ORDER, "finish order " + ORDER);
    }

    @Test
    void aTerminationThatDiedAfterTheAccountWasGoneStillRemovesTheParents() {
        found.account("hpc_cust-1", "root", "customer waldur:" + CUSTOMER).account("hpc_proj-1", "hpc_cust-1", "project waldur:" + PROJECT);
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().of(Change.RemoveParent.class)).extracting(Change.RemoveParent::account).containsExactly("hpc_proj-1", "hpc_cust-1");
    }

    @Test
    void anAccountWithAccountsBeneathIsHeld() {
        ours().account("sub", "hpc_alloc-1", "made by hand");
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().isEmpty()).isTrue();
    }

    @Test
    void aRestoredAllocationGetsItsOldName() {
        type = Type.RESTORE;
        backendId = "hpc_former";
        assertThat(plan().of(Change.CreateAccount.class)).extracting(Change.CreateAccount::name).contains("hpc_former");
    }

    @Test
    void theSameFactsGiveTheSamePlanAndChecksum() {
        assertThat(plan()).isEqualTo(plan());
        String before = plan().checksum();
        assertThat(plan().checksum()).isEqualTo(before);
        limits = Map.of("cpu", Optional.of(new BigDecimal("11")));
        assertThat(plan().checksum()).isNotEqualTo(before);
        limits = Map.of("cpu", Optional.of(BigDecimal.TEN));
        ours();
        assertThat(plan().checksum()).isNotEqualTo(before);
    }

    @Test
    void theChecksumIsTheSameInEveryRunOfJava() {
        assertThat(plan().checksum()).isEqualTo("0a9ae04a16a0");
    }

    @Test
    void ordersForOneResourceAreCarriedOutOneAfterTheOther() {
        PreparedOrder first = order();
        type = Type.TERMINATE;
        PreparedOrder then = order();
        Order later = new Order("2a".repeat(16), Type.TERMINATE, State.EXECUTING, RESOURCE, "Sample 1", Optional.empty(), Map.of(), Optional.empty(), PROJECT, "proj-1",
                "Project 1", CUSTOMER, "cust-1", "Customer 1");
        Plan plan = plan(first, new PreparedOrder(later, then.resource(), then.names(), then.verdict(), "-"));
        assertThat(plan.of(Change.HoldOrder.class)).singleElement().matches(h -> h.order().equals(later.uuid()) && !h.operator());
        assertThat(plan.of(Change.FinishOrder.class)).extracting(Change.FinishOrder::order).containsExactly(ORDER);
    }

    @Test
    void anAccountThatCarriesSomethingElsesUuidIsHeldWhateverWaldurSays() {
        ours();
        type = Type.TERMINATE;
        backendId = "hpc_proj-1";
        found.account("hpc_empty", "root", "another project waldur:" + OTHER);
        assertThat(plan().isEmpty()).isTrue();
        backendId = "hpc_empty";
        assertThat(plan().isEmpty()).isTrue();
    }

    @Test
    void aProtectedAccountIsNotOursEvenWithTheMarker() {
        found.account("physics", "root", "a department");
        type = Type.TERMINATE;
        BackendSettings common = new BackendSettings("physics", DefaultAccountPolicy.COMMON, "hpc_", "hpc_", "hpc_", 34, "root", Optional.empty(),
                Optional.empty(), "/usr/bin", false, "0077", Optional.empty(), MissingLimit.HOLD, false, MembershipSettings.USUAL);
        Offering base = offering();
        Offering offering = new Offering("slurm", base.uuid(), base.apiUrl(), base.token(), true, Optional.empty(), Optional.empty(), "slurm", base.modes(), false, ZoneOffset.UTC, common,
                base.components());
        FoundCluster marked = new FoundCluster().account("physics", "root", "a department waldur:" + RESOURCE);
        Plan plan = OrderPlanner.plan(offering, List.of(order()), List.of(order().resource()), marked.read());
        assertThat(plan.of(Change.RemoveAllocation.class)).isEmpty();
    }

    @Test
    void whichOfSeveralAccountsGoesIsForTheOperator() {
        ours().account("hpc_twin", "hpc_proj-1", "twin waldur:" + RESOURCE);
        for (String reported : List.of("", "hpc_alloc-1")) {
            type = Type.TERMINATE;
            backendId = reported;
            assertThat(plan().of(Change.HoldOrder.class)).singleElement().satisfies(h -> assertThat(h.reason()).contains("hpc_alloc-1", "hpc_twin"));
        }
    }

    @Test
    void noNameIsGivenTwiceInOnePlan() {
        assertThat(plan(order(), another(Type.CREATE, "x", "alloc-1", "")).of(Change.FailOrder.class)).singleElement()
                .satisfies(f -> assertThat(f.message()).contains("hpc_alloc-1", "this project"));
        assertThat(plan(another(Type.CREATE, "x", "alloc-1", ""), order()).of(Change.FailOrder.class)).singleElement()
                .satisfies(f -> assertThat(f.message()).contains("hpc_alloc-1", "this resource"));
        assertThat(plan(another(Type.CREATE, "x", "y", ""), another(Type.RESTORE, "x", "y", "hpc_x")).of(Change.CreateAccount.class))
                .extracting(Change.CreateAccount::name).doesNotHaveDuplicates();
    }

    @Test
    void anOrderThatGetsNothingKeepsNoName() {
        found.account("hpc_proj-2", "root", "somebody else's");
        Plan plan = plan(another(Type.CREATE, "alloc-1", "proj-2", ""), order());
        assertThat(plan.of(Change.FinishOrder.class)).extracting(Change.FinishOrder::order).containsExactly(ORDER);
    }

    @Test
    void aNameThatIsBeingSetFreeIsWaitedFor() {
        ours();
        type = Type.TERMINATE;
        Plan plan = plan(another(Type.CREATE, "alloc-1", "proj-2", ""), order());
        assertThat(plan.of(Change.FailOrder.class)).isEmpty();
        assertThat(plan.of(Change.HoldOrder.class)).singleElement().matches(h -> !h.operator() && h.reason().contains("hpc_alloc-1"));
        backendId = "hpc_gone";
        assertThat(plan(another(Type.CREATE, "gone", "proj-2", ""), order()).of(Change.HoldOrder.class)).as("a name without an account").hasSize(1);
    }

    @Test
    void anAllocationAboveAnotherIsNoProject() {
        found.account("hpc_other", "root", "other waldur:" + OTHER).account("hpc_alloc-1", "hpc_other", "sample waldur:" + RESOURCE);
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        others.add(new Resource(OTHER, "other", "other", "OK", "hpc_other", Optional.empty(), Optional.empty(), "", Optional.empty(), Map.of()));
        assertThat(plan().of(Change.RemoveParent.class)).isEmpty();
    }

    @Test
    void whatStandsAboveAnAllocationIsOneProjectAndNoOther() {
        found.account("hpc_cust-2", "root", "of the incumbent").account("hpc_old", "hpc_cust-2", "of the incumbent").account("hpc_a", "hpc_old", "a");
        others.add(new Resource(OTHER, "a", "a", "OK", "hpc_a", Optional.empty(), Optional.empty(), "", Optional.empty(), Map.of()));
        projectSlug = "cust-2";
        assertThat(plan().of(Change.FailOrder.class)).hasSize(1);
        found.account("hpc_proj-1", "root", "moved by hand waldur:" + PROJECT);
        projectSlug = "proj-1";
        assertThat(plan().of(Change.CreateAccount.class)).extracting(Change.CreateAccount::name).containsExactly("hpc_alloc-1");
    }

    @Test
    void anEmptiedProjectWithoutMarkerGoesWithAnAllocationThatOnlyItsMarkerTells() {
        found.account("hpc_old", "root", "of the incumbent").account("hpc_alloc-1", "hpc_old", "sample waldur:" + RESOURCE);
        type = Type.TERMINATE;
        assertThat(plan().of(Change.RemoveParent.class)).extracting(Change.RemoveParent::account).containsExactly("hpc_old");
    }

    @Test
    void anAccountBeneathItsCustomerIsRemovedWithTheCustomerOnce() {
        found.account("hpc_cust-1", "root", "customer waldur:" + CUSTOMER).account("hpc_alloc-1", "hpc_cust-1", "sample waldur:" + RESOURCE);
        type = Type.TERMINATE;
        backendId = "hpc_alloc-1";
        assertThat(plan().of(Change.RemoveParent.class)).extracting(Change.RemoveParent::account).containsExactly("hpc_cust-1");
    }

    @Test
    void aMissingAccountIsTerminatedWhateverItWasCalled() {
        type = Type.TERMINATE;
        for (String former : List.of("physics-1", "x".repeat(60), "a b")) {
            backendId = former;
            assertThat(whats()).containsExactly("approve order " + ORDER, "finish order " + ORDER);
        }
    }

    @Test
    void slurmLooksAtFortyTwoCharacters() {
        slug = "a".repeat(30);
        found.account("hpc_" + slug + "a".repeat(30), "root", "somebody else's");
        assertThat(plan().of(Change.FailOrder.class)).isEmpty();
        projectSlug = "a".repeat(38);
        assertThat(plan().of(Change.FailOrder.class)).singleElement().satisfies(f -> assertThat(f.message()).contains("this project"));
    }

    @Test
    void anotherPlanWithoutLimitsChangesNoLimits() {
        ours();
        type = Type.UPDATE;
        backendId = "hpc_alloc-1";
        limits = Map.of();
        plan = Optional.of("2b".repeat(16));
        resourcePlan = Optional.of("2c".repeat(16));
        assertThat(whats()).containsExactly("approve order " + ORDER, "finish order " + ORDER);
        limits = Map.of("cpu", Optional.empty());
        assertThat(plan().isEmpty()).as("a limit that cannot be read is no switch of plan").isTrue();
        limits = Map.of();
        resourcePlan = plan;
        assertThat(plan().isEmpty()).as("the same plan").isTrue();
        resourcePlan = Optional.empty();
        assertThat(plan().isEmpty()).as("an unknown plan").isTrue();
    }
}
