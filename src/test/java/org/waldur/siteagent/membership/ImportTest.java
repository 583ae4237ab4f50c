package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmAccount;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.WaldurFault;

/** {@code import}: accounts that are there become those of resources, as the reviewed plan says, and nothing else is changed. */
class ImportTest extends MembershipSite {
    private static String checksum(Site.Said said) {
        Matcher matcher = Pattern.compile("Plan ([0-9a-f]{12}) of import").matcher(said.out());
        assertThat(matcher.find()).as(said.out() + said.err()).isTrue();
        return matcher.group(1);
    }

    private Site.Said apply(String checksum) {
        return site.command("import", "--apply", "--checksum", checksum);
    }

    private String uuid(String order) {
        return (String) site.waldur.resource(order).get("uuid");
    }

    private void backendId(String order, String account) {
        site.customer("marketplace-provider-resources/" + uuid(order) + "/set_backend_id/", "{\"backend_id\": \"" + account + "\"}");
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", account);
    }

    private void describe(String account, String description) {
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=" + account, "set", "description=" + description);
    }

    private String description(String account) {
        return site.slurm.accounts().stream().filter(a -> a.name().equals(account)).map(SlurmAccount::description).findFirst().orElseThrow();
    }

    /** As the Python agent leaves it: the resource's name alone; and Waldur has forgotten it. */
    private void forget(String order, String account) {
        backendId(order, "");
        describe(account, account.replace("hpc_", ""));
    }

    @Test
    void nothingIsImportedWhereEveryResourceHasItsAccount() {
        Site.Said said = site.command("import");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("of import for offering slurm: nothing to do");
    }

    @Test
    void anAccountThatIsCalledAsTheAgentWouldCallItIsMarkedAndTold() {
        forget(order, "hpc_one");
        site.slurm.run("sacctmgr", "-i", "add", "user", "name=mallory", "account=hpc_one");
        site.waldur.leave("proj-1", "bob");
        List<String> associations = site.associations();
        int commands = site.slurm.commands().size();
        int requests = site.waldur.requests().size();
        Site.Said plan = site.command("import");
        assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(2);
        assertThat(plan.out()).contains("+ mark account hpc_one as that of resource " + uuid(order), "'one waldur:" + uuid(order) + "'", "as the Python agent writes it",
                "+ tell Waldur account hpc_one as backend_id", "beneath hpc_proj-1, as an account of its project would be", "users in it: alice, bob, carol, dave, mallory",
                "membership_sync would then remove bob, mallory from account hpc_one", "import --apply --checksum " + checksum(plan));
        assertThat(writes(commands)).as("nothing is written by looking").isEmpty();
        assertThat(told(requests)).isEmpty();
        assertThat(site.stateDir()).doesNotExist();

        Site.Said applied = apply(checksum(plan));
        assertThat(applied.code()).as(applied.err() + site.deadLetters()).isZero();
        assertThat(description("hpc_one")).isEqualTo("one waldur:" + uuid(order));
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "hpc_one");
        assertThat(site.associations()).as("limits and users stay").isEqualTo(associations);
        assertThat(writes(commands)).hasSize(1);
        assertThat(told(requests)).containsExactly("POST marketplace-provider-resources/" + uuid(order) + "/set_backend_id/");
        assertThat(site.command("import").code()).as("nothing is left").isZero();
        assertThat(apply(checksum(plan)).code()).as("and it is no plan any more").isEqualTo(1);
        assertThat(sync()).as("its members are looked after now").isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
    }

    @Test
    void everyWriteStandsInTheAuditWithItsPlan() throws IOException {
        forget(order, "hpc_one");
        String checksum = checksum(site.command("import"));
        assertThat(apply(checksum).code()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(site.stateDir().resolve("audit.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines.get(0).path("plan").path("changes").get(0).path("kind").asText()).isEqualTo("mark-account");
        assertThat(lines).hasSize(5).filteredOn(line -> line.path("when").asText().equals("after")).hasSize(2)
                .allSatisfy(line -> assertThat(line.path("plan").asText()).isEqualTo(checksum));
        assertThat(lines.get(1).path("why").asText()).contains("called as the agent would call it");
    }

    @Test
    void thePlanThatHasChangedIsNotCarriedOut() {
        forget(order, "hpc_one");
        String checksum = checksum(site.command("import"));
        site.slurm.run("sacctmgr", "-i", "add", "user", "name=mallory", "account=hpc_one");
        int commands = site.slurm.commands().size();
        Site.Said applied = apply(checksum);
        assertThat(applied.code()).isEqualTo(1);
        assertThat(applied.err()).contains("no plan is " + checksum + " now", "of offering slurm");
        assertThat(writes(commands)).isEmpty();
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "");
    }

    @Test
    void anAccountThatCarriesTheUuidIsOnlyToldAndABackendIdOfAHandMadeAccountOnlyMarked() {
        backendId(order, "hpc_gone");
        String other = site.allocation("Two", Map.of("cpu", 10));
        site.slurm.run("sacctmgr", "-i", "add", "account", "name=physics", "parent=root", "description=Physics Dept", "organization=hpc");
        describe("hpc_two", "two");
        backendId(other, "physics");
        Site.Said plan = site.command("import");
        assertThat(plan.out()).contains("+ tell Waldur account hpc_one", "'hpc_gone' as its backend_id, which does not exist", "+ mark account physics", "touches it only with the marker",
                "an account of its project would be beneath hpc_proj-1", "= leave account hpc_two, which matches no resource").doesNotContain("mark account hpc_one", "tell Waldur account physics");
        assertThat(apply(checksum(plan)).code()).isZero();
        assertThat(description("physics")).isEqualTo("physics dept waldur:" + uuid(other));
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "hpc_one");
        assertThat(site.command("import").code()).as("an account that matches nothing needs nobody").isZero();
    }

    @Test
    void whatIsNotCertainIsHeldWithWhatToDo() {
        forget(order, "hpc_one");
        describe("hpc_one", "one waldur:" + "ab".repeat(16));
        Site.Said held = site.command("import");
        assertThat(held.code()).as(held.out()).isEqualTo(3);
        assertThat(held.out()).contains("= give resource " + uuid(order) + " no account", "says waldur:" + "ab".repeat(16), "sacctmgr modify account where name=hpc_one set description=\"TEXT waldur:" + uuid(order) + "\"")
                .as("what is above it is no riddle").doesNotContain("matches no resource");
        site.slurm.run("sacctmgr", "-i", "add", "account", "name=hpc_below", "parent=hpc_one", "description=x", "organization=hpc");
        describe("hpc_one", "one");
        assertThat(site.command("import").out()).contains("has accounts beneath it (hpc_below)");
        site.slurm.run("sacctmgr", "-i", "remove", "account", "where", "name=hpc_below");
        site.slurm.run("sacctmgr", "-i", "remove", "user", "where", "name=alice,bob,carol,dave", "account=hpc_one");
        site.slurm.run("sacctmgr", "-i", "remove", "account", "where", "name=hpc_one");
        assertThat(site.command("import").out()).contains("has no account that is called as one of it would be, hpc_one");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** A description is the site's own text: all of it stays, or nothing is written. */
    @Test
    void aDescriptionStaysOrTheImportIsHeld() throws IOException {
        forget(order, "hpc_one");
        describe("hpc_one", "größte `straße`, " + "x".repeat(120));
        assertThat(apply(checksum(site.command("import"))).code()).isZero();
        assertThat(description("hpc_one")).isEqualTo("größte `straße`, " + "x".repeat(120) + " waldur:" + uuid(order));

        forget(order, "hpc_one");
        describe("hpc_one", "physics\\chemistry");
        Site.Said held = site.command("import");
        assertThat(held.code()).isEqualTo(3);
        assertThat(held.out()).contains("the description of account hpc_one has quotes in it", "set description=\"TEXT waldur:" + uuid(order));
        assertThat(description("hpc_one")).isEqualTo("physics\\chemistry");
    }

    @Test
    void oneThatFailsHarmsNoOtherAndIsDoneByTheNextRun() {
        String two = site.allocation("Two", Map.of("cpu", 10));
        forget(order, "hpc_one");
        forget(two, "hpc_two");
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("modify") && argv.contains("name=hpc_one"), 1, " Problem talking to the database"));
        Site.Said applied = apply(checksum(site.command("import")));
        assertThat(applied.code()).isEqualTo(1);
        assertThat(site.waldur.resource(two)).containsEntry("backend_id", "hpc_two");
        assertThat(site.waldur.resource(order)).as("Waldur is told of no account that is not marked").containsEntry("backend_id", "");
        assertThat(site.deadLetters()).singleElement().asString().contains("import of account hpc_one", "waldur-site-agent import");
        assertThat(apply(checksum(site.command("import"))).code()).isZero();
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "hpc_one");
        assertThat(site.deadLetters()).as("it is of the past").isEmpty();
    }

    @Test
    void aPartIsChosenByAccount() {
        String two = site.allocation("Two", Map.of("cpu", 10));
        forget(order, "hpc_one");
        forget(two, "hpc_two");
        Site.Said part = site.command("import", "--only", "account=hpc_two");
        assertThat(part.out()).contains("hpc_two").doesNotContain("account hpc_one");
        assertThat(site.command("import", "--only", "account=hpc_two", "--apply", "--checksum", checksum(part)).code()).isZero();
        assertThat(site.waldur.resource(two)).containsEntry("backend_id", "hpc_two");
        assertThat(site.waldur.resource(order)).containsEntry("backend_id", "");
        assertThat(site.command("import", "--apply").code()).isEqualTo(64);
        assertThat(site.command("import", "--checksum", "0123456789ab").err()).contains("--apply --checksum 0123456789ab");
        assertThat(site.command("import", "--only", "kind=mark-account").err()).contains("--only account=NAME");
    }

    @Test
    void whereWaldurCannotBeReadNothingIsMatched() {
        forget(order, "hpc_one");
        site.property("waldur.retries", "0");
        site.waldur.inject(WaldurFault.answer(request -> request.path().contains("provider-resources"), 500, "").times(99));
        Site.Said said = site.command("import");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).doesNotContain("Plan ");
    }
}
