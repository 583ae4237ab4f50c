package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Trouble;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurRequest;

/**
 * Everything goes wrong once, everywhere, while members come and go: at each request and at each command. Nobody who is wanted loses his
 * account, at no moment, nothing that is not ours changes, and the cycles after that end as if nothing had gone wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
class MembershipFailureMatrixTest {
    private static final List<String> OPTIONAL = List.of("", "list_project_service_accounts", "list_course_accounts", "component-user-usage-limits");
    @TempDir
    private static Path folder;
    private static Course first;
    private static Course later;
    private static BusySite.Outcome outcome;
    private static final Queue<BusySite> IDLE = new ConcurrentLinkedQueue<>();

    /** A cycle in which nothing went wrong: what was asked, what was run, and how the world is afterwards. */
    record Course(List<WaldurRequest> requests, List<SlurmCommand> commands, String end) {
        static Course of(BusySite world) {
            int requests = world.site.waldur.requests().size();
            int commands = world.site.slurm.commands().size();
            world.cycle();
            world.isUnharmed();
            return new Course(world.site.waldur.requests().stream().skip(requests).toList(), world.site.slurm.commands().stream().skip(commands).toList(), world.text());
        }

        boolean hasRequest(WaldurRequest request) {
            return requests.stream().anyMatch(r -> r.path().equals(request.path()));
        }

        boolean hasCommand(SlurmCommand command) {
            return commands.stream().anyMatch(c -> c.argv().equals(command.argv()));
        }
    }

    /**
     * What goes wrong, and whether in the first cycle of an agent, which asks more.
     *
     * @param unseen whether nobody can tell that it goes wrong
     */
    record Place(boolean first, boolean unseen, Trouble trouble) {
        @Override
        public String toString() {
            return (first ? "first cycle, " : "") + trouble;
        }
    }

    @BeforeAll
    static void recordCyclesWithoutTrouble() throws IOException {
        BusySite world = newWorld();
        String begin = world.text();
        first = Course.of(world);
        world.takeBack();
        assertThat(world.text()).isEqualTo(begin);
        later = Course.of(world);
        assertThat(later.end()).isEqualTo(first.end()).contains("hpc_one/hpc_one/erin parent", "hpc_cust-2/hpc_proj-2/", "home builder", "One OK {qos=paused}")
                .doesNotContain("bob", "dave", "hpc_one/hpc_one/carol", "gus").contains("hpc_three/hpc_three/carol 1 {} OptionalLong.empty []  default");
        assertThat(world.site.deadLetters()).as("who is held").singleElement().asString().contains("xavier, yvonne", "hpc_four");
        world.cycle();
        outcome = world.outcome();
        assertThat(outcome.text()).isEqualTo(first.end());
        assertThat(outcome.memory()).hasSize(2).anyMatch(file -> file.contains("hpc_one")).noneMatch(file -> file.contains("long"));
        IDLE.add(world);
    }

    @AfterAll
    static void close() throws IOException {
        for (BusySite world : IDLE) {
            world.close();
        }
    }

    private static <T> T oneOf(List<T> some, int at) {
        return some.get(at % some.size());
    }

    private static Trouble refusal(int at, int code) {
        return Trouble.request(Integer.toString(code), at, r -> WaldurFault.answer(r, code, "{\"detail\": \"You do not have permission to perform this action.\"}"));
    }

    /** Of each request it is two of the ways to fail for good, and each second is tried again with success; what is optional is refused in all ways. */
    private static List<Place> ofRequest(boolean first, int at, WaldurRequest request) {
        List<Trouble> refusals = List.of(refusal(at, 401), refusal(at, 403), refusal(at, 404));
        List<Trouble> down = List.of(Trouble.ofRequest(at).get(2), Trouble.request("other JSON", at, r -> WaldurFault.answer(r, 200, "\"maintenance\"").times(7)));
        List<Trouble> all = new ArrayList<>(at % 2 == 0 ? List.of(oneOf(Trouble.ofRequest(at).subList(0, 2), at / 2)) : List.of());
        List<Place> places = new ArrayList<>();
        if (request.method().equals("GET")) {
            all.addAll(OPTIONAL.contains(last(request)) ? refusals : List.of(oneOf(refusals, at)));
            all.add(oneOf(down, at / 3));
            if (!request.path().isEmpty()) {
                places.add(new Place(first, true, Trouble.request("empty list", at, r -> WaldurFault.answer(r, 200, "[]"))));
                places.add(new Place(first, true, Trouble.half(at)));
            }
        } else {
            all.add(oneOf(List.of(down.get(0), refusal(at, 400), refusal(at, 403), refusal(at, 404), refusal(at, 409)), at));
        }
        // a server that does not say what it has is one that has nothing more than all have, until it says it
        all.forEach(trouble -> places.add(new Place(first, request.path().isEmpty(), trouble)));
        return places;
    }

    private static String last(WaldurRequest request) {
        String[] words = request.path().split("/");
        return words[words.length - 1];
    }

    /** Of each command it is one of the ways to fail before its work, one of those after it if it writes, and of each second one of the ways to answer badly. */
    private static List<Place> ofCommand(boolean first, int at, SlurmCommand command) {
        List<Trouble> known = Trouble.ofCommand(at, command.argv());
        List<Trouble> failures = known.subList(0, known.size() - 3);
        List<Trouble> all = new ArrayList<>(at % 2 == 0 ? List.of(oneOf(known.subList(known.size() - 3, known.size()), at / 2)) : List.of());
        List<Place> places = new ArrayList<>();
        if (failures.size() > 1) {
            all.add(oneOf(failures.subList(0, 2), at));
            all.add(oneOf(failures.subList(2, 4), at));
        } else {
            places.add(new Place(first, true, oneOf(List.of(Trouble.showsLess(at), Trouble.command("header only", at, SlurmFault::noRows)), at)));
            all.addAll(failures);
        }
        // whom the machine seems not to know waits, which is in the plan
        all.forEach(trouble -> places.add(new Place(first, command.argv().get(0).equals("getent"), trouble)));
        return places;
    }

    private static Stream<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed();
    }

    static Stream<Place> faults() {
        List<Place> places = new ArrayList<>();
        upTo(later.requests().size()).forEach(at -> places.addAll(ofRequest(false, at, later.requests().get(at - 1))));
        upTo(later.commands().size()).forEach(at -> places.addAll(ofCommand(false, at, later.commands().get(at - 1))));
        // what an agent asks only once
        upTo(first.requests().size()).filter(at -> !later.hasRequest(first.requests().get(at - 1))).forEach(at -> places.addAll(ofRequest(true, at, first.requests().get(at - 1))));
        upTo(first.commands().size()).filter(at -> !later.hasCommand(first.commands().get(at - 1))).forEach(at -> places.addAll(ofCommand(true, at, first.commands().get(at - 1))));
        return places.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theNextCyclesEndAsIfNothingHadGoneWrong(Place place) throws IOException {
        BusySite world = place.trouble().hangs() ? impatient(place) : place.first() ? newWorld() : world();
        place.trouble().await(world.site);
        world.cycle();
        world.isUnharmed();
        assertThat(place.unseen() || world.text().equals(outcome.text()) || world.site.deadLetters().stream().anyMatch(letter -> !letter.contains("xavier")))
                .as("it is said that something failed, or all is well already").isTrue();
        world.calm();
        if (place.trouble().hangs()) {
            world.goOnPatiently();
        }
        world.endsLike(outcome);
        IDLE.add(world);
    }

    /** Once at each write, and of those to Waldur at each kind: whether the agent dies during or after one, or before the next, is the same for the world. */
    static Stream<Place> deaths() {
        Stream<Trouble> ofRequests = upTo(first.requests().size()).filter(at -> isFirstOfItsKind(first.requests().subList(0, at))).flatMap(at -> atWrite(Trouble.deathsAtRequest(at, first.requests()), at));
        Stream<Trouble> ofCommands = upTo(first.commands().size()).flatMap(at -> atWrite(Trouble.deathsAtCommand(at, first.commands()), at));
        return Stream.concat(ofRequests, ofCommands).map(trouble -> new Place(true, false, trouble));
    }

    private static boolean isFirstOfItsKind(List<WaldurRequest> requests) {
        String kind = last(requests.get(requests.size() - 1));
        return requests.stream().limit(requests.size() - 1L).noneMatch(request -> last(request).equals(kind));
    }

    private static Stream<Trouble> atWrite(List<Trouble> deaths, int at) {
        return deaths.size() < 3 ? Stream.empty() : Stream.of(oneOf(deaths, at));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deaths")
    void aCycleThatIsKilledIsCarriedOn(Place place) throws IOException, InterruptedException {
        BusySite world = world();
        assertThat(place.trouble().kill(world.site, () -> world.site.start(BusySite.JOB))).as("the agent was killed there").isEqualTo(137);
        world.calm();
        world.isUnharmed();
        world.endsLike(outcome);
        IDLE.add(world);
    }

    private static BusySite world() throws IOException {
        BusySite world = IDLE.poll();
        if (world == null) {
            world = newWorld();
            world.cycle();
        }
        world.takeBack();
        return world;
    }

    private static BusySite impatient(Place place) throws IOException {
        BusySite world = newWorld();
        world.site.impatient();
        if (!place.first()) {
            world.cycle();
            world.takeBack();
        }
        return world;
    }

    private static BusySite newWorld() throws IOException {
        return new BusySite(Files.createTempDirectory(folder, "world"));
    }
}
