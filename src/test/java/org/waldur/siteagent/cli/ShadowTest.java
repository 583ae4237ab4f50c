package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.membership.MembershipSite;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmFault;

/** {@code shadow}: beside another agent it writes nothing, and tells what stays different from what the other settles by itself. */
class ShadowTest extends MembershipSite {
    private void nothingIsWritten(int commands, int requests) {
        assertThat(writes(commands)).isEmpty();
        assertThat(site.slurm.commands().stream().skip(commands).map(SlurmCommand::argv).filter(argv -> !argv.contains("-i") && argv.stream().anyMatch(word -> word.endsWith("sacctmgr"))))
                .as("slurmdbd itself is told").isNotEmpty().allSatisfy(argv -> assertThat(argv).contains("--readonly"));
        assertThat(told(requests)).isEmpty();
        assertThat(site.stateDir()).doesNotExist();
    }

    @Test
    void aDifferenceIsNamedOnceItHasStoodAndAgainWhenItIsGone() {
        try (Site.Shadowing shadow = site.shadow(2)) {
            shadow.look(Mode.MEMBERSHIP_SYNC);
            shadow.look(Mode.MEMBERSHIP_SYNC);
            site.slurm.addLinuxUsers("erin", "frank");
            site.waldur.join(site.offering, "proj-1", "erin");
            site.waldur.join(site.offering, "proj-1", "frank");
            int commands = site.slurm.commands().size();
            int requests = site.waldur.requests().size();
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).contains("0 new, 0 gone; 2 too young to be named, 0 settled").doesNotContain("erin");
            site.slurm.run("sacctmgr", "-i", "add", "user", "name=frank", "account=hpc_one");
            String second = shadow.look(Mode.MEMBERSHIP_SYNC);
            assertThat(second).as("the other agent has added one of them meanwhile").contains("slurm new:  + add erin to account hpc_one", "because they are on the team", "1 new", "1 settled")
                    .doesNotContain("add frank");
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).as("with the backend metadata, which nobody sets").doesNotContain("erin").contains("2 changes as before, 0 new, 0 gone");
            site.slurm.run("sacctmgr", "-i", "add", "user", "name=erin", "account=hpc_one");
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).contains("slurm gone: + add erin to account hpc_one", "1 changes as before, 0 new, 1 gone");
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).doesNotContain("erin");
            nothingIsWritten(commands, requests);
        }
    }

    @Test
    void whatCannotBeReadIsNotGone() {
        try (Site.Shadowing shadow = site.shadow(1)) {
            site.slurm.addLinuxUsers("erin");
            site.waldur.join(site.offering, "proj-1", "erin");
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).contains("new:  + add erin");
            site.slurm.inject(SlurmFault.fail(argv -> argv.contains("show"), 1, " Problem talking to the database").times(99));
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).contains("0 new, 0 gone", "NOT EVERYTHING COULD BE READ").doesNotContain("0 changes as before");
            site.slurm.calm();
            assertThat(shadow.look(Mode.MEMBERSHIP_SYNC)).contains("0 new, 0 gone").doesNotContain("erin", "COULD BE READ");
            assertThat(site.stateDir()).doesNotExist();
        }
    }

    @Test
    void anOrderThatTheOtherAgentCarriesOutIsOnlyCounted() {
        try (Site.Shadowing shadow = site.shadow(2)) {
            site.waldur.create(site.offering, "Two", "proj-1", "cust-1", Map.of("cpu", 1));
            String first = shadow.look(Mode.ORDER_PROCESS);
            assertThat(first).contains("0 new").doesNotContain("0 too young");
            assertThat(site.cycle()).as("the other agent").isZero();
            assertThat(shadow.look(Mode.ORDER_PROCESS)).contains("0 changes as before, 0 new, 0 gone; 0 too young").doesNotContain("0 settled");
        }
    }

    @Test
    void onceSaysAllAtOnceWithTheCodesOfAPlan() {
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        int commands = site.slurm.commands().size();
        int requests = site.waldur.requests().size();
        Site.Said said = site.command("shadow", "--once", "-m", "membership_sync,order_process");
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
        assertThat(said.out()).contains("membership_sync slurm new:  + add erin to account hpc_one", "order_process: 0 changes as before");
        Site.Said json = site.command("shadow", "--once", "-m", "membership_sync", "--format", "json");
        assertThat(json.out().lines().filter(line -> line.contains("\"event\":\"new\""))).anyMatch(line -> line.contains("add erin"));
        assertThat(json.out().lines()).last().asString().contains("\"event\":\"cycle\"", "\"whole\":true", "\"mode\":\"membership_sync\"");
        nothingIsWritten(commands, requests);
        assertThat(site.command("shadow", "--once", "-m", "order_process").code()).isZero();
        assertThat(site.command("shadow", "--patience", "0").code()).isEqualTo(64);
        assertThat(site.command("shadow", "-m", "all").err()).contains("there is no mode 'all'");
    }

    @Test
    void itLooksAgainEachPeriodUntilItIsToldToStop() throws Exception {
        site.waldur.create(site.offering, "Two", "proj-1", "cust-1", Map.of("cpu", 1));
        int commands = site.slurm.commands().size();
        int requests = site.waldur.requests().size();
        Process shadow = site.commandProcess("shadow", "-m", "order_process");
        try {
            for (long since = System.nanoTime(); Files.readString(site.log()).lines().filter(line -> line.contains("order_process: ")).count() < 3;) {
                assertThat(shadow.isAlive()).as(Files.readString(site.log())).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - since)).as("three cycles").isLessThan(Duration.ofMinutes(2));
                Thread.sleep(50);
            }
            shadow.destroy();
            assertThat(shadow.waitFor(20, TimeUnit.SECONDS)).as("told to stop, it stops").isTrue();
        } finally {
            shadow.destroyForcibly();
        }
        assertThat(Files.readString(site.log()).lines().filter(line -> line.contains("new:  + create account hpc_two"))).as("named once").hasSize(1);
        nothingIsWritten(commands, requests);
    }
}
