package org.waldur.siteagent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmUser;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** The shipped routes, unchanged, between the two simulators. */
class OrderRoutesTest extends SiteTest {
    @Test
    void anAllocationLivesFromOrderToTermination() {
        String create = create("One");
        assertThat(site.cycle()).isZero();
        assertThat(state(create)).isEqualTo("done");
        assertThat(site.waldur.resource(create)).containsEntry("backend_id", "hpc_one").containsEntry("state", "OK");
        assertThat(site.associations()).contains("hpc_cust-1||", "hpc_proj-1||", "hpc_one||cpu=600000", "hpc_one|alice|", "hpc_one|dave|");

        String update = site.waldur.update(create, Map.of("cpu", 20.5));
        assertThat(site.cycle()).isZero();
        assertThat(state(update)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_one||cpu=1230000");

        String end = site.waldur.terminate(create);
        assertThat(site.cycle()).isZero();
        assertThat(state(end)).isEqualTo("done");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_"));

        String restore = site.waldur.restore(create, Map.of("cpu", 5));
        assertThat(site.cycle()).isZero();
        assertThat(state(restore)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_one||cpu=300000", "hpc_one|alice|");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void anIdleCycleIsOneRequestAndNoCommand() {
        try (Site.Running agent = site.byHand()) {
            agent.cycle("order-process");
            assertThat(site.waldur.requests()).as("the first one sees whether the offering is there").hasSize(2);
            agent.cycle("order-process");
            assertThat(site.waldur.requests()).hasSize(3);
        }
        assertThat(site.slurm.commands()).isEmpty();
    }

    @Test
    void aDryRunWritesNothingAndSaysWhatItWould() {
        create("One");
        String before = site.world();
        assertThat(site.dryRun()).isEqualTo(2);
        assertThat(site.world()).isEqualTo(before);
        assertThat(site.waldur.requests()).allMatch(r -> r.method().equals("GET"));
        assertThat(site.slurm.commands()).allMatch(c -> c.argv().contains("show"));
        assertThat(String.join("\n", site.printed)).contains("create account hpc_one beneath hpc_proj-1", "add alice, bob, carol, dave");
        assertThat(Files.exists(site.stateDir().resolve("audit.jsonl"))).isFalse();
    }

    @Test
    void twentyOrdersTakeFewCommands() {
        for (int i = 0; i < 20; i++) {
            create("Many " + i);
        }
        assertThat(site.cycle()).isZero();
        assertThat(site.associations().stream().filter(a -> a.endsWith("|dave|"))).hasSize(20);
        assertThat(site.slurm.commands()).hasSizeLessThanOrEqualTo(12);
        assertThat(site.waldur.requests()).hasSizeLessThanOrEqualTo(6 + 20 * 5);
    }

    @Test
    void teamsOfTheirOwnTakeNoMoreCommandsThanOneTeam() {
        for (int i = 0; i < 6; i++) {
            site.waldur.join(site.offering, "own-" + i, "user" + i);
            site.waldur.join(site.offering, "own-" + i, "shared");
            site.waldur.create(site.offering, "Many " + i, "own-" + i, "cust-1", Map.of("cpu", 10));
        }
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_many-0|user0|", "hpc_many-0|shared|", "hpc_many-5|user5|", "hpc_many-5|shared|");
        assertThat(site.slurm.associations()).filteredOn(a -> !a.user().isEmpty() && !a.user().equals("root")).allMatch(a -> a.share().equals("parent"));
        assertThat(site.slurm.users()).noneMatch(u -> u.defaultAccount().isEmpty());
        assertThat(site.slurm.commands()).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void usersThatMayNotBeLoadedAreAddedAccountByAccount() {
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("load"), 1, " Your user does not have sufficient privileges to load files.").times(2));
        for (int i = 0; i < 5; i++) {
            site.waldur.join(site.offering, "own-" + i, "user" + i);
            site.waldur.create(site.offering, "Many " + i, "own-" + i, "cust-1", Map.of("cpu", 10));
        }
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_many-0||cpu=600000", "hpc_many-0|user0|", "hpc_many-4|user4|");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void anOperatorAddsAccountsOneByOne() {
        site.slurm.caller(System.getProperty("user.name"), SlurmUser.AdminLevel.ADMINISTRATOR);
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("load"), 1, " Your user does not have sufficient privileges to load files."));
        for (int i = 0; i < 5; i++) {
            create("Many " + i);
        }
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_many-0||cpu=600000", "hpc_many-4||cpu=600000");
    }

    @Test
    void onePoisonedOrderDelaysNoOther() {
        String bad = create("Bad");
        site.waldur.spoil(bad, "project_slug", "a b\n");
        String negative = site.waldur.create(site.offering, "Negative", "proj-1", "cust-1", Map.of("cpu", -1));
        String good = create("Good");
        site.cycle();
        assertThat(state(good)).isEqualTo("done");
        assertThat(state(bad)).isEqualTo("erred");
        assertThat(state(negative)).isEqualTo("erred");
        assertThat(site.waldur.order(negative).get("error_message").toString()).contains("cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\"y", "x\ny", "a=b", "a,b", "-dash", "a|b", "\uD83D\uDE00", "", "[1-3]", "$(reboot)"})
    void hostileSlugsErrTheirOrderAndRunNoCommandOfTheirs(String slug) {
        String bad = create("Hostile");
        site.waldur.spoilResource(bad, "slug", slug);
        String good = create("Good");
        site.cycle();
        if (slug.equals("-dash")) {
            assertThat(state(bad)).isEqualTo("done");
        } else {
            assertThat(state(bad)).isEqualTo("erred");
        }
        assertThat(state(good)).isEqualTo("done");
        assertThat(site.associations()).contains("root||", "root|root|").doesNotContain("root||cpu=600000");
    }

    @Test
    void hostileNamesOfPeopleAndProjectsAreOneHarmlessLine() {
        String order = create("One");
        site.waldur.spoil(order, "resource_name", "x\" parent=root '|`\n\u0000waldur:" + "f".repeat(32) + "\uD83D\uDE00" + "y".repeat(5000));
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_one||cpu=600000");
        site.waldur.join(site.offering, "proj-1", "-rf");
        site.waldur.join(site.offering, "proj-1", "a,root");
        String two = create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(state(two)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_two|alice|").noneMatch(a -> a.contains("rf") || a.startsWith("hpc_two|root"));
    }

    @Test
    void whatIsNotOursIsNeverTakenOver() {
        site.slurm.run("sacctmgr", "--immediate", "add", "account", "hpc_one", "parent=root", "description=physics", "organization=physics");
        String before = site.slurm.tree();
        String order = create("One");
        site.cycle();
        assertThat(state(order)).isEqualTo("erred");
        assertThat(site.slurm.tree()).isEqualTo(before);
    }

    @Test
    void aTerminationOfSomethingElseIsHeldForTheOperator() {
        String create = create("One");
        site.cycle();
        site.slurm.run("sacctmgr", "--immediate", "add", "account", "physics", "parent=root", "description=physics", "organization=physics");
        site.waldur.spoilResource(create, "backend_id", "physics");
        site.waldur.spoilResource(create, "slug", "other");
        String end = site.waldur.terminate(create);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(end)).isEqualTo("pending-provider");
        assertThat(site.associations()).contains("physics||", "hpc_one||cpu=600000");
        assertThat(site.deadLetters()).singleElement().asString().contains("physics", end);
    }

    @Test
    void theSameTroubleIsOneDeadLetterWithACountAndGoesAwayWithTheOrder() {
        String order = create("One");
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Problem talking to the database").times(2));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).singleElement().asString().contains("\"count\" : 2", "Problem talking", "sacctmgr");
        assertThat(state(order)).isEqualTo("executing");
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void lackOfRightsIsOurTroubleAndNeverTheCustomers() {
        String order = create("One");
        site.slurm.caller("waldur-agent", SlurmUser.AdminLevel.NONE);
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add"), 1, " Access/permission denied"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("executing");
    }

    @Test
    void anAllocationWithJobsGoesWhenTheyAreOver() {
        String create = create("One");
        site.cycle();
        site.slurm.submit("hpc_one", "alice", "RUNNING");
        site.slurm.cancelTime(java.time.Duration.ofSeconds(3));
        site.property("order_process.looks_after_cancel", "1");
        String end = site.waldur.terminate(create);
        assertThat(site.cycle()).isZero();
        assertThat(state(end)).isEqualTo("executing");
        assertThat(site.associations()).contains("hpc_one|alice|");
        site.property("order_process.looks_after_cancel", "10");
        assertThat(site.cycle()).isZero();
        assertThat(state(end)).isEqualTo("done");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_"));
    }

    @Test
    void jobsThatCannotBeCancelledKeepOnlyTheirOwnAllocation() {
        List<String> creates = List.of(create("One"), create("Two"), create("Three"));
        assertThat(site.cycle()).isZero();
        site.slurm.submit("hpc_one", "alice", "RUNNING");
        site.slurm.submit("hpc_two", "alice", "RUNNING");
        List<String> ends = creates.stream().map(site.waldur::terminate).toList();
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("scancel") && argv.contains("--account=hpc_one"), 1, "scancel: error: Socket timed out"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(ends).extracting(this::state).containsExactly("executing", "done", "done");
        assertThat(site.associations()).contains("hpc_one|alice|").noneMatch(a -> a.startsWith("hpc_two") || a.startsWith("hpc_three"));
        assertThat(site.deadLetters()).singleElement().asString().contains(ends.get(0), "Socket timed out").doesNotContain(ends.get(1), ends.get(2));
        assertThat(site.cycle()).isZero();
        assertThat(state(ends.get(0))).isEqualTo("done");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_"));
    }

    @Test
    void whoHasJobsIsAskedOrNothingGoes() {
        List<String> creates = List.of(create("One"), create("Two"));
        assertThat(site.cycle()).isZero();
        List<String> ends = creates.stream().map(site.waldur::terminate).toList();
        site.slurm.inject(SlurmFault.fail(argv -> argv.get(0).equals("squeue"), 1, "slurm_load_jobs error: Unable to contact slurm controller"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(ends).extracting(this::state).containsOnly("executing");
        assertThat(site.associations()).contains("hpc_one|alice|", "hpc_two|alice|");
        assertThat(site.cycle()).isZero();
        assertThat(ends).extracting(this::state).containsOnly("done");
    }

    @Test
    void aMissingLimitIsHeldNotUnlimited() {
        String order = site.waldur.create(site.offering, "One", "proj-1", "cust-1", new HashMap<>());
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(order)).isEqualTo("pending-provider");
        assertThat(site.associations()).noneMatch(a -> a.startsWith("hpc_"));
        site.backend("missing_limit", "zero");
        assertThat(site.cycle()).isZero();
        assertThat(site.associations()).contains("hpc_one||cpu=0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSwitchOfPlanChangesNoLimitsAndIsFinished(boolean old) throws IOException {
        if (old) {
            site.close();
            site = new Site(folder.resolve("old"), WaldurSimulator.startOld(3), "");
        }
        site.backend("missing_limit", "unlimited");
        String create = create("One");
        assertThat(site.cycle()).isZero();
        Object plan = site.waldur.resource(create).get("plan_uuid");
        String order = site.waldur.switchPlan(create);
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
        assertThat(site.associations()).contains("hpc_one||cpu=600000");
        assertThat(site.waldur.resource(create)).containsEntry("state", "OK").containsEntry("limits", Map.of("cpu", 10));
        assertThat(site.waldur.resource(create).get("plan_uuid")).isEqualTo(site.waldur.order(order).get("plan_uuid")).isNotEqualTo(plan);
        String again = site.waldur.update(create, Map.of());
        assertThat(site.cycle()).isZero();
        assertThat(state(again)).isEqualTo("done");
        assertThat(site.associations()).as("the same plan, so no limit is an unlimited one").contains("hpc_one||");
    }

    @Test
    void aResourceThatCannotBeReadHarmsNoOther() {
        String known = create("Known");
        assertThat(site.cycle()).isZero();
        String broken = site.waldur.update(known, Map.of("cpu", 20));
        String good = create("Good");
        site.waldur.spoilResource(known, "uuid", null);
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(state(good)).isEqualTo("done");
        assertThat(state(broken)).isEqualTo("pending-provider");
        assertThat(site.associations()).contains("hpc_known||cpu=600000", "hpc_good||cpu=600000");
        assertThat(site.deadLetters()).singleElement().asString().contains(broken, "not a uuid");
    }

    @Test
    void restrictedPeopleAndPeopleWithoutUsernameAreNotAdded() {
        site.waldur.join(site.offering, "proj-1", "");
        site.waldur.changeOfferingUser("bob", "is_restricted", true);
        site.waldur.changeOfferingUser("carol", "state", "Deleting");
        create("One");
        assertThat(site.cycle()).isZero();
        assertThat(site.associations().stream().filter(a -> a.startsWith("hpc_one|"))).containsExactlyInAnyOrder("hpc_one||cpu=600000", "hpc_one|alice|", "hpc_one|dave|");
    }

    @Test
    void nobodyIsEverAddedToRoot() {
        create("One");
        site.cycle();
        assertThat(site.slurm.commands()).noneMatch(c -> String.join(" ", c.argv()).contains("DefaultAccount="));
        assertThat(site.associations().stream().filter(a -> a.startsWith("root|"))).containsExactlyInAnyOrder("root||", "root|root|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Bad gateway</html>", "", "[{\"uuid\": \"tru", "{}", "null", "[1, 2]"})
    void anAnswerThatIsNoListIsNoEmptyList(String body) {
        String order = create("One");
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-orders/"), 200, body).times(4));
        site.cycle();
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        String order = create("One");
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-orders/"), 200, "[" + " ".repeat(50 << 20) + "]"));
        assertThat(site.cycle()).isEqualTo(1);
        assertThat(site.deadLetters()).singleElement().asString().contains("8 MB");
        assertThat(site.cycle()).isZero();
        assertThat(state(order)).isEqualTo("done");
    }

    @Test
    void theTokenIsNowhere() throws IOException {
        create("One");
        site.waldur.inject(WaldurFault.answer(r -> r.path().contains("approve"), 403, "{\"detail\": \"no\"}"));
        site.cycle();
        site.cycle();
        for (Path file : List.of(site.stateDir().resolve("audit.jsonl"))) {
            assertThat(Files.readString(file)).doesNotContain(site.waldur.token()).contains("\"before\"", "\"after\"", "approve_by_provider");
        }
        assertThat(site.deadLetters()).noneMatch(l -> l.contains(site.waldur.token()));
        assertThat(site.waldur.requests()).allMatch(r -> r.headers().keySet().stream().noneMatch(h -> h.toLowerCase().startsWith("waldur-") || h.startsWith("Camel")));
    }

    @Test
    void onAWaldurSevenNothingIsFinishedBeforeItsWorkerAndTheAllocationIsSetOk() throws IOException {
        site.close();
        site = new Site(folder.resolve("old"), WaldurSimulator.startOld(3), "");
        String create = create("One");
        assertThat(site.cycle()).isZero();
        for (int limit = 11; limit < 14; limit++) {
            String update = site.waldur.update(create, Map.of("cpu", limit));
            assertThat(site.cycle()).isZero();
            assertThat(state(update)).isEqualTo("done");
            assertThat(site.waldur.resource(create)).containsEntry("state", "OK");
            assertThat(site.associations()).contains("hpc_one||cpu=" + limit * 60000);
        }
        String end = site.waldur.terminate(create);
        assertThat(site.cycle()).isZero();
        assertThat(state(end)).isEqualTo("done");
        assertThat(site.waldur.resource(create)).containsEntry("state", "Terminated");
    }

    @Test
    void withTheProjectPolicyNamesAreNumbered() throws IOException {
        site.close();
        site = new Site(folder.resolve("policy"), WaldurSimulator.start(), "project_slug");
        String one = create("One");
        String two = create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.resource(one)).containsEntry("backend_id", "hpc_proj-1-0");
        assertThat(site.waldur.resource(two)).containsEntry("backend_id", "hpc_proj-1-1");
    }

    @Test
    void homeDirectoriesAreMadeOnceAndOnlyForKnownUsers() {
        site.backend("enable_user_homedir_account_creation", "true").property("agent.root", "true");
        site.waldur.join(site.offering, "proj-1", "stranger");
        create("One");
        assertThat(site.cycle()).isZero();
        create("Two");
        assertThat(site.cycle()).isZero();
        assertThat(site.slurm.commands().stream().filter(c -> c.argv().get(0).equals("mkhomedir_helper")).map(c -> c.argv().get(1)))
                .containsExactlyInAnyOrder("alice", "bob", "carol", "dave");
    }
}
