package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.Site.Said;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

/** {@code create-homedirs}, and what {@code check} says of home directories. */
class CreateHomedirsTest extends SiteTest {
    @BeforeEach
    void wanted() {
        site.backend("enable_user_homedir_account_creation", "true").property("agent.root", "true");
    }

    private Path home(String user) {
        return site.slurm.homePath().resolve(user);
    }

    private long ran(String program) {
        return site.slurm.commands().stream().filter(c -> c.argv().get(0).equals(program)).count();
    }

    @Test
    void showsWhatIsMissingThenMakesItThenThereIsNothingToDo() throws IOException {
        Files.createDirectories(home("carol"));
        Said dry = site.command("create-homedirs", "--dry-run");
        assertThat(dry.code()).isEqualTo(2);
        assertThat(dry.out()).isEqualTo("Home directories of offering slurm: 3 to make, 1 is there\n  + alice: " + home("alice") + "\n  + bob: " + home("bob")
                + "\n  + dave: " + home("dave") + "\n");
        assertThat(home("alice")).doesNotExist();
        assertThat(site.stateDir()).doesNotExist();
        assertThat(site.waldur.requests()).hasSize(1);

        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home("alice")))).isEqualTo("rwx------");
        assertThat(ran("mkhomedir_helper")).isEqualTo(3);
        assertThat(site.command("create-homedirs").code()).isZero();
        Said again = site.command("create-homedirs", "--dry-run");
        assertThat(again.code()).isZero();
        assertThat(again.out()).isEqualTo("Home directories of offering slurm: nothing to do, 4 are there\n");
        assertThat(ran("mkhomedir_helper")).isEqualTo(3);
        assertThat(ran("sacctmgr")).isZero();
        assertThat(site.waldur.requests()).hasSize(4).allMatch(r -> r.method().equals("GET") && r.path().equals("marketplace-offering-users/"));
    }

    @Test
    void onlyWhoIsOkAndNotRestrictedGetsOne() {
        site.waldur.changeOfferingUser("alice", "is_restricted", true);
        site.waldur.changeOfferingUser("bob", "state", "Deleting");
        site.waldur.join(site.offering, "proj-1", "");
        site.waldur.join(site.offering, "proj-1", "not a name");
        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(List.of("carol", "dave")).allSatisfy(user -> assertThat(home(user)).isDirectory());
        assertThat(List.of("alice", "bob", "not a name")).allSatisfy(user -> assertThat(home(user)).doesNotExist());
    }

    @Test
    void whomTheMachineDoesNotKnowIsNoFailure() {
        site.waldur.join(site.offering, "proj-1", "mallory");
        Said said = site.command("create-homedirs");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("4 to make", "  - mallory: none, because this machine does not know him (getent passwd)\n");
        assertThat(home("mallory")).doesNotExist();
        assertThat(site.command("create-homedirs", "--dry-run").code()).isZero();
    }

    @Test
    void aHomeThatCannotBeMadeKeepsNobodyWaiting() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("mkhomedir_helper") && argv.contains("bob"), 1, "no space left"));
        assertThat(site.command("create-homedirs").code()).isEqualTo(1);
        assertThat(List.of("alice", "carol", "dave")).allSatisfy(user -> assertThat(home(user)).isDirectory());
        assertThat(site.deadLetters()).singleElement().asString().contains("home of bob", "no space left", "waldur-site-agent create-homedirs");
        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(home("bob")).isDirectory();
        assertThat(site.deadLetters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neitherWaldurNorTheMachineIsTakenForAnEmptyOne(boolean waldur) {
        if (waldur) {
            site.waldur.inject(WaldurFault.answer(r -> true, 403, "{\"detail\": \"no\"}"));
        } else {
            site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("getent"), 1, "sssd is down"));
        }
        Said said = site.command("create-homedirs");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(ran("mkhomedir_helper")).isZero();
        assertThat(site.deadLetters()).singleElement().asString().contains("home directories of offering " + site.offering);
        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(home("alice")).isDirectory();
    }

    @Test
    void manyAreAskedForWithFewCommandsAndHandedOver() throws IOException {
        site.property("agent.root", "false");
        Files.writeString(site.homedirUnit(), "");
        List<String> users = IntStream.range(0, 1_200).mapToObj(i -> "user" + i).toList();
        site.slurm.addLinuxUsers(users.toArray(String[]::new));
        users.forEach(user -> site.waldur.join(site.offering, "proj-1", user));
        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(ran("getent")).isEqualTo(3);
        assertThat(ran("mkhomedir_helper")).isZero();
        assertThat(site.waldur.requests()).hasSize(13);
        try (var files = Files.list(site.stateDir().resolve("homedirs"))) {
            assertThat(files).hasSize(1_204);
        }
        assertThat(site.stateDir().resolve("homedirs/user1199")).content().isEqualTo("0077");
    }

    @Test
    void oneAnswerThatIsMissingMakesAllOfThemUnknown() {
        List<String> users = IntStream.range(0, 600).mapToObj(i -> "user" + i).toList();
        users.forEach(user -> site.waldur.join(site.offering, "proj-1", user));
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("getent") && argv.contains("user599"), 1, "sssd is down"));
        assertThat(site.command("create-homedirs").code()).isEqualTo(1);
        assertThat(home("alice")).doesNotExist();
    }

    @Test
    void whereNobodyMakesThemThePlanSaysSoAndItFails() {
        site.property("agent.root", "false");
        Said dry = site.command("create-homedirs", "--dry-run");
        assertThat(dry.code()).isEqualTo(2);
        assertThat(dry.out()).contains("4 to make", "Nobody makes home directories: we are not root, and waldur-agent-homedirs.path is not enabled.");
        assertThat(site.command("create-homedirs").code()).isEqualTo(1);
        assertThat(site.deadLetters()).singleElement().asString().contains("waldur-agent-homedirs.path is not enabled");
        site.property("agent.root", "true");
        assertThat(site.command("create-homedirs").code()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void anOfferingThatWantsNoneOrHasNoUsersHereIsLeftOut() {
        site.backend("enable_user_homedir_account_creation", "false");
        Said none = site.command("create-homedirs");
        assertThat(none.code()).isZero();
        assertThat(none.out()).isEqualTo("Home directories of offering slurm: none are made, because enable_user_homedir_account_creation is false\n");
        site.backend("enable_user_homedir_account_creation", "true").offering("reporting_backend", "slurm");
        assertThat(site.command("create-homedirs").out()).contains("none are made, because it has neither orders nor members here");
        assertThat(site.waldur.requests()).isEmpty();
        assertThat(site.command("create-homedirs", "--offering", "other").code()).isEqualTo(64);
    }

    @Test
    void checkWarnsWhereNobodyMakesThemAndIsStillGood() throws IOException {
        assertThat(site.command("check").err()).doesNotContain("home");
        site.property("agent.root", "false");
        Said said = site.command("check");
        assertThat(said.code()).isZero();
        assertThat(said.err()).contains("warning: Nobody makes home directories", "waldur-agent-homedirs.path", "enable_user_homedir_account_creation: false");
        Files.writeString(site.homedirUnit(), "");
        assertThat(site.command("check").err()).doesNotContain("home");
        site.backend("default_homedir_umask", "\"0002\"");
        assertThat(site.command("check").err()).contains("warning: default_homedir_umask 0002 lets others write");
        Files.delete(site.homedirUnit());
        site.backend("enable_user_homedir_account_creation", "false");
        assertThat(site.command("check").err()).doesNotContain("home");
    }
}
