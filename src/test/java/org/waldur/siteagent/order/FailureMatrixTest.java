package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;

/**
 * Everything goes wrong once, everywhere: at each request and at each command of a create, an update and a terminate with two
 * orders in flight. The runs after that must end in the same world as a run in which nothing went wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
class FailureMatrixTest {
    @TempDir
    private static Path folder;
    private static final Map<Scenario, String> WORLDS = new EnumMap<>(Scenario.class);
    private static final Map<Scenario, Integer> REQUESTS = new EnumMap<>(Scenario.class);
    private static final Map<Scenario, Integer> COMMANDS = new EnumMap<>(Scenario.class);

    /** A place where something goes wrong: the n-th request or command of a cycle. */
    record Place(Scenario scenario, String what, int at, BiConsumer<Site, BooleanSupplier> fault) {
        @Override
        public String toString() {
            return scenario + ", " + what + " at " + at;
        }
    }

    @BeforeAll
    static void recordRunsWithoutTrouble() throws IOException {
        for (Scenario scenario : Scenario.values()) {
            try (Site site = scenario.open(Files.createTempDirectory(folder, "calm"))) {
                int requests = site.waldur.requests().size();
                int commands = site.slurm.commands().size();
                assertThat(site.cycle()).isZero();
                WORLDS.put(scenario, site.world());
                REQUESTS.put(scenario, site.waldur.requests().size() - requests);
                COMMANDS.put(scenario, site.slurm.commands().size() - commands);
                assertThat(site.world()).doesNotContain("executing", "pending", "erred");
            }
        }
    }

    static Stream<Place> faults() {
        List<Place> places = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            for (int at = 1; at <= REQUESTS.get(scenario); at++) {
                places.add(request(scenario, "HTML", at, r -> WaldurFault.answer(r, 200, "<html>maintenance</html>")));
                places.add(request(scenario, "500", at, r -> WaldurFault.answer(r, 500, "<h1>Server Error (500)</h1>")));
                places.add(request(scenario, "429", at, r -> WaldurFault.answer(r, 429, "{\"detail\": \"slow down\"}").retryAfter("0")));
                places.add(request(scenario, "connection cut", at, WaldurFault::cutOff));
                places.add(request(scenario, "answer lost", at, WaldurFault::lost));
                places.add(request(scenario, "down for long", at, r -> WaldurFault.answer(r, 502, "bad gateway").times(5)));
            }
            for (int at = 1; at <= COMMANDS.get(scenario); at++) {
                places.add(command(scenario, "command killed", at, SlurmFault::kill));
                places.add(command(scenario, "command fails", at, c -> SlurmFault.fail(c, 1, " Problem talking to the database")));
                places.add(command(scenario, "command killed after its work", at, SlurmFault::killAfterwards));
                places.add(command(scenario, "command fails after its work", at, c -> SlurmFault.failAfterwards(c, 1, " Connection reset")));
                places.add(command(scenario, "command prints half", at, SlurmFault::cutLastLine));
                places.add(command(scenario, "command warns among its rows", at, c -> SlurmFault.warn(c, "slurmdbd: warning: slow")));
                places.add(command(scenario, "command hangs", at, c -> SlurmFault.hang(c, Duration.ofSeconds(3))));
            }
        }
        return places.stream();
    }

    private static Place request(Scenario scenario, String what, int at, java.util.function.Function<Predicate<WaldurRequest>, WaldurFault> fault) {
        return new Place(scenario, what, at, (site, isHere) -> site.waldur.inject(fault.apply(request -> isHere.getAsBoolean())));
    }

    private static Place command(Scenario scenario, String what, int at, java.util.function.Function<Predicate<List<String>>, SlurmFault> fault) {
        return new Place(scenario, what, at, (site, isHere) -> site.slurm.inject(fault.apply(argv -> isHere.getAsBoolean())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theWorldIsTheSameAfterwards(Place place) throws IOException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "fault"))) {
            AtomicInteger seen = new AtomicInteger();
            place.fault().accept(site, () -> seen.incrementAndGet() >= place.at());
            site.property("slurm.read_timeout", "1500").property("slurm.write_timeout", "1500");
            site.cycle();
            assertThat(site.waldur.state()).as("whatever goes wrong on our side, no order is erred").doesNotContain("rred");
            endsLike(site, place.scenario());
        }
    }

    static Stream<Place> kills() {
        List<Place> places = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            for (int at = 1; at <= REQUESTS.get(scenario); at++) {
                places.add(request(scenario, "killed during request", at, WaldurFault::lost));
                places.add(request(scenario, "killed before request", at, WaldurFault::cutOff));
                places.add(new Place(scenario, "killed after request", at, (site, isHere) -> site.waldur.onRequest(r -> isHere.getAsBoolean())));
            }
            for (int at = 1; at <= COMMANDS.get(scenario); at++) {
                places.add(command(scenario, "killed during command", at, SlurmFault::killAfterwards));
                places.add(command(scenario, "killed before command", at, c -> SlurmFault.fail(c, 1, "")));
                places.add(new Place(scenario, "killed after command", at, (site, isHere) -> site.slurm.onCommand(c -> isHere.getAsBoolean())));
            }
        }
        return places.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kills")
    void aRunThatIsKilledIsCarriedOn(Place place) throws IOException, InterruptedException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "kill"))) {
            AtomicInteger seen = new AtomicInteger();
            AtomicReference<Process> agent = new AtomicReference<>();
            place.fault().accept(site, () -> {
                boolean here = seen.incrementAndGet() == place.at();
                if (here) {
                    kill(agent.get());
                }
                return here;
            });
            agent.set(site.start());
            assertThat(agent.get().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(agent.get().exitValue()).as("the agent was killed there").isEqualTo(137);
            endsLike(site, place.scenario());
        }
    }

    private static void kill(Process agent) {
        agent.destroyForcibly();
        try {
            agent.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next runs end in the world of a run without trouble, and then there is nothing left to do. */
    private static void endsLike(Site site, Scenario scenario) {
        for (int cycle = 0; cycle < 2 && !site.world().equals(WORLDS.get(scenario)); cycle++) {
            site.cycle();
        }
        assertThat(site.world()).isEqualTo(WORLDS.get(scenario));
        int requests = site.waldur.requests().size();
        assertThat(site.cycle()).isZero();
        assertThat(site.world()).isEqualTo(WORLDS.get(scenario));
        assertThat(site.waldur.requests().subList(requests, site.waldur.requests().size())).allMatch(r -> r.method().equals("GET"));
    }
}
