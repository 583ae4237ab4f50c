package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

/** Members and home directories of new allocations, when something goes wrong after the order has ended. */
class NewMembersTest extends SiteTest {
    private List<Path> remembered() throws IOException {
        Path folder = site.stateDir().resolve("new-allocations").resolve(site.offering);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static WaldurFault noTeam() {
        return WaldurFault.answer(r -> r.path().endsWith("/team/"), 404, "{\"detail\": \"Not found.\"}");
    }

    private static SlurmFault refused(String user) {
        return SlurmFault.fail(argv -> argv.contains("user") && argv.contains("add") && argv.toString().contains(user), 1, " no such user");
    }

    @Test
    void whatFailsAfterTheOrderBacksOffAndItsLetterGoesWhenTheMembersAreThere() throws IOException {
        String order = create("One");
        site.waldur.inject(noTeam());
        assertThat(site.cycleOfService()).isEqualTo(1);
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
        assertThat(site.deadLetters()).singleElement().asString().contains(order, "/team/", "404");

        int requests = site.waldur.requests().size();
        int commands = site.slurm.commands().size();
        assertThat(site.cycleOfService()).isZero();
        assertThat(site.waldur.requests().stream().skip(requests).map(request -> request.path())).as("it backs off; a new process sees once whether the offering is there")
                .containsExactly("marketplace-orders/", "marketplace-provider-offerings/" + site.offering + "/");
        assertThat(site.slurm.commands()).hasSize(commands);

        assertThat(site.cycle()).as("--once does not wait").isZero();
        assertThat(site.associations()).contains("hpc_one|alice|", "hpc_one|dave|");
        assertThat(site.deadLetters()).isEmpty();
        assertThat(remembered()).isEmpty();
    }

    @Test
    void oneWhoIsRefusedKeepsNobodyElseAndNoOtherAllocationWaiting() throws IOException {
        String one = create("One");
        create("Two");
        site.waldur.join(site.offering, "proj-1", "mallory");
        site.slurm.inject(refused("mallory").times(1));
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add") && argv.contains("mallory") && argv.contains("account=hpc_one"), 1, " no such user"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.associations()).contains("hpc_one|alice|", "hpc_one|dave|", "hpc_two|alice|", "hpc_two|mallory|").doesNotContain("hpc_one|mallory|");
        assertThat(site.deadLetters()).singleElement().asString().contains("\"orders\" : \"" + one + "\"", "mallory");
        assertThat(remembered()).hasSize(1);
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_one|mallory|");
        assertThat(site.deadLetters()).isEmpty();
        assertThat(remembered()).isEmpty();
    }

    @Test
    void anAllocationThatIsGoneIsForgotten() throws IOException {
        String order = create("One");
        site.waldur.inject(noTeam().times(1_000));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(remembered()).hasSize(1);
        site.slurm.run("sacctmgr", "--immediate", "remove", "account", "where", "name=hpc_one");
        assertThat(site.associations()).doesNotContain("hpc_one||cpu=600000");
        assertThat(site.cycle()).isZero();
        assertThat(remembered()).isEmpty();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
    }

    @Test
    void nobodyIsAddedToAnAccountThatIsAnothersByNow() throws IOException {
        create("One");
        site.waldur.inject(noTeam());
        assertThat(site.cycle()).isEqualTo(1);
        site.slurm.run("sacctmgr", "--immediate", "remove", "account", "where", "name=hpc_one");
        site.slurm.run("sacctmgr", "--immediate", "add", "account", "hpc_one", "parent=root", "description=waldur:" + "e".repeat(32), "organization=x");
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_one||").doesNotContain("hpc_one|alice|");
        assertThat(remembered()).isEmpty();
    }

    @Test
    void aForeignFileStopsNoOrder() throws IOException {
        Path foreign = Files.createDirectories(site.stateDir().resolve("new-allocations").resolve(site.offering)).resolve("x.json");
        Files.writeString(foreign, "{\"order\": ");
        Files.writeString(Files.createDirectories(site.stateDir().resolve("dead-letters")).resolve("x.json"), "{\"orders\": \"x\"");
        String order = create("One");
        assertThat(site.cycleOfService()).isZero();
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
        assertThat(site.associations()).contains("hpc_one|alice|");
        assertThat(remembered()).containsExactly(foreign);
    }

    @Test
    void aHomeThatCannotBeMadeKeepsNobodyWaiting() throws IOException {
        homes();
        String order = create("One");
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("mkhomedir_helper") && argv.contains("bob"), 1, "no space left"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.waldur.order(order)).containsEntry("state", "done");
        assertThat(site.associations()).contains("hpc_one|bob|", "hpc_one|dave|");
        assertThat(remembered()).isEmpty();
        assertThat(List.of("alice", "carol", "dave")).allSatisfy(user -> assertThat(mode(user)).isEqualTo("rwx------"));
        assertThat(site.slurm.homePath().resolve("bob")).doesNotExist();
        assertThat(site.deadLetters()).singleElement().asString().contains("home of bob", "no space left", "mkhomedir_helper bob 0077");

        create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(mode("bob")).isEqualTo("rwx------");
        assertThat(site.deadLetters()).isEmpty();
        assertThat(homesMade()).containsExactlyInAnyOrder("alice", "bob", "bob", "carol", "dave");
    }

    @Test
    void aMachineThatDoesNotAnswerKeepsNobodyWaiting() throws IOException {
        homes();
        create("One");
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("getent"), 1, "sssd is down"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.associations()).contains("hpc_one|dave|");
        assertThat(remembered()).isEmpty();
        assertThat(homesMade()).isEmpty();
        create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(homesMade()).containsExactlyInAnyOrder("alice", "bob", "carol", "dave");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void homesThatAnEarlierRunDidNotComeToAreMade() throws IOException {
        homes();
        create("One");
        site.property("agent.root", "false");
        site.waldur.inject(noTeam());
        assertThat(site.cycle()).isEqualTo(1);
        site.slurm.run("sacctmgr", "--immediate", "add", "user", "alice,bob,carol,dave", "account=hpc_one", "fairshare=parent");
        site.property("agent.root", "true");
        assertThat(site.cycle()).isZero();
        assertThat(homesMade()).containsExactlyInAnyOrder("alice", "bob", "carol", "dave");
    }

    @Test
    void aHomeBeneathTheBasePathIsNotMadeAgain() throws IOException {
        homes();
        Path base = Files.createDirectories(folder.resolve("other"));
        Files.createDirectories(base.resolve("alice"));
        site.backend("homedir_base_path", base.toString()).backend("default_homedir_umask", "\"027\"");
        create("One");
        assertThat(site.cycle()).isZero();
        assertThat(homesMade()).containsExactlyInAnyOrder("bob", "carol", "dave");
        assertThat(mode("bob")).isEqualTo("rwxr-x---");
    }

    private void homes() {
        site.backend("enable_user_homedir_account_creation", "true").property("agent.root", "true");
    }

    private List<String> homesMade() {
        return site.slurm.commands().stream().filter(c -> c.argv().get(0).equals("mkhomedir_helper")).map(c -> c.argv().get(1)).toList();
    }

    private String mode(String user) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(site.slurm.homePath().resolve(user)));
        } catch (IOException e) {
            return "missing";
        }
    }
}
