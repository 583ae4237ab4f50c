package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
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
import org.waldur.siteagent.simulator.SlurmCommand;
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
    private static final Map<Scenario, List<WaldurRequest>> REQUESTS = new EnumMap<>(Scenario.class);
    private static final Map<Scenario, List<SlurmCommand>> COMMANDS = new EnumMap<>(Scenario.class);
    /** The same of a process of its own, which does not look twice where it has written nothing. */
    private static final Map<Scenario, List<SlurmCommand>> OF_PROCESS = new EnumMap<>(Scenario.class);

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
                REQUESTS.put(scenario, site.waldur.requests().stream().skip(requests).toList());
                COMMANDS.put(scenario, site.slurm.commands().stream().skip(commands).toList());
                assertThat(site.world()).doesNotContain("executing", "pending", "erred");
            }
            try (Site site = scenario.open(Files.createTempDirectory(folder, "calm")).property("slurm.snapshot", "30000")) {
                int commands = site.slurm.commands().size();
                assertThat(site.cycle()).isZero();
                assertThat(site.world()).isEqualTo(WORLDS.get(scenario));
                OF_PROCESS.put(scenario, site.slurm.commands().stream().skip(commands).toList());
            }
        }
    }

    /** Of each request or command, the first of which is number 1. */
    private static <C> Stream<Place> places(Scenario scenario, List<C> calls, BiFunction<Integer, List<C>, List<Trouble>> troubles) {
        return IntStream.rangeClosed(1, calls.size()).boxed().flatMap(at -> troubles.apply(at, calls).stream()).map(trouble -> new Place(scenario, trouble));
    }

    private static Stream<Place> everywhere(BiFunction<Integer, List<WaldurRequest>, List<Trouble>> ofRequest, BiFunction<Integer, List<SlurmCommand>, List<Trouble>> ofCommand,
            Map<Scenario, List<SlurmCommand>> commands) {
        return Stream.of(Scenario.values()).flatMap(scenario -> Stream.concat(places(scenario, REQUESTS.get(scenario), ofRequest),
                places(scenario, commands.get(scenario), ofCommand)));
    }

    static Stream<Place> faults() {
        return everywhere((at, requests) -> Trouble.ofRequest(at), (at, commands) -> Trouble.ofCommand(at, commands.get(at - 1).argv()), COMMANDS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theWorldIsTheSameAfterwards(Place place) throws IOException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "fault"))) {
            if (place.trouble().hangs()) {
                site.impatient();
            }
            place.trouble().await(site);
            try (Site.Running agent = site.byHand()) {
                agent.cycle("order-process");
                assertThat(site.waldur.state()).as("whatever goes wrong on our side, no order is erred").doesNotContain("rred");
                if (!place.trouble().hangs()) {
                    endsLike(site, agent, place.scenario());
                }
            }
            if (place.trouble().hangs()) {
                endsLikeByAnother(site, place.scenario());
            }
        }
    }

    static Stream<Place> kills() {
        return everywhere((at, requests) -> different(Trouble.deathsAtRequest(at, requests), at), (at, commands) -> different(Trouble.deathsAtCommand(at, commands), at), OF_PROCESS);
    }

    /** Before each write, and during it or after it, which are the same for the world; so are deaths at what only reads afterwards. */
    private static List<Trouble> different(List<Trouble> deaths, int at) {
        return switch (deaths.size()) {
            case 0, 1 -> at == 1 ? deaths : List.of();
            case 2 -> deaths;
            default -> List.of(deaths.get(1), deaths.get(at % 2 * 2));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kills")
    void aRunThatIsKilledIsCarriedOn(Place place) throws IOException, InterruptedException {
        try (Site site = place.scenario().open(Files.createTempDirectory(folder, "kill"))) {
            assertThat(place.trouble().kill(site, site::start)).as("the agent was killed there").isEqualTo(137);
            endsLikeByAnother(site, place.scenario());
        }
    }

    private static void endsLikeByAnother(Site site, Scenario scenario) {
        try (Site.Running agent = site.patient().byHand()) {
            endsLike(site, agent, scenario);
        }
    }

    /** The next runs end in the world of a run without trouble, and then there is nothing left to do. */
    private static void endsLike(Site site, Site.Running agent, Scenario scenario) {
        for (int cycle = 0; cycle < 2 && !site.world().equals(WORLDS.get(scenario)); cycle++) {
            agent.cycle("order-process");
        }
        assertThat(site.world()).isEqualTo(WORLDS.get(scenario));
        int requests = site.waldur.requests().size();
        List<String> letters = site.deadLetters();
        agent.cycle("order-process");
        assertThat(site.deadLetters()).as("nothing fails any more").isSubsetOf(letters);
        assertThat(site.world()).isEqualTo(WORLDS.get(scenario));
        assertThat(site.waldur.requests().subList(requests, site.waldur.requests().size())).allMatch(r -> r.method().equals("GET"));
    }
}
