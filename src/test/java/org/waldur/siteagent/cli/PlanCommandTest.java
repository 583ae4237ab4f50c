package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.membership.MembershipSite;

/** {@code plan} and {@code apply}: what is shown is what is done, and nothing else. */
class PlanCommandTest extends MembershipSite {
    private static String checksum(String text) {
        Matcher matcher = Pattern.compile("Plan ([0-9a-f]{12}) of membership_sync").matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private void threeLeave() {
        List.of("alice", "bob", "carol").forEach(user -> site.waldur.leave("proj-1", user));
        site.waldur.leave("proj-1", "dave");
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
    }

    @Test
    void nothingToDoIsZeroChangesAreTwoAndWhatIsHeldThree() {
        sync();
        assertThat(site.command("plan", "-m", "membership_sync").code()).isZero();
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        Site.Said changes = site.command("plan", "-m", "membership_sync");
        assertThat(changes.code()).isEqualTo(2);
        assertThat(changes.out()).contains("+ add erin to account hpc_one", "because they are on the team");
        site.waldur.leave("proj-1", "erin");
        List.of("alice", "bob", "carol", "dave").forEach(user -> site.waldur.leave("proj-1", user));
        Site.Said held = site.command("plan", "-m", "membership_sync");
        assertThat(held.code()).isEqualTo(3);
        assertThat(held.out()).contains("= do not remove alice, bob, carol, dave from account hpc_one", "the team is empty");
    }

    /** What a change says of itself must not be in the way of what it is called. */
    @Test
    void everyChangeHasItsKind() throws IOException {
        site.waldur.create(site.offering, "Two", "proj-1", "cust-1", Map.of("cpu", 10));
        List<String> kinds = new ObjectMapper().readTree(site.command("plan", "-m", "order_process", "--format", "json").out()).get(0).findValuesAsText("kind");
        assertThat(kinds).containsExactly("approve-order", "create-account", "report-backend-id", "finish-order", "populate-account");
    }

    @Test
    void exactlyThePlanThatWasReviewedIsCarriedOutWithWhatItHolds() {
        sync();
        threeLeave();
        assertThat(sync()).as("held, with a letter").isEqualTo(1);
        assertThat(users("hpc_one")).containsExactly("alice", "bob", "carol", "dave", "erin");
        assertThat(site.deadLetters()).singleElement().asString().contains("nobody of the 4 users", "apply -m membership_sync --checksum");
        String checksum = checksum(site.command("plan", "-m", "membership_sync").out());
        Site.Said applied = site.command("apply", "--checksum", checksum);
        assertThat(applied.code()).as(applied.err()).isZero();
        assertThat(users("hpc_one")).containsExactly("erin");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aPlanWhoseFactsHaveMovedIsNotCarriedOut() {
        sync();
        threeLeave();
        String checksum = checksum(site.command("plan", "-m", "membership_sync").out());
        site.waldur.join(site.offering, "proj-1", "alice");
        int commands = site.slurm.commands().size();
        Site.Said applied = site.command("apply", "--checksum", checksum);
        assertThat(applied.code()).isEqualTo(1);
        assertThat(applied.err()).contains("no plan is " + checksum + " now", "membership_sync of offering slurm");
        assertThat(writes(commands)).isEmpty();
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aPartOfAPlanHasAChecksumOfItsOwn() throws Exception {
        sync();
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        site.waldur.leave("proj-1", "bob");
        Site.Said part = site.command("plan", "--only", "kind=add-users", "--format", "json");
        assertThat(part.code()).isEqualTo(2);
        JsonNode plan = new ObjectMapper().readTree(part.out()).get(0);
        List<String> kinds = new ArrayList<>();
        plan.path("changes").forEach(change -> kinds.add(change.path("kind").asText()));
        assertThat(kinds).containsExactly("add-users");
        assertThat(plan.path("changes").get(0).path("concerns").get(0).asText()).isEqualTo("account hpc_one");
        assertThat(site.command("apply", "--only", "kind=add-users", "--checksum", plan.path("checksum").asText()).code()).isZero();
        assertThat(users("hpc_one")).contains("bob", "erin");
        assertThat(site.command("plan", "--only", "account=hpc_two", "-m", "membership_sync").code()).isZero();
    }

    @Test
    void whatIsNoChecksumOrNoPartIsAMistakeOfTheCommandLine() {
        assertThat(site.command("apply", "--checksum", "now")).satisfies(said -> {
            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err()).contains("twelve digits");
        });
        assertThat(site.command("plan", "--only", "kind=add").err()).contains("there is no kind 'add'", "add-users");
        assertThat(site.command("plan", "--only", "hpc_one").err()).contains("account=NAME");
        assertThat(site.command("plan", "-m", "report", "--only", "account=hpc_one").err()).contains("chooses from order_process and membership_sync only");
    }

    @Test
    void anAccountThatIsGoneIsMadeAgainByCommand() {
        site.allocation("Two", Map.of("cpu", 10));
        sync();
        site.slurm.run("sacctmgr", "-i", "remove", "user", "where", "name=alice,bob,carol,dave", "account=hpc_one");
        site.slurm.run("sacctmgr", "-i", "remove", "account", "where", "name=hpc_one");
        assertThat(site.command("plan", "-m", "membership_sync").out()).contains("= leave account hpc_one as it is", "plan --recreate shows");
        Site.Said plan = site.command("plan", "-m", "membership_sync", "--recreate");
        assertThat(plan.out()).contains("+ create account hpc_one beneath hpc_proj-1 with GrpTRESMins cpu=600000", "+ add alice, bob, carol, dave to account hpc_one");
        Site.Said applied = site.command("apply", "-m", "membership_sync", "--recreate", "--checksum", checksum(plan.out()));
        assertThat(applied.code()).as(applied.err()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "bob", "carol", "dave");
    }

    @Test
    void whoWasHeldDoesNotGoBecauseManyOthersHaveJoinedMeanwhile() {
        sync();
        List.of("alice", "bob", "carol", "dave").forEach(user -> site.waldur.leave("proj-1", user));
        for (int i = 0; i < 20; i++) {
            site.slurm.addLinuxUsers("new" + i);
            site.waldur.join(site.offering, "proj-1", "new" + i);
        }
        assertThat(sync()).isEqualTo(1);
        assertThat(users("hpc_one")).as("additions go on").hasSize(24);
        assertThat(sync()).as("4 of 24 would be few enough").isEqualTo(1);
        assertThat(users("hpc_one")).hasSize(24);
        String plan = site.command("plan", "-m", "membership_sync").out();
        assertThat(plan).contains("the removal of alice, bob, carol, dave was held in an earlier cycle");
        assertThat(site.command("apply", "-m", "membership_sync", "--checksum", checksum(plan)).code()).isZero();
        assertThat(users("hpc_one")).hasSize(20);
        assertThat(sync()).isZero();
        assertThat(site.stateDir().resolve("held").resolve(site.offering + ".json")).doesNotExist();
    }
}
