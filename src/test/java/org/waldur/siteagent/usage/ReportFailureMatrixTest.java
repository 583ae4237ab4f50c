package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
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
 * Everything goes wrong once, everywhere, while usage is reported: at each request and at each command. At no moment has Waldur a figure
 * that is neither the one that it had before nor the right one, and the next cycle ends as if nothing had gone wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReportFailureMatrixTest {
    private static final String OF_ANOTHER_CLUSTER = "other|9|hpc_more|alice|1793836800|1793872800|36000|00:00:00|1440|billing=64,cpu=64,mem=65536M,node=1";
    @TempDir
    private static Path folder;
    private static final Map<Boolean, Course> FIRST = new TreeMap<>();
    private static final Map<Boolean, Course> LATER = new TreeMap<>();
    private static final Map<Boolean, Queue<ReportWorld>> IDLE = Map.of(true, new ConcurrentLinkedQueue<>(), false, new ConcurrentLinkedQueue<>());

    /** A cycle in which nothing went wrong: what Waldur had before and has afterwards, what was asked, and what was run. */
    record Course(List<String> before, List<String> after, List<WaldurRequest> requests, List<SlurmCommand> commands) {
        static Course of(ReportWorld world) {
            List<String> before = world.site.waldur.usages();
            int requests = world.site.waldur.requests().size();
            int commands = world.site.slurm.commands().size();
            world.cycle();
            return new Course(before, world.site.waldur.usages(), world.site.waldur.requests().stream().skip(requests).toList(),
                    world.site.slurm.commands().stream().skip(commands).toList());
        }

        /** All figures that Waldur may have at any moment. */
        Set<String> possible() {
            Set<String> possible = new HashSet<>(before);
            possible.addAll(after);
            return possible;
        }

        boolean isWrite(int at) {
            return requests.get(at - 1).method().equals("POST");
        }

        boolean isSacct(int at) {
            return commands.get(at - 1).argv().get(0).equals("sacct");
        }
    }

    /** What goes wrong, on which Waldur, and whether in the first cycle of an agent, which asks more. */
    record Place(boolean old, boolean first, Trouble trouble) {
        @Override
        public String toString() {
            return (old ? "Waldur 7, " : "today, ") + (first ? "first cycle, " : "") + trouble;
        }
    }

    @BeforeAll
    static void recordCyclesWithoutTrouble() throws IOException {
        for (boolean old : List.of(false, true)) {
            ReportWorld world = new ReportWorld(Files.createTempDirectory(folder, "calm"), old);
            FIRST.put(old, Course.of(world));
            world.takeBack();
            LATER.put(old, Course.of(world));
            assertThat(world.site.waldur.usages()).isEqualTo(FIRST.get(old).after()).contains("hpc_more 2026-11 cpu 0.96", "hpc_more 2026-11 cpu alice 0.64",
                    "hpc_more 2026-11 cpu bob 0.32", "hpc_more 2026-11 cpu carol 0.00", "hpc_none 2026-11 cpu 0.00", "hpc_less 2026-11 mem 641.00");
            assertThat(world.site.waldur.usages().contains("hpc_more 2026-10 cpu 0.96")).isEqualTo(!old);
            assertThat(world.site.deadLetters()).isEmpty();
            IDLE.get(old).add(world);
        }
    }

    @AfterAll
    static void close() throws IOException {
        for (Queue<ReportWorld> worlds : IDLE.values()) {
            for (ReportWorld world : worlds) {
                world.close();
            }
        }
    }

    private static List<Trouble> ofRequest(int at, boolean write) {
        List<Trouble> refusals = List.of(
                Trouble.request("400", at, r -> WaldurFault.answer(r, 400, "{\"non_field_errors\": [\"These components are invalid: cpu.\"]}")),
                Trouble.request("403", at, r -> WaldurFault.answer(r, 403, "{\"detail\": \"You do not have permission to perform this action.\"}")),
                Trouble.request("404", at, r -> WaldurFault.answer(r, 404, "{\"detail\": \"Not found.\"}")));
        List<Trouble> all = new ArrayList<>(write ? refusals : refusals.subList(at % 3, at % 3 + 1));
        all.addAll(Trouble.ofRequest(at));
        return all;
    }

    private static List<Trouble> ofSacct(int at) {
        return List.of(Trouble.command("header only", at, c -> SlurmFault.noRows(c).times(2)), Trouble.command("no TRES", at, SlurmFault::noTres),
                Trouble.command("a row of another cluster", at, c -> SlurmFault.warn(c, OF_ANOTHER_CLUSTER)));
    }

    private static Stream<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed();
    }

    static Stream<Place> faults() {
        List<Place> places = new ArrayList<>();
        for (boolean old : List.of(false, true)) {
            Course later = LATER.get(old);
            upTo(later.requests().size()).filter(at -> !old || later.isWrite(at)).flatMap(at -> ofRequest(at, later.isWrite(at)).stream())
                    .forEach(trouble -> places.add(new Place(old, false, trouble)));
        }
        Course later = LATER.get(false);
        upTo(later.commands().size()).flatMap(at -> Stream.concat(Trouble.ofCommand(at, later.commands().get(at - 1).argv()).stream(), later.isSacct(at) ? ofSacct(at).stream() : Stream.empty()))
                .forEach(trouble -> places.add(new Place(false, false, trouble)));
        // what an agent asks only once
        Course first = FIRST.get(false);
        upTo(first.requests().size()).filter(at -> later.requests().stream().noneMatch(r -> r.path().equals(first.requests().get(at - 1).path())))
                .flatMap(at -> ofRequest(at, false).stream()).forEach(trouble -> places.add(new Place(false, true, trouble)));
        upTo(first.commands().size()).filter(at -> later.commands().stream().noneMatch(c -> c.argv().equals(first.commands().get(at - 1).argv())))
                .flatMap(at -> Trouble.ofCommand(at, first.commands().get(at - 1).argv()).stream()).forEach(trouble -> places.add(new Place(false, true, trouble)));
        return places.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void theNextCycleEndsAsIfNothingHadGoneWrong(Place place) throws IOException {
        Course course = LATER.get(place.old());
        Set<String> wrong = new ConcurrentSkipListSet<>();
        ReportWorld world = place.trouble().hangs() ? impatient(place) : place.first() ? newWorld(place.old()) : world(place.old());
        world.site.waldur.onRequest(request -> world.site.waldur.usages().stream().filter(figure -> !course.possible().contains(figure)).forEach(wrong::add));
        place.trouble().await(world.site);
        world.cycle();
        world.site.waldur.calm();
        world.site.slurm.calm();
        if (place.trouble().hangs()) {
            world.goOnPatiently();
        }
        endsWell(course, world);
        assertThat(wrong).as("figures that are neither as before nor right").isEmpty();
        IDLE.get(place.old()).add(world);
    }

    /** Two that follow each other are the same for Waldur: after a request, and before the next one. */
    static Stream<Place> deaths() {
        Course today = FIRST.get(false);
        Stream<Trouble> ofToday = Stream.concat(
                upTo(today.requests().size()).flatMap(at -> Trouble.deathsAtRequest(at, today.requests()).stream()),
                upTo(today.commands().size()).flatMap(at -> Trouble.deathsAtCommand(at, today.commands()).stream()));
        Course old = FIRST.get(true);
        Stream<Trouble> ofOld = upTo(old.requests().size()).filter(old::isWrite).map(at -> {
            List<Trouble> deaths = Trouble.deathsAtRequest(at, old.requests());
            return deaths.get(at % deaths.size());
        });
        return Stream.concat(ofToday.map(trouble -> new Place(false, true, trouble)), ofOld.map(trouble -> new Place(true, true, trouble)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deaths")
    void aRunThatIsKilledIsCarriedOn(Place place) throws IOException, InterruptedException {
        Course course = FIRST.get(place.old());
        ReportWorld world = world(place.old());
        assertThat(place.trouble().kill(world.site, () -> world.site.start("report"))).as("the agent was killed there").isEqualTo(137);
        assertThat(course.possible()).containsAll(world.site.waldur.usages());
        endsWell(course, world);
        IDLE.get(place.old()).add(world);
    }

    /** One in which all went well until now. */
    private static ReportWorld world(boolean old) throws IOException {
        ReportWorld world = IDLE.get(old).poll();
        if (world == null) {
            world = newWorld(old);
            world.cycle();
        }
        world.takeBack();
        return world;
    }

    private static ReportWorld impatient(Place place) throws IOException {
        ReportWorld world = newWorld(place.old());
        world.site.impatient();
        if (!place.first()) {
            world.cycle();
            world.takeBack();
        }
        return world;
    }

    private static ReportWorld newWorld(boolean old) throws IOException {
        return new ReportWorld(Files.createTempDirectory(folder, "world"), old);
    }

    private static void endsWell(Course course, ReportWorld world) {
        world.cycle();
        assertThat(world.site.waldur.usages()).isEqualTo(course.after());
        assertThat(world.site.deadLetters()).as("all trouble is over").isEmpty();
        int requests = world.site.waldur.requests().size();
        world.cycle();
        assertThat(world.site.waldur.requests().stream().skip(requests)).as("a repeat changes nothing").allMatch(request -> request.method().equals("GET"));
        assertThat(world.site.waldur.usages()).isEqualTo(course.after());
    }
}
