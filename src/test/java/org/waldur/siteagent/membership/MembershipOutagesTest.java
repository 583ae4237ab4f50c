package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;

/** What lasts for a whole cycle or longer while members come and go, two agents at once, and second looks that do not agree with the first. */
@Execution(ExecutionMode.CONCURRENT)
class MembershipOutagesTest {
    private static final int FOR_EVER = 10_000;
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    @TempDir
    private static Path folder;
    private static List<SlurmCommand> commands;
    private static BusySite.Outcome outcome;
    private static final Queue<BusySite> IDLE = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void recordACycleWithoutTrouble() throws IOException {
        BusySite world = newWorld();
        world.cycle();
        world.takeBack();
        int before = world.site.slurm.commands().size();
        world.cycle();
        commands = world.site.slurm.commands().stream().skip(before).toList();
        world.cycle();
        outcome = world.outcome();
        IDLE.add(world);
    }

    @AfterAll
    static void close() throws IOException {
        for (BusySite world : IDLE) {
            world.close();
        }
    }

    private static BusySite newWorld() throws IOException {
        return new BusySite(Files.createTempDirectory(folder, "world"));
    }

    private static BusySite world() throws IOException {
        BusySite world = IDLE.poll();
        if (world == null) {
            world = newWorld();
        }
        world.takeBack();
        return world;
    }

    /** After each write; reads follow each other, and of those it is every third. */
    static Stream<Integer> places() {
        return IntStream.rangeClosed(1, commands.size()).boxed().filter(at -> commands.get(at - 1).argv().contains("--immediate") || at % 3 == 0);
    }

    /** A process runs two commands at once, and here the command of one agent waits for those of the other; so it is one of these at a time. */
    @ResourceLock("two agents")
    @ParameterizedTest(name = "after command {0}")
    @MethodSource("places")
    void aSecondAgentRunsAWholeCycle(int place) throws IOException {
        BusySite world = world();
        AtomicInteger seen = new AtomicInteger();
        // the first one holds the lock on this machine; the second is on another one
        try (Site.Running second = world.second()) {
            world.site.slurm.onCommand(command -> {
                if (seen.incrementAndGet() == place) {
                    second.cycle(BusySite.JOB);
                }
            });
            world.cycle();
        }
        assertThat(seen.get()).isGreaterThan(place);
        world.calm();
        world.isUnharmed();
        world.endsLike(outcome);
        IDLE.add(world);
    }

    private static void oneDayLater(BusySite world, int days) {
        world.site.now(NOW.plusSeconds(86_400L * days).toString());
    }

    @Test
    void waldurIsGoneForADay() throws IOException {
        nothingIsChangedForADay(site -> site.waldur.inject(WaldurFault.answer(r -> true, 502, "bad gateway").times(FOR_EVER)));
    }

    @Test
    void slurmdbdIsGoneForADay() throws IOException {
        nothingIsChangedForADay(site -> site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacctmgr"), 1, " Problem talking to the database: Connection refused").times(FOR_EVER)));
    }

    private static void nothingIsChangedForADay(Consumer<Site> outage) throws IOException {
        BusySite world = world();
        String before = world.text();
        outage.accept(world.site);
        for (int cycle = 0; cycle < 3; cycle++) {
            world.cycle();
            assertThat(world.text()).isEqualTo(before);
            assertThat(world.site.deadLetters()).as("it is said").isNotEmpty();
        }
        oneDayLater(world, 1);
        world.calm();
        world.endsLike(outcome);
        oneDayLater(world, 0);
        IDLE.add(world);
    }

    /** Before the cycle, or in its midst; and then it is right again. */
    @ParameterizedTest(name = "at request {0}")
    @MethodSource("requests")
    void ourClockIsSetBackByADay(int request) throws IOException {
        BusySite world = world();
        AtomicInteger seen = new AtomicInteger();
        world.site.waldur.beforeRequest(r -> {
            if (seen.incrementAndGet() == request) {
                world.site.clock(Clock.fixed(NOW.minusSeconds(86_400), ZoneOffset.UTC));
            }
        });
        world.cycle();
        world.isUnharmed();
        assertThat(world.text()).isEqualTo(outcome.text());
        world.site.now(NOW.toString());
        world.calm();
        world.endsLike(outcome);
        IDLE.add(world);
    }

    static List<Integer> requests() {
        return List.of(1, 12);
    }

    /** Of all lists of one kind, in both looks of one cycle. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    void aListIsEmptyForOneCycle(String list) throws IOException {
        BusySite world = world();
        world.site.waldur.inject(WaldurFault.answer(of(list), 200, "[]").times(FOR_EVER));
        world.cycle();
        world.isUnharmed();
        world.calm();
        world.endsLike(outcome);
        IDLE.add(world);
    }

    static List<String> lists() {
        return List.of("team", "marketplace-provider-resources", "marketplace-offering-users", "list_project_service_accounts", "component-user-usage-limits");
    }

    private static Predicate<WaldurRequest> of(String list) {
        return request -> request.method().equals("GET") && request.path().endsWith(list + "/");
    }

    /** Something happens between the first look of a cycle and the second. */
    private static void beforeSecondLook(BusySite world, Runnable event) {
        AtomicInteger lists = new AtomicInteger();
        world.site.waldur.beforeRequest(request -> {
            if (of("marketplace-provider-resources").test(request) && lists.incrementAndGet() == 2) {
                event.run();
            }
        });
    }

    private static void nothingFailed(BusySite world) {
        world.isUnharmed();
        assertThat(world.site.deadLetters()).singleElement().asString().contains("xavier, yvonne");
    }

    @Test
    void aMemberIsBackAtTheSecondLook() throws IOException {
        try (BusySite world = newWorld()) {
            beforeSecondLook(world, () -> world.site.waldur.join(world.site.offering, "proj-1", "bob"));
            world.cycle();
            nothingFailed(world);
            assertThat(world.text()).contains("hpc_one/hpc_one/bob", "hpc_two/hpc_two/bob", "job hpc_one bob RUNNING").doesNotContain("hpc_one/hpc_one/carol", "dave");
        }
    }

    @Test
    void allOfThemAreBackAtTheSecondLook() throws IOException {
        try (BusySite world = newWorld()) {
            beforeSecondLook(world, () -> {
                List.of("bob", "carol").forEach(user -> world.site.waldur.join(world.site.offering, "proj-1", user));
                world.site.waldur.changeOfferingUser("dave", "is_restricted", false);
            });
            world.cycle();
            nothingFailed(world);
            assertThat(world.text()).contains("hpc_one/hpc_one/bob", "hpc_two/hpc_two/carol", "hpc_one/hpc_one/dave", "job hpc_one bob RUNNING");
            assertThat(world.site.slurm.commands()).noneMatch(c -> c.argv().get(0).equals("scancel") || c.argv().contains("remove") && c.argv().contains("account=hpc_one"));
        }
    }

    /** While access is restricted nobody is removed. */
    @Test
    void aFlagIsSetAtTheSecondLook() throws IOException {
        try (BusySite world = newWorld()) {
            beforeSecondLook(world, () -> world.site.waldur.setFlag(world.orders.get("Two"), "restrict_member_access", true));
            world.cycle();
            nothingFailed(world);
            assertThat(world.text()).contains("hpc_two/hpc_two/bob", "hpc_two/hpc_two/carol", "hpc_two/hpc_two/dave").doesNotContain("hpc_one/hpc_one/bob", "hpc_one/hpc_one/carol");
        }
    }

    @Test
    void theClusterIsAnotherAtTheSecondLook() throws IOException {
        try (BusySite world = newWorld()) {
            beforeSecondLook(world, () -> {
                world.site.slurm.run("sacctmgr", "-i", "add", "user", "name=mallory", "account=hpc_three");
                world.site.slurm.run("sacctmgr", "-i", "remove", "user", "where", "name=bob", "account=hpc_two");
            });
            world.cycle();
            assertThat(world.site.deadLetters()).singleElement().asString().contains("xavier, yvonne");
            assertThat(world.text()).contains("hpc_three/hpc_three/mallory").doesNotContain("bob", "dave", "hpc_one/hpc_one/carol");
        }
    }

    /** The second look gets nothing any more, of Waldur or of the cluster. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void theSecondLookFails(String source) throws IOException {
        BusySite world = world();
        beforeSecondLook(world, () -> {
            if (source.equals("slurmdbd")) {
                world.site.slurm.inject(SlurmFault.fail(argv -> true, 1, " Problem talking to the database").times(FOR_EVER));
            } else {
                world.site.waldur.inject(WaldurFault.answer(of(source), 502, "bad gateway").times(FOR_EVER));
            }
        });
        world.cycle();
        world.isUnharmed();
        assertThat(world.text()).contains("hpc_one/hpc_one/bob", "hpc_two/hpc_two/carol", "hpc_one/hpc_one/dave", "job hpc_one bob RUNNING", "hpc_one/hpc_one/erin");
        assertThat(world.site.deadLetters()).hasSizeGreaterThan(1);
        world.calm();
        world.endsLike(outcome);
        IDLE.add(world);
    }

    static List<String> sources() {
        return List.of("slurmdbd", "marketplace-provider-resources", "marketplace-offering-users", "team", "list_course_accounts");
    }
}
