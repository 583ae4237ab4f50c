package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.usage.UsageSite;

/** {@code waldur-site-agent usage}: what it prints, its exit codes, and that it writes nothing. */
class UsageTest extends UsageSite {

    private void writesNothing() {
        assertThat(site.waldur.requests()).filteredOn(r -> r.path().contains("usage")).allMatch(r -> r.method().equals("GET"));
        assertThat(site.stateDir().resolve("usage")).doesNotExist();
    }

    @Test
    void whatWouldBeToldIsATableAnd2() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        Site.Said said = site.command("usage");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out().lines()).contains("Offering slurm, counted up to 2026-11-20T12:00:00Z",
                "ACCOUNT  MONTH    COMPONENT  USER     USED  WALDUR  DIFFERENCE  STATE  WHY",
                "hpc_one  2026-11  cpu        -        0.64       -        0.64  new    -",
                "hpc_one  2026-11  mem        alice  640.00       -      640.00  new    -",
                "hpc_two  2026-11  cpu        -        0.00       -        0.00  new    -");
        writesNothing();
    }

    @Test
    void whatWaldurHasIs0() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        assertThat(report()).isZero();
        Site.Said said = site.command("usage", "--totals");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("hpc_one  2026-11  cpu        -       0.64    0.64        0.00  same").doesNotContain("alice");
    }

    @Test
    void whatWouldFallIs3WithTheCommandThatLetsItThrough() {
        site.waldur.putUsage(one, "2026-11", "cpu", "5.00");
        site.waldur.putUsage(one, "2026-11", "mem", "0.00");
        site.waldur.putUsage(two, "2026-11", "cpu", "0.00");
        site.waldur.putUsage(two, "2026-11", "mem", "0.00");
        Site.Said said = site.command("usage");
        assertThat(said.code()).isEqualTo(3);
        assertThat(said.out()).contains("5.00       -5.00  held   it would fall").containsPattern("held: hpc_one in 2026-11: .*-m report --once --release [0-9a-f]{12}");
        assertThat(site.command("usage", "--account", "HPC_TWO").code()).isZero();
    }

    @Test
    void whereNothingIsThereNothingIsShown() {
        site.slurm.clearJobs();
        Site.Said said = site.command("usage", "--month", "2026-10");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("no usage").doesNotContain("hpc_");
    }

    @Test
    void aMonthThatCannotBeReadIsUnknownAnd1() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("sacct"), 1, "sacct: error: Problem talking to the database: Connection refused").times(999));
        Site.Said said = site.command("usage");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).containsPattern("hpc_one +2026-11 +cpu +- +- +- +- +unknown +.*Connection refused");
        writesNothing();
    }

    @Test
    void anOfferingThatCannotBeReadIs1() {
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-provider-resources/"), 403, "{\"detail\": \"no\"}"));
        assertThat(site.command("usage", "--account", "hpc_one").code()).isEqualTo(1);
    }

    @Test
    void csvIsThatOfRfc4180() {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        site.waldur.putUsage(one, "2026-11", "mem", "700.00");
        Site.Said said = site.command("usage", "--format", "csv", "--account", "hpc_one");
        assertThat(said.code()).isEqualTo(3);
        String uuid = (String) site.waldur.resource(one).get("uuid");
        assertThat(said.out()).isEqualTo("offering,resource,account,month,component,user,used,waldur,difference,state,why\r\n"
                + "slurm," + uuid + ",hpc_one,2026-11,cpu,,0.64,,0.64,held,another figure of this resource would fall\r\n"
                + "slurm," + uuid + ",hpc_one,2026-11,cpu,alice,0.64,,0.64,held,another figure of this resource would fall\r\n"
                + "slurm," + uuid + ",hpc_one,2026-11,mem,,640.00,700.00,-60.00,held,it would fall\r\n"
                + "slurm," + uuid + ",hpc_one,2026-11,mem,alice,640.00,,640.00,held,another figure of this resource would fall\r\n");
    }

    @Test
    void jsonHasAmountsAsTexts() throws Exception {
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        Site.Said said = site.command("usage", "--format", "json");
        JsonNode root = new ObjectMapper().readTree(said.out());
        JsonNode first = root.path("figures").path(0);
        assertThat(first.path("used").isTextual()).isTrue();
        assertThat(first.path("used").textValue()).isEqualTo("0.64");
        assertThat(first.path("waldur").isNull()).isTrue();
        assertThat(first.path("user").isNull()).isTrue();
        assertThat(root.path("figures")).hasSize(6);
        assertThat(root.path("held").isArray()).isTrue();
        assertThat(root.path("notes").isArray()).isTrue();
    }

    @Test
    void monthsOfYourOwn() {
        ran(1, "hpc_one", "alice", "2026-10-03T00:00:00Z", "2026-10-03T10:00:00Z");
        ran(2, "hpc_one", "alice", "2026-09-20T00:00:00Z", "2026-09-20T20:00:00Z");
        Site.Said said = site.command("usage", "--month", "2026-10,2026-09", "--totals");
        assertThat(said.out().lines().filter(line -> line.contains(" cpu "))).containsExactly(
                "hpc_one  2026-09  cpu        -        1.28       -        1.28  new    -", "hpc_one  2026-10  cpu        -        0.64       -        0.64  new    -");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "usage --month 2026-13 | --month 2026-13: is no month; right would be a year and a month, like 2026-10",
        "usage --month 2026-12 | --month 2026-12: has not begun; right would be 2026-11 or earlier",
        "usage --account hpc_tow | --account hpc_tow: no resource has this account; the nearest is hpc_two",
        "usage --account {{x}} | is no name of an account",
        "usage --format xml | --format",
        "usage --month 2026-10 audit | --month stands before 'audit', and has no effect there; right would be: after it",
        "usage audit --month 2026-11 | --month 2026-11: is not over; right would be 2026-10 or earlier",
        "usage explain | ACCOUNT",
        "usage explain hpc_one | --component",
        "usage explain hpc_en --component cpu | hpc_en: no resource has this account; the nearest is hpc_one",
        "usage explain hpc_one --component cpus | --component cpus: offering slurm has [cpu, mem]; the nearest is cpu",
        "usage explain hpc_one --component cpu --user alice | --user alice: has used nothing of hpc_one in this month, and neither has anybody else",
        "usage load --from 2026-10 --to 2026-12 | --to 2026-12: has not begun",
        "usage load --from 2026-10 --to 2026-09 | --from 2026-10: is after --to 2026-09",
        "usage load --from 2020-01 --to 2026-10 | is more than 60 months, which is too much at once; right would be --to 2024-12",
        "usage load --from 2026-10 --to 2026-10 --token-file /nonexistent | --token-file /nonexistent: the file cannot be read",
        "usage load --from 2026-10 --to 2026-10 --release x | --release x: is no token",
        "--release 0123456789ab | -m report --once --release TOKEN",
        "-m report --once --release 12 | --release 12: is no token"})
    void mistakesOfTheCommandLineAre64(String words, String said) {
        Site.Said answer = site.command(words.split(" "));
        assertThat(answer.err()).contains(said).doesNotContain("Exception", "\tat ");
        assertThat(answer.code()).isEqualTo(64);
    }

    @Test
    void anOfferingThatIsNotReportedIs78() {
        site.offering("order_processing_backend", "slurm");
        for (List<String> words : List.of(List.of("usage"), List.of("usage", "audit"), List.of("usage", "explain", "hpc_one", "--component", "cpu"))) {
            Site.Said said = site.command(words.toArray(String[]::new));
            assertThat(said.code()).isEqualTo(78);
            assertThat(said.err()).contains("no offering is left for the mode report");
        }
    }

    @Test
    void notesAreShown() {
        site.components("gpu: {label: GPU, measured_unit: h, unit_factor: 60, accounting_type: usage, target_components: {gres/gpu: 1}}");
        assertThat(site.command("usage").out()).contains("note: component gpu is not reported");
        assertThat(site.command("usage", "--format", "csv").err()).contains("component gpu is not reported");
    }
}
