package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        sync();
        site.waldur.setFlag(order, "paused", true);
        int commands = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(account("hpc_one").qos()).containsExactly("paused");
        assertThat(account("hpc_one").defaultQos()).isEqualTo("paused");
        assertThat(writes(commands)).hasSize(2);
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
}
