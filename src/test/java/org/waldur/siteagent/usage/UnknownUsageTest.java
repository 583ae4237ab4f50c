package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmUser;

/** Unknown is not zero: what cannot be read is not told, and everything that does not depend on it is. */
class UnknownUsageTest extends UsageSite {
    /** Longer than the deadlines of who is impatient. */
    private static final Duration HANGING = Duration.ofSeconds(5);
    private static final String HANGS = "it hangs";
    private static final String OF_ANOTHER_CLUSTER = "other|9|hpc_one|alice|1793527200|1793563200|36000|00:00:00|1440|billing=64,cpu=64,mem=65536M,node=1";
    private static final List<String> OCTOBER = List.of("hpc_one 2026-10 cpu 0.64", "hpc_one 2026-10 cpu bob 0.64", "hpc_one 2026-10 mem 640.00",
            "hpc_one 2026-10 mem bob 640.00");
    private static final List<String> NOVEMBER = List.of("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 mem 640.00",
            "hpc_one 2026-11 mem alice 640.00", "hpc_two 2026-11 cpu 0.00", "hpc_two 2026-11 mem 0.00");

    @BeforeEach
    void jobsInBothMonths() {
        billedByLimit();
        ran(1, "hpc_one", "bob", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        ran(2, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
    }

    private static Arguments way(String name, Function<Predicate<List<String>>, SlurmFault> fault) {
        return arguments(name, fault);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                way("it fails", c -> SlurmFault.fail(c, 1, "sacct: error: Problem talking to the database: Connection refused")),
                way("slurmdbd dies while it works", c -> SlurmFault.failAfterwards(c, 107, "sacct: error: DBD_GET_JOBS_COND failure: Unspecified error")),
                way("its database dies while it works", c -> SlurmFault.failAfterwards(c, 221, "sacct: error: Immediate execution impossible, insufficient priority")),
                way("it is killed", SlurmFault::kill),
                way("it is killed after its work", SlurmFault::killAfterwards),
                way("it is cut within a line", SlurmFault::cutLastLine),
                way("it warns among its rows", c -> SlurmFault.warn(c, "slurmdbd: warning: slow")),
                way("it has a row of another cluster", c -> SlurmFault.warn(c, OF_ANOTHER_CLUSTER)),
                way("its rows have no TRES, and it says so", SlurmFault::noTres),
                way(HANGS, c -> SlurmFault.hang(c, HANGING)),
                way("it prints nothing at all", c -> SlurmFault.failAfterwards(c, 0, "")));
    }

    /** Only what hangs meets a deadline that is near. */
    private int reportWith(String name, SlurmFault fault) {
        site.slurm.inject(fault);
        if (name.equals(HANGS)) {
            site.impatient();
        }
        int code = report();
        site.patient();
        return code;
    }

    private static Predicate<List<String>> sacctOf(String month) {
        return argv -> argv.get(0).equals("sacct") && argv.contains("--starttime=" + month + "-01T00:00:00");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void theMonthThatIsUnknownIsNotToldAndTheOtherIs(String name, Function<Predicate<List<String>>, SlurmFault> fault) {
        assertThat(reportWith(name, fault.apply(sacctOf("2026-11")))).isEqualTo(1);
        assertThat(site.waldur.usages()).isEqualTo(OCTOBER);
        assertThat(site.deadLetters()).singleElement().asString().contains("usage of offering");
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsAll(OCTOBER).containsAll(NOVEMBER).hasSize(10);
        assertThat(site.deadLetters()).as("its trouble is over").isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void thePastMonthIsUnknown(String name, Function<Predicate<List<String>>, SlurmFault> fault) {
        assertThat(reportWith(name, fault.apply(sacctOf("2026-10")))).isEqualTo(1);
        assertThat(site.waldur.usages()).isEqualTo(NOVEMBER);
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsAll(OCTOBER).containsAll(NOVEMBER).hasSize(10);
    }

    static Stream<Arguments> waysOfSqueue() {
        return Stream.of(
                way("it fails", c -> SlurmFault.fail(c, 1, "slurm_load_jobs error: Socket timed out on send/recv operation")),
                way("it is killed", SlurmFault::kill),
                way("it is killed after its work", SlurmFault::killAfterwards),
                way("it is cut within a line", SlurmFault::cutLastLine),
                way("it warns among its rows", c -> SlurmFault.warn(c, "squeue: warning: slow")),
                way(HANGS, c -> SlurmFault.hang(c, HANGING)));
    }

    /** Without squeue nobody knows what goes on running, so a cut answer would stop the count of a job that runs. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("waysOfSqueue")
    void nothingIsToldWhileNobodyKnowsWhatRuns(String name, Function<Predicate<List<String>>, SlurmFault> fault) {
        runs(1003, "hpc_one", "alice", "2026-11-20T02:00:00Z");
        runs(1004, "hpc_one", "bob", "2026-11-20T02:00:00Z");
        assertThat(reportWith(name, fault.apply(argv -> argv.get(0).equals("squeue")))).isEqualTo(1);
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 1.92", "hpc_one 2026-11 cpu bob 0.64", "hpc_one 2026-11 cpu alice 1.28");
    }

    static Stream<Arguments> waysOfSacctmgr() {
        return waysOfSqueue().map(Arguments::get).map(words -> arguments(words[0], words[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysOfSacctmgr")
    void nothingIsToldWhileNobodyKnowsTheAccounts(String name, Function<Predicate<List<String>>, SlurmFault> fault) {
        assertThat(reportWith(name, fault.apply(argv -> argv.get(0).equals("sacctmgr") && argv.contains("association")))).isEqualTo(1);
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsAll(OCTOBER).containsAll(NOVEMBER).hasSize(10);
    }

    /** Slurm shows less to whom it owes less, with exit code 0; each file of its own says so. */
    @Test
    void whoMayNotSeeTheJobsOfOthersTellsNothing() {
        runs(1003, "hpc_one", "alice", "2026-11-20T02:00:00Z");
        site.property("agent.root", "false").property("agent.user", "agent");
        site.slurm.privateData(true);
        site.slurm.privateQueue(true);
        site.slurm.caller("agent", SlurmUser.AdminLevel.NONE);
        assertThat(report()).isEqualTo(1);
        assertThat(site.waldur.usages()).isEmpty();
        assertThat(site.deadLetters()).singleElement().asString().contains("Operator");
        site.slurm.privateData(false);
        assertThat(report()).as("an empty squeue would make a runaway of each job").isEqualTo(1);
        assertThat(site.waldur.usages()).isEmpty();
        site.slurm.privateData(true);
        site.slurm.caller("agent", SlurmUser.AdminLevel.OPERATOR);
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).containsAll(OCTOBER).contains("hpc_one 2026-11 cpu 1.28").hasSize(10);
    }

    @Test
    void anotherClusterAndItsWaldurGoOn() throws IOException {
        try (Site other = another()) {
            prepare(other);
            other.allocation("three", Map.of());
            other.now("2026-11-20T12:00:00Z");
            other.slurm.addJob(ran("hpc_three", "carol"));
            site.beside(other, "other");
            site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database").times(9));
            assertThat(report()).isEqualTo(1);
            assertThat(site.waldur.usages()).isEmpty();
            assertThat(other.waldur.usages()).containsExactly("hpc_three 2026-11 cpu 0.64", "hpc_three 2026-11 cpu carol 0.64", "hpc_three 2026-11 mem 640.00",
                    "hpc_three 2026-11 mem carol 640.00");
        }
    }

    /** What is read serves all offerings of the cluster; what could not be read is told for none of them, and its letter stays until it could. */
    @Test
    void anotherOfferingOfTheSameClusterIsUnknownAsWell() throws IOException {
        try (Site other = another()) {
            prepare(other);
            other.allocation("three", Map.of());
            other.now("2026-11-20T12:00:00Z");
            site.slurm.run("sacctmgr", "-i", "add", "account", "name=hpc_three", "parent=hpc_proj-1", "description=three", "organization=hpc");
            other.backend("slurm_bin_path", site.slurm.binPath().toString());
            site.slurm.addJob(ran("hpc_three", "carol"));
            site.beside(other, "other");
            site.waldur.terminate(one);
            site.waldur.spoilResource(one, "state", "Creating");
            site.waldur.spoilResource(two, "state", "Creating");
            site.slurm.inject(SlurmFault.fail(sacctOf("2026-11"), 1, "sacct: error: Problem talking to the database"));
            assertThat(report()).isEqualTo(1);
            assertThat(other.waldur.usages()).isEmpty();
            assertThat(site.deadLetters()).as("also where the first offering has nothing to report").singleElement().asString().contains("Problem talking to the database");
            int sacct = commands("sacct").size();
            assertThat(report()).isZero();
            assertThat(other.waldur.usages()).contains("hpc_three 2026-11 cpu 0.64").hasSize(4);
            assertThat(commands("sacct").size() - sacct).as("one reading serves both").isLessThanOrEqualTo(2);
            assertThat(site.deadLetters()).isEmpty();
        }
    }
}
