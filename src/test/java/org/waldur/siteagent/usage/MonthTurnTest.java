package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** What was used in one month is never booked in another, whatever the clocks say and whenever they say it. */
class MonthTurnTest extends UsageSite {
    private static final Instant LAST_MINUTES = Instant.parse("2026-11-30T23:58:30Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:20Z");
    private static final int LONGER_THAN_A_CYCLE = 18;

    /** A job of ten hours in November, and one that runs since ten hours before the month ends. */
    private static Site site(Site site) {
        prepare(site);
        site.allocation("one", Map.of());
        site.slurm.addJob(SlurmRun.ran(1, "hpc_one", "alice", Instant.parse("2026-11-03T00:00:00Z"), Instant.parse("2026-11-03T10:00:00Z"), NODE));
        site.slurm.addJob(SlurmRun.ran(1001, "hpc_one", "bob", Instant.parse("2026-11-30T14:00:00Z"), null, NODE));
        return site;
    }

    private Site old() throws IOException {
        return site(new Site(folder.resolve("old"), WaldurSimulator.startOld(0), ""));
    }

    private Site today() throws IOException {
        return site(new Site(folder.resolve("today"), WaldurSimulator.start(), ""));
    }

    /** Not right before the first one, which lists resources: which month it is, is looked at after it. */
    static Stream<Integer> requests() {
        return IntStream.rangeClosed(2, LONGER_THAN_A_CYCLE).boxed();
    }

    /** Reports while the month turns right before the n-th request of the cycle, and once more in December. Gives the number of requests. */
    private int turnAt(Site site, int at) {
        site.now(LAST_MINUTES.toString());
        AtomicInteger seen = new AtomicInteger();
        site.waldur.beforeRequest(request -> {
            if (seen.incrementAndGet() == at) {
                site.now(DECEMBER.toString());
            }
        });
        List<String> wrong = new ArrayList<>();
        site.waldur.onRequest(request -> site.waldur.usages().stream().filter(line -> line.contains("2026-12") || line.contains("2026-10")).forEach(wrong::add));
        int requests = site.waldur.requests().size();
        assertThat(site.run("report", false)).as("that a month has turned is no error").isZero();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(wrong).as("nothing that was read in November is December's").isEmpty();
        requests = site.waldur.requests().size() - requests;
        site.waldur.beforeRequest(request -> { });
        site.waldur.onRequest(request -> { });
        return requests;
    }

    @ParameterizedTest
    @MethodSource("requests")
    void itTurnsWhileACycleRuns(int at) throws IOException {
        try (Site site = today()) {
            int requests = turnAt(site, at);
            assertThat(requests).as("the month turns after the cycle, too").isLessThan(LONGER_THAN_A_CYCLE);
            assertThat(november(site)).as("booked as a whole or not at all").isIn(List.of(), List.of("hpc_one 2026-11 cpu 1.28", "hpc_one 2026-11 mem 1278.40"));
            afterwards(site);
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void itTurnsWhileACycleRunsOnAWaldurSeven(int at) throws IOException {
        try (Site site = old()) {
            turnAt(site, at);
            assertThat(site.waldur.usages()).as("it heeds no date, so nothing is told in the last two minutes").isEmpty();
            afterwards(site);
        }
    }

    private static List<String> november(Site site) {
        return site.waldur.usages().stream().filter(line -> line.matches("hpc_one 2026-11 \\w+ [0-9.]+")).toList();
    }

    private static void afterwards(Site site) {
        List<String> before = site.waldur.usages();
        site.now("2026-12-01T02:00:00Z");
        assertThat(site.run("report", false)).isZero();
        assertThat(site.waldur.usages()).as("November stays as it is").containsAll(before);
        assertThat(site.waldur.usages().stream().filter(line -> line.contains("2026-12"))).containsExactly("hpc_one 2026-12 cpu 0.13", "hpc_one 2026-12 cpu bob 0.13",
                "hpc_one 2026-12 mem 128.00", "hpc_one 2026-12 mem bob 128.00");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** Requests are begun as long as they can end in the same month, and no longer. */
    @Test
    void itTurnsBetweenTheBookingOfTwoResources() throws IOException {
        try (Site site = old()) {
            site.allocation("two", Map.of());
            site.slurm.addJob(SlurmRun.ran(2, "hpc_two", "carol", Instant.parse("2026-11-03T00:00:00Z"), Instant.parse("2026-11-03T10:00:00Z"), NODE));
            site.now("2026-11-30T23:57:00Z");
            site.waldur.beforeRequest(request -> {
                if (request.path().endsWith("set_usage/")) {
                    site.now("2026-11-30T23:59:00Z");
                }
            });
            assertThat(site.run("report", false)).isZero();
            assertThat(site.deadLetters()).isEmpty();
            assertThat(site.waldur.usages()).as("the first is told, with what its people used: a row is of its month").containsExactly("hpc_one 2026-11 cpu 1.28",
                    "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu bob 0.64", "hpc_one 2026-11 mem 1276.80", "hpc_one 2026-11 mem alice 640.00", "hpc_one 2026-11 mem bob 636.80");
        }
    }

    /** The server's clock and ours, and what may be booked where. */
    @ParameterizedTest
    @CsvSource({
        // both in November
        "old, 2026-11-30T23:40:00Z, 2026-11-30T23:45:00Z, 2026-11", "today, 2026-11-30T23:45:00Z, 2026-11-30T23:40:00Z, 2026-11",
        // the server is in December already, or we are
        "old, 2026-12-01T00:01:00Z, 2026-11-30T23:40:00Z, -", "old, 2026-11-30T23:40:00Z, 2026-12-01T00:01:00Z, -",
        "today, 2026-12-01T00:01:00Z, 2026-11-30T23:40:00Z, refused", "today, 2026-11-30T23:40:00Z, 2026-12-01T00:01:00Z, 2026-11",
        // the last two minutes of one of them
        "old, 2026-11-30T23:58:30Z, 2026-11-30T23:40:00Z, -", "old, 2026-11-30T23:40:00Z, 2026-11-30T23:58:30Z, -",
        "today, 2026-11-30T23:58:30Z, 2026-11-30T23:40:00Z, 2026-11", "today, 2026-11-30T23:40:00Z, 2026-11-30T23:58:30Z, 2026-11",
        // a clock that is wrong by a year
        "today, 2025-11-20T12:00:00Z, 2026-11-20T12:00:00Z, -", "old, 2027-11-20T12:00:00Z, 2026-11-20T12:00:00Z, -"})
    void theClocksDiffer(String dialect, String servers, String ours, String month) throws IOException {
        try (Site site = dialect.equals("old") ? old() : today()) {
            site.now(ours);
            site.waldur.now(Instant.parse(servers));
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages().stream().map(line -> line.split(" ")[1]).distinct().toList()).isEqualTo(month.startsWith("2") ? List.of(month) : List.of());
            assertThat(site.deadLetters()).isEmpty();
            if (month.equals("-")) {
                assertThat(site.reports.get(0).notes()).anyMatch(note -> note.contains("not told"));
            }
        }
    }

    @Test
    void aServerThatDoesNotSayWhatTimeItIsIsToldNothing() throws IOException {
        try (Site site = today()) {
            site.now("2026-11-20T12:00:00Z").waldur.withoutDate();
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages()).isEmpty();
            assertThat(site.reports.get(0).notes()).anyMatch(note -> note.contains("gave no Date"));
        }
    }

    /** It may be in the new month for a second already when its answer is made, and say so. */
    @Test
    void onlyTheServersClockTurns() throws IOException {
        for (int at = 1; at < 12; at++) {
            int turn = at;
            try (Site site = site(new Site(folder.resolve("turn" + at), WaldurSimulator.startOld(0), ""))) {
                site.now("2026-11-30T23:55:00Z");
                AtomicInteger seen = new AtomicInteger();
                site.waldur.beforeRequest(request -> {
                    if (seen.incrementAndGet() == turn && request.method().equals("GET")) {
                        site.waldur.now(DECEMBER);
                    }
                });
                assertThat(site.run("report", false)).isZero();
                assertThat(site.waldur.usages()).as("turn at " + at).noneMatch(line -> line.contains("2026-12"));
            }
        }
    }

    @Test
    void onAWaldurSevenNoPastMonthIsToldAndNoDateAndPeopleOneByOne() throws IOException {
        try (Site site = old()) {
            site.slurm.addJob(SlurmRun.ran(2, "hpc_one", "carol", Instant.parse("2026-10-03T00:00:00Z"), Instant.parse("2026-10-03T10:00:00Z"), NODE));
            site.now("2026-11-20T12:00:00Z");
            site.slurm.clearJobs();
            site.slurm.addJob(SlurmRun.ran(2, "hpc_one", "carol", Instant.parse("2026-10-03T00:00:00Z"), Instant.parse("2026-10-03T10:00:00Z"), NODE));
            site.slurm.addJob(ran("hpc_one", "alice"));
            site.slurm.addJob(SlurmRun.ran(4, "hpc_one", "bob", Instant.parse("2026-11-03T00:00:00Z"), Instant.parse("2026-11-03T10:00:00Z"), NODE));
            int before = site.waldur.requests().size();
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages()).containsExactly("hpc_one 2026-11 cpu 1.28", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu bob 0.64",
                    "hpc_one 2026-11 mem 1280.00", "hpc_one 2026-11 mem alice 640.00", "hpc_one 2026-11 mem bob 640.00");
            List<WaldurRequest> posts = site.waldur.requests().stream().skip(before).filter(r -> r.method().equals("POST")).toList();
            assertThat(posts).noneMatch(r -> r.body().contains("date")).noneMatch(r -> r.path().endsWith("set_user_usages/"));
            assertThat(posts.stream().filter(r -> r.path().endsWith("set_user_usage/"))).hasSize(4).allMatch(r -> r.body().split("username").length == 2);
        }
    }

    @Test
    void todayAPastMonthIsDated() throws IOException {
        try (Site site = today()) {
            Stream.of("cpu", "mem").forEach(type -> site.waldur.changeComponent(site.offering, type, "billing_type", "limit"));
            site.now("2026-12-15T12:00:00Z");
            assertThat(site.run("report", false)).isZero();
            assertThat(november(site)).containsExactly("hpc_one 2026-11 cpu 1.28", "hpc_one 2026-11 mem 1280.00");
            List<String> bodies = site.waldur.requests().stream().filter(r -> r.path().endsWith("set_usage/")).map(WaldurRequest::body).toList();
            assertThat(bodies).hasSize(2);
            assertThat(bodies.get(0)).contains("\"date\":\"2026-11-15T12:00:00Z\"", "\"1.28\"");
            assertThat(bodies.get(1)).doesNotContain("date");
        }
    }

    /** The date of a month that is over lies before the resource was there, and makes no second row. */
    @Test
    void aResourceThatCameLateInThePastMonthHasOneRowOfIt() throws IOException {
        try (Site site = today()) {
            Stream.of("cpu", "mem").forEach(type -> site.waldur.changeComponent(site.offering, type, "billing_type", "limit"));
            site.now("2026-11-25T12:00:00Z");
            site.allocation("late", Map.of());
            site.slurm.addJob(SlurmRun.ran(7, "hpc_late", "carol", Instant.parse("2026-11-26T00:00:00Z"), Instant.parse("2026-11-26T10:00:00Z"), NODE));
            site.now("2026-11-27T12:00:00Z");
            assertThat(site.run("report", false)).isZero();
            site.slurm.addJob(SlurmRun.ran(8, "hpc_late", "carol", Instant.parse("2026-11-28T00:00:00Z"), Instant.parse("2026-11-28T10:00:00Z"), NODE));
            site.now("2026-12-15T12:00:00Z");
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages().stream().filter(line -> line.startsWith("hpc_late 2026-11"))).containsExactly("hpc_late 2026-11 cpu 1.28",
                    "hpc_late 2026-11 cpu carol 1.28", "hpc_late 2026-11 mem 1280.00", "hpc_late 2026-11 mem carol 1280.00");
            int posts = site.waldur.requests().size();
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.requests().stream().skip(posts)).noneMatch(r -> r.method().equals("POST"));
        }
    }

    /** Only Waldur's staff may change what is invoiced. It is asked once a day, and the current month is booked all the same. */
    @Test
    void thatAMonthIsInvoicedIsNoErrorAndIsRemembered() throws IOException {
        try (Site site = today()) {
            site.now("2026-12-15T12:00:00Z");
            try (Site.Running agent = site.serveHere()) {
                agent.cycle("report");
                assertThat(site.waldur.usages().stream().map(line -> line.substring(0, 18)).distinct()).containsExactly("hpc_one 2026-12 cp", "hpc_one 2026-12 me");
                assertThat(dated(site)).isEqualTo(1);
                site.now("2026-12-16T11:00:00Z");
                agent.cycle("report");
                assertThat(dated(site)).isEqualTo(1);
                site.now("2026-12-16T12:30:00Z");
                agent.cycle("report");
                assertThat(dated(site)).isEqualTo(2);
            }
            assertThat(site.deadLetters()).isEmpty();
            site.offering("waldur_api_token", site.waldur.staffToken());
            assertThat(site.run("report", false)).isZero();
            assertThat(november(site)).as("as staff").containsExactly("hpc_one 2026-11 cpu 1.28", "hpc_one 2026-11 mem 1280.00");
        }
    }

    private static long dated(Site site) {
        return site.waldur.requests().stream().filter(r -> r.path().endsWith("set_usage/") && r.body().contains("date")).count();
    }

    /** A component that is billed by limit is told for a past month, also when one beside it is not taken. */
    @Test
    void aMonthThatIsInvoicedIsClosedForWhatIsBilledByUsageOnly() throws IOException {
        try (Site site = today()) {
            site.waldur.changeComponent(site.offering, "mem", "billing_type", "limit");
            site.now("2026-12-15T12:00:00Z");
            try (Site.Running agent = site.serveHere()) {
                agent.cycle("report");
                agent.cycle("report");
            }
            assertThat(november(site)).containsExactly("hpc_one 2026-11 mem 1280.00");
            assertThat(site.waldur.usages()).contains("hpc_one 2026-11 mem alice 640.00");
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    /** The server's months begin at its own midnight. */
    @ParameterizedTest
    @CsvSource({"Europe/Tallinn, 2026-10-31T22:00:00Z", "America/New_York, 2026-11-01T04:00:00Z", "Asia/Kolkata, 2026-10-31T18:30:00Z"})
    void aServerInAnotherTimeZoneIsToldNothingUntilWeKnowIt(String zone, String midnight) throws IOException {
        try (Site site = new Site(folder.resolve("zone"))) {
            prepare(site);
            Stream.of("cpu", "mem").forEach(type -> site.waldur.changeComponent(site.offering, type, "billing_type", "limit"));
            site.waldur.zone(java.time.ZoneId.of(zone));
            site.allocation("one", Map.of());
            Instant turn = Instant.parse(midnight);
            site.slurm.addJob(SlurmRun.ran(1, "hpc_one", "alice", turn.minusSeconds(36_000), turn.plusSeconds(18_000), NODE));
            site.now("2026-11-20T12:00:00Z");
            assertThat(site.run("report", false)).isEqualTo(1);
            assertThat(site.waldur.usages()).isEmpty();
            assertThat(site.deadLetters()).singleElement().asString().contains("billing_timezone");
            site.offering("billing_timezone", zone);
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages()).contains("hpc_one 2026-10 cpu 0.64", "hpc_one 2026-11 cpu 0.32", "hpc_one 2026-10 mem alice 640.00", "hpc_one 2026-11 mem alice 320.00")
                    .hasSize(8);
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    /** In winter the time of London is that of UTC. A server of London shows in summer only that it is none of UTC. */
    @Test
    void aServerWhoseResourcesAllCameInWinterShowsItsZoneByWhatWasReported() throws IOException {
        try (Site site = new Site(folder.resolve("london"))) {
            prepare(site);
            site.waldur.zone(java.time.ZoneId.of("Europe/London"));
            site.now("2026-11-10T12:00:00Z");
            site.allocation("one", Map.of());
            site.now("2027-04-20T12:00:00Z");
            assertThat(site.run("report", false)).as("nothing shows it yet").isZero();
            site.now("2027-04-30T23:30:00Z");
            site.slurm.addJob(SlurmRun.ran(1, "hpc_one", "alice", Instant.parse("2027-04-30T10:00:00Z"), Instant.parse("2027-04-30T20:00:00Z"), NODE));
            assertThat(site.run("report", false)).as("it is May in London").isEqualTo(1);
            assertThat(site.waldur.usages()).noneMatch(line -> line.contains("2027-05"));
            assertThat(site.deadLetters()).singleElement().asString().contains("billing_timezone");
        }
    }

    /** A Waldur 7 bills by the months of UTC, whatever its zone is. */
    @Test
    void aWaldurSevenInAnotherTimeZoneBillsByUtc() throws IOException {
        try (Site site = old()) {
            site.waldur.zone(java.time.ZoneId.of("Europe/Tallinn"));
            site.now("2026-11-20T12:00:00Z");
            assertThat(site.run("report", false)).isZero();
            assertThat(november(site)).contains("hpc_one 2026-11 cpu 0.64");
            site.offering("billing_timezone", "Europe/Tallinn");
            assertThat(site.run("report", false)).isEqualTo(1);
            assertThat(site.deadLetters()).singleElement().asString().contains("set billing_timezone: UTC");
        }
    }

    /** A clock of ours that stands still while the others go on. */
    @Test
    void ourClockIsBehindByMinutes() throws IOException {
        try (Site site = old()) {
            site.now("2026-12-01T00:10:00Z");
            site.clock(Clock.fixed(Instant.parse("2026-11-30T23:50:00Z"), ZoneOffset.UTC));
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages()).isEmpty();
            site.clock(Clock.fixed(Instant.parse("2026-12-01T02:00:00Z"), ZoneOffset.UTC));
            site.slurm.clock(Clock.fixed(Instant.parse("2026-12-01T02:00:00Z"), ZoneOffset.UTC));
            assertThat(site.run("report", false)).isZero();
            assertThat(site.waldur.usages()).contains("hpc_one 2026-12 cpu 0.13").noneMatch(line -> line.contains("2026-11"));
        }
    }
}
