package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurFault;

/** The shipped routes of membership_sync between the two simulators. */
class MembershipRoutesTest extends MembershipSite {

    @Test
    void whoJoinsIsAddedWithOneCommandAndWhoHasLeftIsRemovedWithOne() {
        sync();
        site.slurm.addLinuxUsers("erin", "frank");
        site.waldur.join(site.offering, "proj-1", "erin");
        site.waldur.join(site.offering, "proj-1", "frank");
        site.waldur.leave("proj-1", "bob");
        int before = site.slurm.commands().size();
        int code = sync();
        assertThat(code).as(String.join("\n", site.deadLetters())).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave", "erin", "frank");
        assertThat(writes(before)).containsExactly(
                "sacctmgr --immediate add user erin,frank account=hpc_one cluster=lab fairshare=parent",
                "sacctmgr --immediate remove user where name=bob account=hpc_one cluster=lab");
        assertThat(find("hpc_one", "erin").orElseThrow().share()).isEqualTo("parent");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void aCycleWithoutNewsWritesNothingAndNeedsTwoCommands() {
        sync();
        int commands = site.slurm.commands().size();
        int requests = site.waldur.requests().size();
        int code = sync();
        assertThat(code).as(String.join("\n", site.deadLetters())).isZero();
        assertThat(site.slurm.commands().subList(commands, site.slurm.commands().size())).extracting(c -> String.join(" ", c.argv()).replaceAll(" format=.*", ""))
                .containsExactly("sacctmgr --parsable2 show association WOPInfo", "sacctmgr --parsable2 show account", "sacctmgr --parsable2 show tres");
        assertThat(told(requests)).isEmpty();
    }

    @Test
    void aDryRunIsReadOnlyForSlurmdbdAndSendsNothingButGet() {
        site.waldur.leave("proj-1", "bob");
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        String before = site.world();
        int commands = site.slurm.commands().size();
        int requests = site.waldur.requests().size();
        assertThat(dryRun()).isEqualTo(2);
        assertThat(site.printed).singleElement().asString().contains("+ add erin to account hpc_one", "+ remove bob from account hpc_one");
        assertThat(site.slurm.commands().subList(commands, site.slurm.commands().size())).filteredOn(c -> c.argv().get(0).equals("sacctmgr")).isNotEmpty()
                .allMatch(c -> c.argv().get(1).equals("--readonly"));
        assertThat(told(requests)).isEmpty();
        assertThat(site.world()).isEqualTo(before);
        assertThat(site.stateDir()).doesNotExist();
    }

    @Test
    void aRouteThatWouldWriteInADryRunIsStopped() throws IOException {
        Path edited = folder.resolve("edited");
        Files.createDirectories(edited);
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.writeString(edited.resolve(file.getFileName()), Files.readString(file).replace("- stop:\n                  id: no-member-is-changed",
                        "- log:\n                  id: no-member-is-changed\n                  message: the stop is gone"));
            }
        }
        site.routes(edited);
        site.waldur.leave("proj-1", "bob");
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        String before = site.world();
        assertThat(dryRun()).isEqualTo(1);
        assertThat(site.world()).isEqualTo(before);
    }

    @Test
    void aPausedAllocationGetsItsQosBack() {
        site.slurm.addQos("paused", "long");
        site.backend("qos_paused", "paused");
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_one", "set", "qos=long,normal", "defaultqos=long");
        // a default above it that is not in the list of who is paused
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_proj-1", "set", "defaultqos=normal");
        sync();
        site.waldur.setFlag(order, "paused", true);
        int commands = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").qos()).containsExactly("paused");
        assertThat(account("hpc_one").defaultQos()).isEqualTo("paused");
        assertThat(writes(commands)).containsExactly("sacctmgr --immediate modify account where name=hpc_one cluster=lab set qos=paused defaultqos=paused");
        assertThat(site.waldur.resource(order)).extracting("backend_metadata").isEqualTo(Map.of("qos", "paused"));
        commands = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(writes(commands)).isEmpty();
        site.waldur.setFlag(order, "paused", false);
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").qos()).containsExactly("long", "normal");
        assertThat(account("hpc_one").defaultQos()).isEqualTo("long");
        assertThat(users("hpc_one")).hasSize(4);
    }

    @Test
    void restrictedAccessBlocksSubmissionAndRemovesNobody() {
        sync();
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_one", "set", "GrpSubmitJobs=50");
        site.waldur.setFlag(order, "restrict_member_access", true);
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").grpSubmitJobs()).hasValue(0);
        assertThat(users("hpc_one")).hasSize(4);
        site.waldur.setFlag(order, "restrict_member_access", false);
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").grpSubmitJobs()).hasValue(50);
    }

    @Test
    void whoLeavesLosesHisJobsThereAndKeepsThoseElsewhere() throws IOException {
        site.allocation("Two", Map.of("cpu", 10));
        site.waldur.join(site.offering, "proj-2", "bob");
        sync();
        int here = site.slurm.submit("hpc_one", "bob", "RUNNING");
        site.slurm.submit("hpc_one", "alice", "RUNNING");
        site.waldur.leave("proj-1", "bob");
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
        assertThat(users("hpc_two")).containsExactly("alice", "carol", "dave");
        assertThat(site.slurm.jobs()).extracting("id").doesNotContain(here).hasSize(1);
    }

    /** An association for a further partition is not marked as his default account, and with it he could not be removed. */
    @Test
    void whoIsThereForSeveralPartitionsLeavesThemAll() {
        sync();
        site.slurm.run("sacctmgr", "-i", "add", "user", "name=bob", "account=hpc_one", "partition=gpu");
        site.waldur.leave("proj-1", "bob");
        int code = sync();
        assertThat(code).as(site.deadLetters().toString()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void waldurIsToldHowFarMembersAreAndOnlyWhatIsNew() {
        site.waldur.pluginOption(site.offering, "enable_membership_sync_status", true);
        site.waldur.join(site.offering, "proj-1", "stranger");
        site.waldur.joinRequested(site.offering, "proj-1", "newcomer");
        try (Site.Running agent = site.byHand()) {
            agent.cycle("membership-sync");
            assertThat(site.waldur.statuses(order)).anyMatch(s -> s.matches("alice resource \\S+ synced.*"))
                    .anyMatch(s -> s.matches("stranger resource \\S+ pending the cluster's machine does not know.*"))
                    .anyMatch(s -> s.matches("newcomer resource \\S+ pending the offering user is not OK but Requested")).hasSize(6);
            int requests = site.waldur.requests().size();
            agent.cycle("membership-sync");
            assertThat(told(requests)).isEmpty();
        }
    }

    @Test
    void limitsOfMembersAreThoseOfTheirAssociationsAndGoWithWaldurs() {
        site.waldur.addComponent(site.offering, Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
        site.waldur.userLimit(order, "alice", "cpu", 2);
        assertThat(sync()).isZero();
        assertThat(find("hpc_one", "alice").orElseThrow().grpTresMins()).containsExactly(Map.entry("cpu", 120_000L));
        site.slurm.run("sacctmgr", "-i", "modify", "user", "where", "name=bob", "account=hpc_one", "set", "GrpTRESMins=cpu=5");
        int commands = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(writes(commands)).isEmpty();
        site.waldur.userLimit(order, "alice", "cpu", null);
        assertThat(sync()).isZero();
        assertThat(find("hpc_one", "alice").orElseThrow().grpTresMins()).isEmpty();
        assertThat(find("hpc_one", "bob").orElseThrow().grpTresMins()).as("set by somebody else").containsExactly(Map.entry("cpu", 5L));
    }

    @Test
    void aProjectFollowsToItsNewCustomer() {
        sync();
        site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_cust-1", "set", "description=cust waldur:"
                + site.waldur.resource(order).get("customer_uuid"));
        site.waldur.moveProject("proj-1", "cust-2");
        assertThat(sync()).isZero();
        assertThat(account("hpc_proj-1").parent()).isEqualTo("hpc_cust-2");
        assertThat(account("hpc_cust-2").parent()).isEqualTo("root");
        assertThat(account("hpc_one").parent()).isEqualTo("hpc_proj-1");
        int commands = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(writes(commands)).isEmpty();
    }

    @Test
    void serviceAccountsComputeAndWhileTheirListFailsNobodyIsRemoved() {
        site.slurm.addLinuxUsers("svc-a");
        site.waldur.addServiceAccount(site.offering, "proj-1", "svc-a", "OK");
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).contains("svc-a");
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("list_project_service_accounts/"), 403, "{\"detail\": \"no\"}").times(9));
        site.waldur.leave("proj-1", "bob");
        assertThat(sync()).isEqualTo(1);
        assertThat(users("hpc_one")).contains("svc-a", "bob");
        site.waldur.calm();
        site.waldur.addServiceAccount(site.offering, "proj-1", "svc-a", "Closed");
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
        assertThat(site.deadLetters()).isEmpty();
    }

    @Test
    void anAccountThatIsGoneIsReportedAndMadeAgainOnlyWhenToldSo() {
        site.allocation("Two", Map.of("cpu", 10));
        sync();
        site.slurm.run("sacctmgr", "-i", "remove", "user", "where", "name=alice,bob,carol,dave", "account=hpc_one");
        site.slurm.run("sacctmgr", "-i", "remove", "account", "where", "name=hpc_one");
        assertThat(sync()).isEqualTo(1);
        assertThat(find("hpc_one", "")).isEmpty();
        assertThat(site.deadLetters()).singleElement().asString().contains("does not exist on cluster lab", "recreate: true");
        assertThat(site.waldur.resource(order)).containsEntry("state", "OK");
        site.backend("recreate", "true");
        int code = sync();
        assertThat(code).as(site.deadLetters().toString()).isZero();
        assertThat(account("hpc_one").grpTresMins()).containsEntry("cpu", 600_000L);
        assertThat(users("hpc_one")).containsExactly("alice", "bob", "carol", "dave");
        assertThat(site.deadLetters()).isEmpty();
    }
}
