package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waldur.siteagent.usage.UsageWorld.NOVEMBER;
import static org.waldur.siteagent.usage.UsageWorld.OCTOBER;
import static org.waldur.siteagent.usage.UsageWorld.uuid;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;

/** What is told to Waldur, what is held, and what is left alone: a rule, a test. */
class UsagePlannerTest {
    private final UsageWorld world = new UsageWorld();

    /** The changes, a line each, without what is held. */
    private List<String> told() {
        return told(world.report());
    }

    private static List<String> told(UsageReport report) {
        return report.plan().changes().stream().filter(change -> !change.isHeld()).map(UsagePlannerTest::line).toList();
    }

    private static String line(Change change) {
        if (change instanceof SetUsage usage) {
            return usage.account() + " " + usage.month() + " " + usage.amounts();
        }
        SetUserUsages users = (SetUserUsages) change;
        return users.account() + " " + users.month() + " " + users.component() + " of " + users.amounts();
    }

    private HoldUsage held() {
        return held(world.report());
    }

    private static HoldUsage held(UsageReport report) {
        assertThat(report.plan().of(HoldUsage.class)).hasSize(1);
        return report.plan().of(HoldUsage.class).get(0);
    }

    private String states() {
        return world.report().figures().stream().map(f -> f.component() + (f.user().isEmpty() ? "" : " " + f.user()) + " " + f.state()).collect(Collectors.joining(", "));
    }

    @Test
    void firstUsage() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "10").used("hpc_one", "bob", "cpu", "5.5").used("hpc_one", "bob", "mem", "2");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=15.50, mem=2.00}", "hpc_one 2026-11 cpu of {alice=10.00, bob=5.50}", "hpc_one 2026-11 mem of {bob=2.00}");
        assertThat(world.report().notes()).isEmpty();
    }

    @Test
    void whatIsUnchangedIsNotSent() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "10").booked(1, "cpu", "10.00").booked(1, "mem", "0.00").bookedFor(1, "cpu", "alice", "10.00");
        assertThat(world.report().plan().changes()).isEmpty();
        assertThat(states()).isEqualTo("cpu SAME, cpu alice SAME, mem SAME");
    }

    /** U11 and U13 of the Python agent; Waldur's numbers have as many digits as its version likes. */
    @ParameterizedTest
    @CsvSource({"10.00, 10", "10.0000, 10.004", "10, 9.995", "1E+1, 10", "10.004, 10.0049", "0.01, 0.005", "0.00, 0.00499999"})
    void whatIsUnchangedAfterRoundingIsNotSent(String booked, String used) {
        world.resource(1, "hpc_one").used("hpc_one", "", "cpu", used).booked(1, "cpu", booked).booked(1, "mem", "0.00");
        assertThat(world.report().plan().changes()).isEmpty();
    }

    @Test
    void oneComponentThatChangedTakesAllOthersAlong() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "10.01").used("hpc_one", "alice", "mem", "7").booked(1, "cpu", "10.00").booked(1, "mem", "7.00")
                .bookedFor(1, "cpu", "alice", "10.00").bookedFor(1, "mem", "alice", "7.00");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=10.01, mem=7.00}", "hpc_one 2026-11 cpu of {alice=10.01}");
    }

    @Test
    void oneResourceThatChangedTakesNoOtherAlong() {
        world.resource(1, "hpc_one").resource(2, "hpc_two").used("hpc_one", "alice", "cpu", "1").used("hpc_two", "alice", "cpu", "2")
                .booked(2, "cpu", "2.00").booked(2, "mem", "0.00").bookedFor(2, "cpu", "alice", "2.00");
        assertThat(told()).allMatch(line -> line.startsWith("hpc_one"));
    }

    @Test
    void aResourceWithoutJobsHasZero() {
        world.resource(1, "hpc_one");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=0.00, mem=0.00}");
        world.booked(1, "cpu", "0.00");
        assertThat(told()).as("a component that Waldur has no row of").containsExactly("hpc_one 2026-11 {cpu=0.00, mem=0.00}");
        world.booked(1, "mem", "0");
        assertThat(told()).isEmpty();
    }

    @Test
    void anEarlierMonthWithoutUsageIsLeftAlone() {
        world.months = List.of(OCTOBER, NOVEMBER);
        world.resource(1, "hpc_one");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=0.00, mem=0.00}");
        world.used(OCTOBER, "hpc_one", "alice", "cpu", "3");
        assertThat(told()).as("the oldest first").containsExactly("hpc_one 2026-10 {cpu=3.00, mem=0.00}", "hpc_one 2026-10 cpu of {alice=3.00}",
                "hpc_one 2026-11 {cpu=0.00, mem=0.00}");
    }

    @Test
    void somebodyWhoHasNothingLeftGetsZeroIfTheWholeDoesNotFall() {
        world.resource(1, "hpc_one").used("hpc_one", "bob", "cpu", "10").booked(1, "cpu", "10.00").booked(1, "mem", "0.00").bookedFor(1, "cpu", "alice", "10.00");
        assertThat(told()).containsExactly("hpc_one 2026-11 cpu of {alice=0.00, bob=10.00}");
        assertThat(world.report().plan().of(HoldUsage.class)).isEmpty();
    }

    @Test
    void andIsHeldIfItDoes() {
        world.resource(1, "hpc_one").used("hpc_one", "bob", "cpu", "9.99").booked(1, "cpu", "10.00").booked(1, "mem", "0.00").bookedFor(1, "cpu", "alice", "10.00");
        assertThat(told()).isEmpty();
        assertThat(held().facts()).containsExactly("cpu: sacct says 9.99, Waldur has 10.00", "cpu of alice: sacct says 0.00, Waldur has 10.00",
                "cpu of bob: sacct says 9.99, Waldur has nothing; it waits for the others");
    }

    @Test
    void somebodyWhoWouldFallIsHeldAlone() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "4").used("hpc_one", "bob", "cpu", "8").booked(1, "cpu", "10.00").booked(1, "mem", "0.00")
                .bookedFor(1, "cpu", "alice", "5.00").bookedFor(1, "cpu", "bob", "5.00");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=12.00, mem=0.00}", "hpc_one 2026-11 cpu of {bob=8.00}");
        assertThat(held().facts()).containsExactly("cpu of alice: sacct says 4.00, Waldur has 5.00");
    }

    /** U12 of the Python agent. */
    @Test
    void aWholeThatWouldFallHoldsAllOfTheResourceAndNoOther() {
        world.resource(1, "hpc_one").resource(2, "hpc_two").used("hpc_one", "", "cpu", "0.01").used("hpc_one", "", "mem", "8").used("hpc_two", "", "cpu", "1")
                .booked(1, "cpu", "5.00").booked(1, "mem", "7.00");
        assertThat(told()).containsExactly("hpc_two 2026-11 {cpu=1.00, mem=0.00}");
        assertThat(held()).returns("hpc_one", HoldUsage::account).returns(NOVEMBER, HoldUsage::month);
        assertThat(held().facts()).containsExactly("cpu: sacct says 0.01, Waldur has 5.00", "mem: sacct says 8.00, Waldur has 7.00; it waits for the others");
        assertThat(held().reason()).contains("waldur-site-agent -m report --once --release " + held().release());
    }

    @Test
    void aReleaseHoldsWhileFiguresGrowAndLetsExactlyTheseThrough() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "5").used("hpc_one", "alice", "mem", "8").booked(1, "cpu", "10.00").booked(1, "mem", "7.00")
                .bookedFor(1, "cpu", "alice", "10.00");
        String release = held().release();
        assertThat(release).matches("[0-9a-f]{12}");
        world.used("hpc_one", "alice", "cpu", "1").used("hpc_one", "bob", "mem", "1");
        assertThat(held().release()).isEqualTo(release);
        world.released.add("000000000000");
        assertThat(told()).isEmpty();
        world.released.add(release);
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=6.00, mem=9.00}", "hpc_one 2026-11 cpu of {alice=6.00}", "hpc_one 2026-11 mem of {alice=8.00, bob=1.00}");
        assertThat(world.report().plan().of(HoldUsage.class)).isEmpty();
        assertThat(world.report().released()).containsExactly(release);
    }

    @Test
    void aReleaseIsAnotherOneForOtherFigures() {
        world.resource(1, "hpc_one").used("hpc_one", "", "cpu", "5").used("hpc_one", "", "mem", "8").booked(1, "cpu", "10.00").booked(1, "mem", "7.00");
        String release = held().release();
        world.booked(1, "mem", "9.00");
        assertThat(held().release()).as("one more falls").isNotEqualTo(release);
        world.booked(1, "mem", "7.00").booked(1, "cpu", "11.00");
        assertThat(held().release()).as("it falls from something else").isNotEqualTo(release);
        world.booked(1, "cpu", "10.00");
        assertThat(held().release()).isEqualTo(release);
        UsageWorld other = new UsageWorld().resource(2, "hpc_one").used("hpc_one", "", "cpu", "5").booked(2, "cpu", "10.00").booked(2, "mem", "0.00");
        assertThat(held(other.report()).release()).as("of another resource").isNotEqualTo(release);
        UsageWorld october = new UsageWorld().resource(1, "hpc_one").used(OCTOBER, "hpc_one", "", "cpu", "5").booked(OCTOBER, 1, "cpu", "10.00").booked(OCTOBER, 1, "mem", "0.00");
        october.months = List.of(OCTOBER);
        assertThat(held(october.report()).release()).as("of another month").isNotEqualTo(release);
        world.released.add(held(other.report()).release());
        world.released.add(held(october.report()).release());
        assertThat(told()).isEmpty();
    }

    @Test
    void anUnknownMonthPlansNothingAndHarmsNoOther() {
        world.months = List.of(OCTOBER, NOVEMBER);
        world.resource(1, "hpc_one").used(OCTOBER, "hpc_one", "alice", "cpu", "3").used("hpc_one", "alice", "cpu", "4").booked(1, "cpu", "9.00")
                .unknown(NOVEMBER, "sacct printed nonsense");
        assertThat(told()).allMatch(line -> line.startsWith("hpc_one 2026-10")).isNotEmpty();
        assertThat(world.report().plan().of(HoldUsage.class)).isEmpty();
        assertThat(world.report().figures()).filteredOn(f -> f.month().equals(NOVEMBER)).hasSize(2).allSatisfy(f -> {
            assertThat(f.state()).isEqualTo(Figure.State.UNKNOWN);
            assertThat(f.used()).isEmpty();
            assertThat(f.why()).isEqualTo("sacct printed nonsense");
        });
    }

    @Test
    void anAccountThatIsNotThereIsSaid() {
        world.resource(1, "hpc_gone");
        assertThat(world.report().plan().changes()).isEmpty();
        assertThat(world.report().notes()).containsExactly("account hpc_gone of resource " + uuid(1) + " is not on the cluster and has no jobs: nothing is reported for it");
        world.unknown(NOVEMBER, "x");
        assertThat(world.report().notes()).containsExactly("account hpc_gone of resource " + uuid(1) + " is not on the cluster, and whether it has jobs is unknown");
        assertThat(world.report().plan().changes()).isEmpty();
    }

    @Test
    void whatAnAccountUsedBeforeItWasRemovedIsReported() {
        world.resource(1, "hpc_gone").used("hpc_gone", "alice", "cpu", "4");
        assertThat(told()).contains("hpc_gone 2026-11 {cpu=4.00, mem=0.00}");
    }

    @Test
    void aResourceHasNoUsageBeforeItWasCreated() {
        world.months = List.of(OCTOBER, NOVEMBER);
        world.resource(1, "hpc_one", "OK", "2026-11-05T00:00:00Z").used(OCTOBER, "hpc_one", "alice", "cpu", "3");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=0.00, mem=0.00}");
        world.resources.clear();
        world.resource(1, "hpc_one", "OK", "2026-10-31T23:59:59Z");
        assertThat(told()).contains("hpc_one 2026-10 {cpu=3.00, mem=0.00}");
    }

    @ParameterizedTest
    @CsvSource({"OK, true", "Updating, true", "Terminating, true", "Erred, true", "Creating, false", "Terminated, false", "'', false"})
    void whatIsReportedByState(String state, boolean reported) {
        world.resource(1, "hpc_one", state, "2026-01-15T12:00:00Z").used("hpc_one", "alice", "cpu", "1");
        assertThat(told().isEmpty()).isEqualTo(!reported);
        world.ofErred = false;
        assertThat(told().isEmpty()).as("on Waldur 7").isEqualTo(!reported || state.equals("Erred"));
    }

    @Test
    void aResourceWithoutAccountIsNotReported() {
        world.resource(1, "").used("", "alice", "cpu", "1");
        assertThat(world.report().plan().changes()).isEmpty();
        assertThat(world.report().figures()).isEmpty();
    }

    @Test
    void aMonthThatCannotBeBookedIsClosed() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "1").booked(1, "mem", "5.00");
        world.bookings.put(NOVEMBER, new Booking.Closed("the month is over"));
        assertThat(world.report().plan().changes()).isEmpty();
        assertThat(states()).isEqualTo("cpu CLOSED, cpu alice CLOSED, mem CLOSED");
        assertThat(world.report().figures()).extracting(Figure::why).containsOnly("the month is over");
        world.released.add(held(new UsageWorld().resource(1, "hpc_one").booked(1, "mem", "5.00").report()).release());
        assertThat(world.report().plan().changes()).as("no release opens it").isEmpty();
    }

    @Test
    void componentsThatWaldurTakesNoUsageOfAnyMoreStayOut() {
        world.formulas = UsageWorld.formulas("cpu", "gpu");
        world.months = List.of(OCTOBER, NOVEMBER);
        world.refused.add(OCTOBER + " usage");
        world.resource(1, "hpc_one").used(OCTOBER, "hpc_one", "alice", "cpu", "1").used(OCTOBER, "hpc_one", "alice", "gpu", "2").booked(OCTOBER, 1, "cpu", "9.00");
        assertThat(told()).containsExactly("hpc_one 2026-10 {gpu=2.00}", "hpc_one 2026-10 gpu of {alice=2.00}", "hpc_one 2026-11 {cpu=0.00, gpu=0.00}");
    }

    @Test
    void aComponentThatTheOfferingDoesNotHaveIsSaid() {
        world.formulas = UsageWorld.formulas("cpu", "mem", "nodes");
        world.resource(1, "hpc_one").used("hpc_one", "alice", "nodes", "1");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=0.00, mem=0.00}");
        assertThat(world.report().notes()).singleElement().asString().contains("component nodes is not reported", "load-components");
    }

    /** Slurm has lost whose it was. The whole is what is billed. */
    @Test
    void nobodysUsageIsInTheWholeOnly() {
        world.resource(1, "hpc_one").used("hpc_one", "", "cpu", "3").used("hpc_one", "alice", "cpu", "4");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=7.00, mem=0.00}", "hpc_one 2026-11 cpu of {alice=4.00}");
    }

    @Test
    void namesOfPeopleAreThoseThatWaldurHas() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "4").booked(1, "cpu", "3.00").booked(1, "mem", "0.00").bookedFor(1, "cpu", "Alice", "3.00");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=4.00, mem=0.00}", "hpc_one 2026-11 cpu of {Alice=4.00}");
    }

    @Test
    void whoUsedLessThanCanBeBookedIsLeftOut() {
        world.resource(1, "hpc_one").used("hpc_one", "alice", "cpu", "0.004").used("hpc_one", "bob", "cpu", "0.004");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=0.01, mem=0.00}");
    }

    @Test
    void afterASwitchOfPlanTwoRowsAreTheWhole() {
        world.resource(1, "hpc_one").used("hpc_one", "", "cpu", "10").booked(1, "mem", "0.00");
        world.row(NOVEMBER, uuid(101), 1, "cpu", "4.00", "2026-11-01T00:00:00Z");
        world.row(NOVEMBER, uuid(102), 1, "cpu", "6.00", "2026-11-10T00:00:00Z");
        assertThat(world.report().plan().changes()).isEmpty();
    }

    @Test
    void aRowThatIsListedTwiceCountsOnce() {
        world.resource(1, "hpc_one").used("hpc_one", "", "cpu", "10").booked(1, "mem", "0.00");
        world.row(NOVEMBER, uuid(101), 1, "cpu", "9.00", "2026-11-01T00:00:00Z");
        world.row(NOVEMBER, uuid(101), 1, "cpu", "9.50", "2026-11-01T00:00:00.000000Z");
        assertThat(told()).containsExactly("hpc_one 2026-11 {cpu=10.00, mem=0.00}");
    }

    /** It would be billed to both. */
    @Test
    void oneAccountOfSeveralResourcesIsHeldForAllOfThem() {
        world.resource(1, "hpc_one").resource(2, "hpc_one").resource(3, "hpc_two").used("hpc_one", "alice", "cpu", "3").used("hpc_two", "bob", "cpu", "4");
        UsageReport report = world.report();
        assertThat(told(report)).containsExactly("hpc_two 2026-11 {cpu=4.00, mem=0.00}", "hpc_two 2026-11 cpu of {bob=4.00}");
        assertThat(report.notes()).singleElement().asString().contains(uuid(1) + " and " + uuid(2), "hpc_one");
        assertThat(report.plan().of(HoldUsage.class)).extracting(HoldUsage::resource).containsExactly(uuid(1), uuid(2));
        assertThat(report.plan().of(HoldUsage.class)).allSatisfy(held -> {
            assertThat(held.release()).as("nothing lets it through").isEmpty();
            assertThat(held.reason()).contains(uuid(1), uuid(2), "would be billed to each of them");
            assertThat(held.facts()).contains("cpu: sacct says 3.00, Waldur has nothing");
        });
        world.released.add("");
        assertThat(told()).allMatch(line -> line.startsWith("hpc_two"));
        world.booked(1, "cpu", "2.00").booked(1, "mem", "0.00");
        assertThat(told()).as("neither is the one that has had it").allMatch(line -> line.startsWith("hpc_two"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Terminated", "Creating"})
    void oneThatIsNotReportedSharesNothing(String state) {
        world.resource(1, "hpc_one").resource(2, "hpc_one", state, "2026-01-15T12:00:00Z").used("hpc_one", "alice", "cpu", "3");
        assertThat(told()).hasSize(2);
        assertThat(world.report().notes()).isEmpty();
    }
}
