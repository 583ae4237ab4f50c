package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurFault;

/** Lists that not every Waldur has, and that one may seem not to have for a while. */
class MissingListsTest extends MembershipSite {

    private void answers(String list, int code) {
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith(list), code, "<h1>Not Found</h1>").times(1_000));
    }

    private long asked(String list) {
        return site.waldur.requests().stream().filter(r -> r.path().endsWith(list)).count();
    }

    @Test
    void aServerThatNeverHadAListIsAskedThreeTimes() {
        answers("list_course_accounts/", 404);
        try (Site.Running agent = site.byHand()) {
            for (int cycle = 0; cycle < 5; cycle++) {
                agent.cycle("membership-sync");
            }
        }
        assertThat(asked("list_course_accounts/")).isEqualTo(3);
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void whileAListThatWasThereIsMissingNobodyIsRemoved() {
        site.waldur.addServiceAccount(site.offering, "proj-1", "robot", "OK");
        site.slurm.addLinuxUsers("robot");
        try (Site.Running agent = site.byHand()) {
            agent.cycle("membership-sync");
            assertThat(users("hpc_one")).contains("robot");
            site.waldur.leave("proj-1", "bob");
            answers("list_project_service_accounts/", 404);
            agent.cycle("membership-sync");
            assertThat(users("hpc_one")).contains("robot", "bob");
            assertThat(String.join("\n", site.deadLetters())).contains("it had one before");
            site.waldur.calm();
            agent.cycle("membership-sync");
            assertThat(users("hpc_one")).contains("robot").doesNotContain("bob");
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    @Test
    void aServerThatDoesNotSayWhatItHasIsAskedAgain() {
        String api = "";
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals(api), 403, "{\"detail\": \"no\"}"));
        try (Site.Running agent = site.byHand()) {
            agent.cycle("membership-sync");
            assertThat(asked("component-user-usage-limits/")).isZero();
            agent.cycle("membership-sync");
            agent.cycle("membership-sync");
        }
        assertThat(asked("component-user-usage-limits/")).isEqualTo(2);
        assertThat(site.waldur.requests().stream().filter(r -> r.path().equals(api))).hasSize(2);
    }
}
