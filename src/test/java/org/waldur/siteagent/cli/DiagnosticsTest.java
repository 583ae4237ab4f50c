package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmUser.AdminLevel;
import org.waldur.siteagent.simulator.WaldurFault;

/** {@code diagnostics}: whatever is wrong is found, is the only thing that is found, and says what to do. */
class DiagnosticsTest extends SiteTest {
    @BeforeEach
    void allIsWell() {
        site.command("load-components");
        site.cycle();
    }

    private Site.Said diagnostics(String... more) {
        try {
            Path config = site.config();
            Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return site.command(Stream.concat(Stream.of("diagnostics"), Arrays.stream(more)).toArray(String[]::new));
    }

    private void finds(int code, String level, String area, String what, String advice) {
        Site.Said said = diagnostics();
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        List<String> lines = said.out().lines().skip(1).filter(line -> line.startsWith("warning") || line.startsWith("wrong")).toList();
        assertThat(lines).as(said.out()).singleElement().asString().startsWith(level).contains(area, what);
        assertThat(said.out()).containsPattern("-> .*" + advice).doesNotContain(site.waldur.token());
    }

    @Test
    void whatIsWellIsSaidToBeSo() {
        Site.Said said = diagnostics();
        assertThat(said.code()).as(said.out() + said.err()).isZero();
        assertThat(said.out()).contains("it is agent's, who has the role OFFERING.MANAGER", "cluster lab is read in", "slurmctld of slurm", "components are in Waldur as in the config",
                "the month that is billed is", "GB are left", "slurm-wlm 22.05").doesNotContain("->", site.waldur.token());
        assertThat(site.waldur.requests()).as("a look writes nothing").filteredOn(request -> !request.method().equals("GET")).allMatch(request -> request.path().contains("component"));
    }

    @Test
    void theConfigInEffectHasItsDefaultsAndNoSecret() throws IOException {
        assertThat(diagnostics("--config").out()).contains("offerings.1.backend.customerPrefix = hpc_", "offerings.1.token = ***", "reportingPeriods = 2").doesNotContain(site.waldur.token());
        JsonNode json = new ObjectMapper().readTree(diagnostics("--format", "json").out());
        assertThat(json.path("config").path("offerings.1.token").asText()).isEqualTo("***");
        assertThat(json.path("findings")).isNotEmpty().allSatisfy(finding -> assertThat(finding.path("level").asText()).isEqualTo("good"));
    }

    @Test
    void aTokenWithoutTheRole() {
        site.waldur.roles(List.of(Map.of("role_name", "CUSTOMER.SUPPORT", "scope_uuid", site.offering)));
        finds(1, "wrong", "token of slurm", "no role on this offering", "give him the role OFFERING.MANAGER");
    }

    @Test
    void aRoleThatEndsSoon() {
        site.waldur.roles(List.of(Map.of("role_name", "OFFERING.MANAGER", "scope_uuid", site.offering, "expiration_time", Clock.systemUTC().instant().plus(Duration.ofDays(3)).toString())));
        finds(2, "warning", "token of slurm", "ends at", "prolonged");
    }

    @Test
    void aRoleThatHasEnded() {
        site.waldur.roles(List.of(Map.of("role_name", "OFFERING.MANAGER", "scope_uuid", site.offering, "expiration_time", Clock.systemUTC().instant().minus(Duration.ofDays(3)).toString())));
        finds(1, "wrong", "token of slurm", "has ended at", "prolonged");
    }

    @Test
    void whoOwnsAnotherOrganisationHasNothingToSayHere() {
        site.waldur.roles(List.of(Map.of("role_name", "CUSTOMER.OWNER", "scope_uuid", "1".repeat(32))));
        finds(1, "wrong", "token of slurm", "no role on this offering", "give him the role OFFERING.MANAGER");
    }

    @Test
    void aNameInWaldurIsNoFindingOfOurs() {
        site.waldur.inject(WaldurFault.answer(request -> request.path().contains("users/me"), 200, "{\"username\": \"eve\\n\\u001b[2Jgood     all is well\", \"permissions\": []}").times(9));
        assertThat(diagnostics().out()).contains("eve").doesNotContain("\u001b").doesNotContainPattern("(?m)^good +all is well");
    }

    @Test
    void aStateDirectoryThatCannotBe() throws IOException {
        Folders.delete(site.stateDir());
        Files.writeString(site.stateDir(), "");
        finds(1, "wrong", "state", "is there, and is no folder", "a folder that");
    }

    @Test
    void aTokenThatIsRefused() {
        site.waldur.inject(WaldurFault.answer(request -> true, 401, "{\"detail\": \"Invalid token.\"}").times(99));
        finds(1, "wrong", "Waldur of slurm", "401", "make a new one");
    }

    @Test
    void componentsThatDiffer() {
        site.waldur.changeComponent(site.offering, "cpu", "measured_unit", "hours");
        finds(2, "warning", "components of slurm", "cpu differs: measured_unit hours -> k-Hours", "load-components");
    }

    @Test
    void slurmdbdIsAway() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("show"), 1, "sacctmgr: error: Problem talking to the database: Connection refused").times(99));
        finds(1, "wrong", "slurmdbd of slurm", "Connection refused", "slurmdbd");
        assertThat(diagnostics().out()).as("slurmctld is asked, too").containsPattern("good +slurmctld of slurm");
    }

    @Test
    void slurmctldIsAway() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("squeue"), 1, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)").times(99));
        finds(1, "wrong", "slurmctld of slurm", "Unable to contact slurm controller", "Run the command by hand");
    }

    @Test
    void whoMayNotSeeAll() {
        site.property("agent.root", "false").property("agent.user", "agent");
        site.slurm.caller("agent", AdminLevel.NONE);
        finds(1, "wrong", "slurmdbd of slurm", "may not see all", "");
    }

    @Test
    void ourClockIsWrong() {
        site.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-7)));
        finds(1, "wrong", "clock of slurm", "differ by 4", "timedatectl");
    }
}
