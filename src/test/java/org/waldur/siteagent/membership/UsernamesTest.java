package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.WaldurFault;

/** Usernames through the routes: every state has an exit, and without somebody who gives names there is no transition at all. */
class UsernamesTest extends NamesSite {

    private static final String BY_NAME = "echo \"u-$1\"\n";

    private String named(String person) {
        return "u-" + site.waldur.offeringUser(person).get("user_username");
    }

    private void join(String person) {
        site.waldur.joinRequested(site.offering, "proj-1", person);
        site.slurm.addLinuxUsers(named(person));
    }

    @Test
    void withoutWhoGivesNamesNothingIsWritten() {
        for (String state : OfferingUser.STATES) {
            join("Erin " + state);
            site.waldur.offeringUserState("Erin " + state, state);
        }
        int requests = site.waldur.requests().size();
        assertThat(sync()).isZero();
        assertThat(written()).isEmpty();
        assertThat(site.waldur.requests().subList(requests, site.waldur.requests().size()).stream().filter(r -> r.path().equals("marketplace-offering-users/"))).hasSize(1);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whereWaldurNamesItsUsersItselfNothingIsWritten() throws Exception {
        namesByScript(BY_NAME);
        site.waldur.pluginOption(site.offering, "username_generation_policy", "waldur_username");
        join("Erin");
        assertThat(sync()).isZero();
        assertThat(written()).isEmpty();
        assertThat(state("Erin", false)).isEqualTo("Requested");
    }

    @Test
    void whoIsRequestedIsNamedAndAddedInTheSameCycle() throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        assertThat(sync()).isZero();
        assertThat(written()).containsExactly("begin_creating", "PATCH");
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
        assertThat(site.associations()).contains("hpc_one|" + named("Erin") + "|", "hpc_one|alice|");
        int before = written().size();
        assertThat(sync()).isZero();
        assertThat(written()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"Creating, PATCH", "Pending account linking, set_validation_complete PATCH", "Pending additional validation, set_validation_complete PATCH",
        "Error creating, begin_creating PATCH", "OK, PATCH"})
    void whoeverHasNoNameGetsOneInOneCycle(String state, String requests) throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        site.waldur.offeringUserState("Erin", state);
        assertThat(sync()).isZero();
        assertThat(written()).containsExactly(requests.split(" "));
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
    }

    @ParameterizedTest
    @CsvSource({"Requested, set_ok", "Creating, set_ok", "Error creating, set_ok", "Pending account linking, set_validation_complete"})
    void whoHasKeptHisNameIsOkWithIt(String state, String request) throws Exception {
        namesByScript("echo \"${3#username=}\"\n");
        site.waldur.offeringUserState("alice", state);
        assertThat(sync()).isZero();
        assertThat(written()).containsExactly(request);
        assertThat(state("alice", true)).isEqualTo("OK alice");
    }

    @Test
    void whoIsOkIsNeverRenamed() throws Exception {
        namesByScript(BY_NAME);
        assertThat(sync()).isZero();
        assertThat(written()).isEmpty();
        assertThat(state("alice", true)).isEqualTo("OK alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo -\n", "true\n"})
    void whoHasNoNameYetIsLeftAsHeIs(String script) throws Exception {
        namesByScript(script);
        join("Erin");
        site.waldur.offeringUserState("Erin", "Pending additional validation");
        join("Frank");
        assertThat(sync()).isZero();
        assertThat(written()).isEmpty();
        assertThat(state("Frank", false)).isEqualTo("Requested");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whoHasToLinkHisAccountIsToldOnceWithTheAddress() throws Exception {
        names("""
                - setVariable:
                    id: what-to-link
                    name: linking
                    expression:
                      simple:
                        expression: Link it at https://idp.example.org/link
                """);
        join("Erin");
        assertThat(sync()).isZero();
        assertThat(written()).containsExactly("begin_creating", "set_pending_account_linking");
        assertThat(site.waldur.offeringUser("Erin")).containsEntry("state", "Pending account linking")
                .containsEntry("service_provider_comment", "Link it at https://idp.example.org/link")
                .containsEntry("service_provider_comment_url", "https://idp.example.org/link");
        assertThat(sync()).isZero();
        assertThat(written()).hasSize(2);
        assertThat(site.deadLetters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 3\n", "printf 'a\\nb\\n'\n", "echo ALICE\n"})
    void aFailureIsAnErrorInWaldurAndALetterAndHarmsNobodyElse(String failing) throws Exception {
        join("Erin");
        join("Frank");
        namesByScript("[ \"$1\" = " + site.waldur.offeringUser("Frank").get("user_username") + " ] && { " + BY_NAME.strip() + "; exit 0; }\n" + failing);
        assertThat(site.cycleOfService("membership-sync")).isEqualTo(1);
        assertThat(state("Frank", true)).isEqualTo("OK " + named("Frank"));
        assertThat(state("Erin", true)).isEqualTo("Error creating ");
        assertThat(site.deadLetters()).singleElement().asString().contains("offering user " + uuid("Erin"), "ask-for-username");
        assertThat(state("alice", true)).isEqualTo("OK alice");

        int before = written().size();
        assertThat(site.cycleOfService("membership-sync")).isZero();
        assertThat(written()).as("it backs off").hasSize(before);
        namesByScriptAgain(BY_NAME);
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aFailureThatMayPassIsNotHisFault() throws Exception {
        names("""
                - throwException:
                    id: directory-is-away
                    exceptionType: java.io.IOException
                    message: the directory is away
                """);
        for (int i = 0; i < 5; i++) {
            join("Erin " + i);
        }
        assertThat(sync()).isEqualTo(1);
        assertThat(written()).isEmpty();
        assertThat(state("Erin 0", true)).isEqualTo("Requested ");
        assertThat(site.deadLetters()).hasSize(5).allSatisfy(letter -> assertThat(letter).contains("the directory is away"));
        assertThat(site.waldur.requests()).as("Waldur is not given up for it").anyMatch(r -> r.path().endsWith("/refresh_last_sync/"));
    }

    @Test
    void aRouteOfTheSiteThatFailsByItselfHarmsNobodyElse() throws Exception {
        join("Erin");
        join("Frank");
        copy.write("site.camel.yaml", """
                - route:
                    id: site-directory
                    description: Look somebody up
                    from:
                      uri: direct:site-directory
                      steps:
                        - filter:
                            id: if-it-is-erin
                            expression:
                              simple:
                                expression: ${variable.offeringUser.uuid} == '%s'
                            steps:
                              - throwException:
                                  id: erin-is-not-there
                                  exceptionType: java.lang.IllegalStateException
                                  message: no such person
                        - setVariable:
                            id: name-of-directory
                            name: username
                            expression:
                              simple:
                                expression: u-${variable.offeringUser.waldurName}
                """.formatted(uuid("Erin")));
        names("""
                - to:
                    id: to-site-directory
                    uri: direct:site-directory
                """);
        assertThat(sync()).isEqualTo(1);
        assertThat(state("Frank", true)).isEqualTo("OK " + named("Frank"));
        assertThat(state("Erin", true)).isNotEqualTo("OK " + named("Erin"));
        assertThat(site.deadLetters()).singleElement().asString().contains("offering user " + uuid("Erin"), "no such person");
        assertThat(users("hpc_one")).contains(named("Frank"));
    }

    @Test
    void namesThatComeSlowlyKeepNobodyElseWaiting() throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        site.property("usernames.seconds_in_a_cycle", "0");
        site.waldur.joinRequested(site.offering, "proj-1", "Frank");
        assertThat(sync()).isZero();
        assertThat(written()).isEmpty();
        assertThat(site.waldur.requests()).anyMatch(r -> r.path().endsWith("/refresh_last_sync/"));
        site.property("usernames.seconds_in_a_cycle", "300");
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
    }

    @Test
    void somebodyWasThereFirst() throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        join("Frank");
        site.waldur.beforeRequest(request -> {
            if (request.path().contains(uuid("Erin")) && request.path().endsWith("/begin_creating/")) {
                site.waldur.offeringUserState("Erin", "Creating");
            }
            if (request.path().contains(uuid("Frank")) && request.path().endsWith("/begin_creating/")) {
                site.waldur.offeringUserState("Frank", "Requested deletion");
            }
        });
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
        assertThat(state("Frank", true)).isEqualTo("Deleted ");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whoIsRefusedAgainAndAgainIsALetter() throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("/begin_creating/"), 409, "{\"detail\": \"no\"}").times(100));
        assertThat(sync()).isEqualTo(1);
        assertThat(written()).containsExactly("begin_creating", "begin_creating");
        assertThat(site.deadLetters()).singleElement().asString().contains("offering user " + uuid("Erin"), "409");
    }

    @Test
    void whoLeavesIsDeletedOnceHeIsInNoAccount() throws Exception {
        namesByScript(BY_NAME);
        site.waldur.leave("proj-1", "alice");
        site.waldur.offeringUserState("alice", "Requested deletion");
        join("Erin");
        site.waldur.offeringUserState("Erin", "Error deleting");
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("/team/"), 404, "{}").times(100));
        sync();
        assertThat(users("hpc_one")).as("nobody is removed, because the team is unknown").contains("alice");
        assertThat(state("alice", true)).isEqualTo("Deleting alice");
        assertThat(state("Erin", true)).as("who never had a name is in no account").isEqualTo("Deleted ");

        site.waldur.calm();
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).doesNotContain("alice");
        assertThat(state("alice", true)).isEqualTo("Deleted alice");
        int before = written().size();
        assertThat(sync()).isZero();
        assertThat(written()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"begin_creating", "PATCH"})
    void anAnswerThatIsLostIsMadeGood(String step) throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        site.waldur.inject(WaldurFault.lost(r -> writesUser(r) && (r.method().equals(step) || r.path().endsWith(step + "/"))));
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void theLetterOfWhomSomebodyHasNamedByHandIsSettled() throws Exception {
        namesByScript("exit 3\n");
        join("Erin");
        assertThat(sync()).isEqualTo(1);
        site.waldur.changeOfferingUser("", "username", "erin");
        site.waldur.offeringUserState("Erin", "OK");
        assertThat(sync()).isZero();
        assertThat(site.deadLetters()).isEmpty();
        assertThat(state("Erin", true)).isEqualTo("OK erin");
    }

    @Test
    void aDryRunAsksNobodyAndWritesNothing() throws Exception {
        Path asked = folder.resolve("asked");
        namesByScript("echo >" + asked + "\n" + BY_NAME);
        join("Erin");
        site.waldur.offeringUserState("bob", "Requested deletion");
        int requests = site.waldur.requests().size();
        assertThat(dryRun()).isEqualTo(2);
        assertThat(site.waldur.requests().subList(requests, site.waldur.requests().size())).allMatch(r -> r.method().equals("GET"));
        assertThat(asked).doesNotExist();
        assertThat(String.join("\n", site.printed)).contains("+ ask for a username of offering user " + uuid("Erin"), "+ begin to delete offering user " + uuid("bob"));
    }

    @Test
    void whatPeopleCallThemselvesIsATextAndNothingElse() throws Exception {
        namesByScript("printf '%s' \"$1\" >" + folder.resolve("heard") + "\necho erin\n");
        join("Erin");
        site.waldur.changeOfferingUser("", "user_username", "'\"; ${variable.offering.token} ${bean:agent} $(touch x) \n--help");
        assertThat(sync()).isZero();
        assertThat(Files.readString(folder.resolve("heard"))).isEqualTo("'\"; ${variable.offering.token} ${bean:agent} $(touch x) --help");
        assertThat(state("Erin", true)).isEqualTo("OK erin");
    }

    private void namesByScriptAgain(String lines) throws Exception {
        Files.writeString(folder.resolve("names.sh"), "#!/bin/sh\n" + lines);
    }

    @Test
    void whoHangsIsEnded() throws Exception {
        Path mark = folder.resolve("ended");
        namesByScript("sleep 60\necho >" + mark + "\n");
        join("Erin");
        assertThat(sync()).isEqualTo(1);
        assertThat(state("Erin", false)).isEqualTo("Error creating");
        assertThat(mark).doesNotExist();
    }

    @Test
    void twoWhoAreToHaveTheSameNameDoNot() throws Exception {
        namesByScript("echo same\n");
        join("Erin");
        join("Frank");
        assertThat(sync()).isEqualTo(1);
        assertThat(List.of(state("Erin", true), state("Frank", true))).containsExactlyInAnyOrder("OK same", "Error creating ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH", "POST"})
    void troubleOfWaldurLeavesHimForTheNextCycle(String method) throws Exception {
        namesByScript(BY_NAME);
        join("Erin");
        join("Frank");
        site.waldur.inject(WaldurFault.answer(r -> r.method().equals(method) && r.path().contains(uuid("Erin")), 503, "{}").times(100));
        assertThat(sync()).isEqualTo(1);
        assertThat(state("Erin", false)).isEqualTo(method.equals("PATCH") ? "Creating" : "Requested");
        assertThat(state("Frank", true)).isEqualTo("OK " + named("Frank"));
        assertThat(site.deadLetters()).singleElement().asString().contains("offering user " + uuid("Erin"), "503");
        site.waldur.calm();
        assertThat(sync()).isZero();
        assertThat(state("Erin", true)).isEqualTo("OK " + named("Erin"));
        assertThat(site.deadLetters()).isEmpty();
    }
}
