package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmFault;

/** {@code dead-letters}: what an operator does about them changes what it says, and nothing else. */
class DeadLettersCommandTest extends SiteTest {
    private String failed(String name) {
        String order = create(name);
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("add") && argv.stream().anyMatch(word -> word.endsWith("hpc_" + name.toLowerCase())), 1, " Problem talking to the database").times(99));
        site.cycle();
        assertThat(state(order)).isEqualTo("executing");
        return order;
    }

    @Test
    void theyAreListedAndShown() {
        assertThat(site.command("dead-letters", "list").code()).isZero();
        String order = failed("One");
        Site.Said list = site.command("dead-letters", "list");
        assertThat(list.code()).isEqualTo(2);
        assertThat(list.out()).contains(order, "Problem talking to the database");
        Site.Said show = site.command("dead-letters", "show", "--about", order);
        assertThat(show.code()).isZero();
        assertThat(show.out()).contains("failed in:", "command:", "sacctmgr", "go on:").doesNotContain(site.waldur.token());
        assertThat(site.command("dead-letters", "list", "--format", "csv").out()).startsWith("id,offering,about,times,last,why\r\n");
        assertThat(site.command("dead-letters", "list", "--about", "nobody").code()).isZero();
    }

    /** It may be a credential of systemd, which only the service has. */
    @Test
    void whoAsksNobodyNeedsNoToken() {
        String order = failed("One");
        site.offering("waldur_api_token", "${NO_SUCH_VARIABLE}");
        assertThat(site.command("dead-letters", "retry", "--all").code()).isEqualTo(78);
        assertThat(site.command("status").out()).contains("dead letter " + order);
        assertThat(site.command("dead-letters", "list").out()).contains(order);
        assertThat(site.command("dead-letters", "show", "--all").out()).contains(order);
        assertThat(site.command("dead-letters", "drop", "--all", "--fail-order", "No").code()).isEqualTo(78);
        assertThat(site.command("dead-letters", "drop", "--why", "a moon").err()).contains("no dead letter fits");
        assertThat(site.deadLetters()).hasSize(1);
        assertThat(site.command("dead-letters", "drop", "--all").code()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    /** It is about one order, and the status about all of them. */
    @Test
    void aRetryIsNoCycleOfItsMode() throws IOException {
        String one = failed("One");
        failed("Two");
        Path status = site.stateDir().resolve("status/order_process.json");
        String before = Files.readString(status);
        assertThat(before).contains("\"failures\" : 2");
        site.slurm.calm();
        assertThat(site.command("dead-letters", "retry", "--about", one).code()).isZero();
        assertThat(status).hasContent(before);
        assertThat(site.cycle()).isZero();
        assertThat(Files.readString(status)).contains("\"failures\" : 0");
    }

    @Test
    void retryDoesOnlyWhatFailedByTheSameRoutesAndAsOftenAsWanted() {
        String one = failed("One");
        String two = failed("Two");
        assertThat(site.command("dead-letters", "retry", "--about", one).code()).as("slurmdbd is still away").isEqualTo(1);
        site.slurm.calm();
        Site.Said retry = site.command("dead-letters", "retry", "--about", one);
        assertThat(retry.code()).as(retry.err()).isZero();
        assertThat(retry.out()).contains(": over");
        assertThat(List.of(state(one), state(two))).containsExactly("done", "executing");
        assertThat(site.associations()).contains("hpc_one||cpu=600000", "hpc_one|alice|").noneMatch(a -> a.startsWith("hpc_two|"));
        assertThat(site.command("dead-letters", "retry", "--all").code()).isZero();
        assertThat(state(two)).isEqualTo("done");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whatIsDroppedIsTriedAgain() {
        String order = failed("One");
        Site.Said drop = site.command("dead-letters", "drop", "--all");
        assertThat(drop.code()).isZero();
        assertThat(site.deadLetters()).isEmpty();
        site.slurm.calm();
        site.cycle();
        assertThat(state(order)).isEqualTo("done");
    }

    @Test
    void anOrderThatCannotBeHelpedEndsWithAMessageToTheCustomer() {
        String one = failed("One");
        String two = failed("Two");
        Site.Said drop = site.command("dead-letters", "drop", "--about", one, "--fail-order", "Please order less memory");
        assertThat(drop.code()).as(drop.err()).isZero();
        assertThat(site.waldur.order(one)).containsEntry("state", "erred").containsEntry("error_message", "Please order less memory");
        assertThat(state(two)).isEqualTo("executing");
        assertThat(site.deadLetters()).singleElement().asString().contains(two);
    }

    @Test
    void whatCannotBeReadIsNotTakenForNothing() throws Exception {
        Files.createDirectories(site.stateDir());
        Files.writeString(site.stateDir().resolve("dead-letters"), "");
        for (String[] command : new String[][] {{"status"}, {"dead-letters", "list"}, {"dead-letters", "retry", "--all"}, {"dead-letters", "drop", "--all"}}) {
            Site.Said said = site.command(command);
            assertThat(said.code()).as(String.join(" ", command)).isEqualTo(ExitCode.CONFIG);
            assertThat(said.err()).contains("dead-letters (state_dir) is no folder");
        }
    }

    @Test
    void aLetterOfAnotherVersionIsInNobodysWay() throws Exception {
        failed("One");
        Path folder = site.stateDir().resolve("dead-letters");
        Files.writeString(folder.resolve("old-1.json"), "{\"id\": \"old-1\", \"orders\": \"something of old\", \"since\": 3}");
        for (String format : List.of("text", "csv", "json")) {
            Site.Said list = site.command("dead-letters", "list", "--format", format);
            assertThat(list.code()).as(list.err()).isEqualTo(2);
            assertThat(list.out()).contains("old-1", "Problem talking to the database");
        }
        assertThat(site.command("dead-letters", "list", "--why", "Problem talking").out()).contains("Problem talking").doesNotContain("old-1");
        assertThat(site.command("status").out()).contains("old-1").doesNotContain("null");
        assertThat(site.command("dead-letters", "show", "--all").out()).contains("old-1").doesNotContain("null");
        assertThat(site.command("dead-letters", "retry", "old-1").code()).isEqualTo(1);
        assertThat(site.command("dead-letters", "drop", "old-1").code()).isZero();
        assertThat(site.deadLetters()).hasSize(1);
    }

    @Test
    void onlyLettersOfTheOfferingsThatAreNamedAreMeant() throws Exception {
        failed("One");
        Path other = site.stateDir().resolve("dead-letters/other-1.json");
        Files.writeString(other, "{\"id\": \"other-1\", \"orders\": \"-\", \"offering\": \"another\", \"why\": \"away\"}");
        assertThat(site.command("dead-letters", "list", "--offering", "slurm").out()).doesNotContain("other-1");
        assertThat(site.command("dead-letters", "list").out()).contains("other-1");
        Site.Said retry = site.command("dead-letters", "retry", "other-1");
        assertThat(retry.code()).isEqualTo(1);
        assertThat(retry.out()).contains("other-1: not tried, because the config has no offering 'another'");
        assertThat(site.command("dead-letters", "drop", "--all", "--offering", "slurm").code()).isZero();
        assertThat(site.deadLetters()).singleElement().asString().contains("other-1");
    }

    @Test
    void whatFitsNothingSaysSo() {
        failed("One");
        for (String command : List.of("show", "retry", "drop")) {
            assertThat(site.command("dead-letters", command, "--about", "nobody").err()).as(command).contains("no dead letter fits");
        }
        assertThat(site.deadLetters()).hasSize(1);
    }

    @Test
    void nothingIsDoneToWhatWasNotNamed() throws Exception {
        failed("One");
        for (String command : List.of("show", "retry", "drop")) {
            Site.Said said = site.command("dead-letters", command);
            assertThat(said.code()).as(command).isEqualTo(64);
            assertThat(said.err()).contains("which dead letters?");
        }
        assertThat(site.command("dead-letters", "drop", "nothing-like-this").code()).isEqualTo(64);
        assertThat(site.command("dead-letters").code()).isEqualTo(64);
        assertThat(site.command("dead-letters", "drop", "--all", "--fail-order", " ").code()).isEqualTo(64);
        assertThat(site.deadLetters()).hasSize(1);
        assertThat(Files.list(site.stateDir().resolve("dead-letters"))).hasSize(1);
    }
}
