package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.usage.UsageSite;

/** {@code waldur-site-agent usage explain}: the runs that a figure is made of. */
class UsageExplainTest extends UsageSite {

    private Site.Said explain(String... more) {
        String[] words = Arrays.copyOf(new String[] {"usage", "explain", "hpc_one", "--component", "cpu"}, 5 + more.length);
        System.arraycopy(more, 0, words, 5, more.length);
        return site.command(words);
    }

    /** What the table of usage says of the same figure. */
    private String figure(String month, String user) {
        return site.command("usage", "--format", "csv", "--month", month, "--account", "hpc_one").out().lines().map(line -> line.split(",", -1))
                .filter(cells -> cells[4].equals("cpu") && cells[5].equals(user)).map(cells -> cells[6]).findFirst().orElseThrow();
    }

    private void jobs() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        // over the border of the month, and over midnight
        ran(2, "hpc_one", "bob", "2026-10-31T22:00:00Z", "2026-11-02T03:00:00Z");
        ran(3, "hpc_two", "alice", "2026-11-04T00:00:00Z", "2026-11-04T10:00:00Z");
        site.slurm.addJob(SlurmRun.ran(4, "hpc_one", "alice", Instant.parse("2026-11-20T11:00:00Z"), null, NODE));
    }

    @Test
    void theRunsAddUpToTheFigure() {
        jobs();
        Site.Said said = explain();
        assertThat(said.code()).isZero();
        assertThat(said.out()).isEqualTo("""
                Offering slurm, cpu of hpc_one, 2026-11 of UTC, counted up to 2026-11-20T12:00:00Z
                JOB  USER   START                 END                   SECONDS  CPU  CPU-MINUTES    AMOUNT  REMARK
                  2  bob    2026-10-31T22:00:00Z  2026-11-02T03:00:00Z    97200   64    103680.00  1.728000  -
                  1  alice  2026-11-03T00:00:00Z  2026-11-03T10:00:00Z    36000   64     38400.00  0.640000  -
                  4  alice  2026-11-20T11:00:00Z  running                  3600   64      3840.00  0.064000  -
                sum  -      -                     -                      136800    -    145920.00  2.432000  -
                cpu = cpu-minutes / 60000 = 2.43 k-Hours; Waldur has nothing (new)
                """);
        assertThat(figure("2026-11", "")).isEqualTo("2.43");
    }

    @Test
    void onlyOneOfThePeople() {
        jobs();
        Site.Said said = explain("--user", "Alice");
        assertThat(said.out()).contains("0.70 k-Hours").doesNotContain("bob");
        assertThat(figure("2026-11", "alice")).isEqualTo("0.70");
    }

    @Test
    void anotherMonthAndWhatWaldurHasOfIt() {
        jobs();
        site.waldur.putUsage(one, "2026-10", "cpu", "0.13");
        Site.Said said = explain("--month", "2026-10");
        assertThat(said.out()).contains("  2  bob   2026-10-31T22:00:00Z  2026-11-02T03:00:00Z     7200   64      7680.00  0.128000",
                "cpu = cpu-minutes / 60000 = 0.13 k-Hours; Waldur has 0.13 (same)");
    }

    @Test
    void ofNoJobsTheSumIsZero() {
        Site.Said said = explain("--month", "2026-09");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("sum  -     -      -          0    -         0.00  0.000000  -", "= 0.00 k-Hours; Waldur has nothing");
    }

    @Test
    void runawaysAreMarked() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        site.slurm.addJob(SlurmRun.ran(5, "hpc_one", "bob", Instant.parse("2026-11-20T02:00:00Z"), null, NODE));
        site.now("2026-11-20T11:00:00Z");
        assertThat(report()).isZero();
        site.slurm.forget(5);
        site.now("2026-11-20T12:00:00Z");
        Site.Said said = explain();
        assertThat(said.out()).containsPattern("5 +bob +2026-11-20T02:00:00Z +2026-11-20T11:00:00Z +32400 +64 .* runaway: squeue does not know it");
        assertThat(said.out()).contains("= " + figure("2026-11", "") + " k-Hours");
    }

    @Test
    void aTerminatedResourceIsExplained() {
        jobs();
        assertThat(report()).isZero();
        site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        Site.Said said = explain();
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("= 2.43 k-Hours; Waldur has 2.43 (same)");
    }

    @Test
    void csvEndsWithTheSum() {
        jobs();
        List<String> lines = explain("--format", "csv", "--user", "bob").out().lines().toList();
        assertThat(lines).containsExactly("job,user,start,end,seconds,cpu,cpu-minutes,amount,remark",
                "2,bob,2026-10-31T22:00:00Z,2026-11-02T03:00:00Z,97200,64,103680.00,1.728000,",
                "sum,,,,97200,,103680.00,1.728000,cpu = cpu-minutes / 60000 = 1.73 k-Hours; Waldur has nothing (new)");
    }

    @Test
    void jsonHasRunsAndSum() throws Exception {
        jobs();
        JsonNode root = new ObjectMapper().readTree(explain("--format", "json").out());
        assertThat(root.path("runs")).hasSize(3);
        assertThat(root.path("runs").path(2).path("end").asText()).isEqualTo("running");
        assertThat(root.path("figure").textValue()).isEqualTo("2.43");
        assertThat(root.path("seconds").textValue()).isEqualTo("136800");
        assertThat(root.path("cpu-minutes").textValue()).isEqualTo("145920.00");
        assertThat(root.path("month").textValue()).isEqualTo("2026-11");
    }

    @Test
    void aComponentOfSeveralTresShowsEach() {
        site.components("cpu: {label: CPU, measured_unit: hours, unit_factor: 60, accounting_type: usage, target_components: {cpu: 64, gres/gpu: 8}}");
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T01:00:00Z");
        String out = explain().out();
        assertThat(out).contains("CPU-MINUTES", "GRES/GPU-MINUTES", "= " + figure("2026-11", "") + " hours");
        assertThat(figure("2026-11", "")).isEqualTo("1.25");
    }

    @Test
    void whatCannotBeReadIs1AndNothingIsPrinted() {
        jobs();
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database: Connection refused").times(99));
        Site.Said said = explain();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("what hpc_one used in 2026-11 is unknown", "Connection refused");
    }

    @Test
    void onlyThatAccountIsAskedForAndNothingIsWritten() {
        jobs();
        int before = site.slurm.commands().size();
        explain();
        assertThat(site.slurm.commands().stream().skip(before).map(String::valueOf).filter(command -> command.contains("sacct,") || command.contains("/sacct")))
                .singleElement().asString().contains("--accounts=hpc_one");
        assertThat(site.stateDir().resolve("usage")).doesNotExist();
    }
}
