package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.Trouble;
import org.waldur.siteagent.simulator.WaldurFault;

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

    /** What goes wrong while these orders are carried out. */
    record Place(Scenario scenario, Trouble trouble) {
        @Override
        public String toString() {
            return scenario + ", " + trouble;
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

    private static Stream<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed();
    }

    static Stream<Place> faults() {
        List<Place> places = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            upTo(REQUESTS.get(scenario)).flatMap(at -> Stream.of(
                    Trouble.request("HTML", at, r -> WaldurFault.answer(r, 200, "<html>maintenance</html>")),
                    Trouble.request("500", at, r -> WaldurFault.answer(r, 500, "<h1>Server Error (500)</h1>")),
                    Trouble.request("429", at, r -> WaldurFault.answer(r, 429, "{\"detail\": \"slow down\"}").retryAfter("0")),
                    Trouble.request("connection cut", at, WaldurFault::cutOff),
                    Trouble.request("answer lost", at, WaldurFault::lost),
                    Trouble.request("down for long", at, r -> WaldurFault.answer(r, 502, "bad gateway").times(5))))
                    .forEach(trouble -> places.add(new Place(scenario, trouble)));
            upTo(COMMANDS.get(scenario)).flatMap(at -> Trouble.ofCommand(at).stream()).forEach(trouble -> places.add(new Place(scenario, trouble)));
        }
        return places.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theWorldIsTheSameAfterwards(Place place) throws IOException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "fault"))) {
            place.trouble().await(site);
            site.property("slurm.read_timeout", "1500").property("slurm.write_timeout", "1500");
            site.cycle();
            assertThat(site.waldur.state()).as("whatever goes wrong on our side, no order is erred").doesNotContain("rred");
            endsLike(site, place.scenario());
        }
    }

    static Stream<Place> kills() {
        List<Place> places = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            upTo(REQUESTS.get(scenario)).flatMap(at -> Trouble.deathsAtRequest(at).stream()).forEach(trouble -> places.add(new Place(scenario, trouble)));
            upTo(COMMANDS.get(scenario)).flatMap(at -> Trouble.deathsAtCommand(at).stream()).forEach(trouble -> places.add(new Place(scenario, trouble)));
        }
        return places.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kills")
    void aRunThatIsKilledIsCarriedOn(Place place) throws IOException, InterruptedException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "kill"))) {
            assertThat(place.trouble().kill(site, site::start)).as("the agent was killed there").isEqualTo(137);
            endsLike(site, place.scenario());
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
