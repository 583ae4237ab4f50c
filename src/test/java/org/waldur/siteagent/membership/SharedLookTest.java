package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmCommand;

/** What the modes of one process, whose timers fire at the same moment, see of the cluster: the same, read once. */
class SharedLookTest extends MembershipSite {
    @BeforeEach
    void lookTogether() {
        site.property("slurm.snapshot", "30000");
    }

    private List<String> looks(int since) {
        return site.slurm.commands().stream().skip(since).map(SlurmCommand::argv).filter(argv -> argv.contains("show")).map(argv -> String.join(" ", argv)).toList();
    }

    @RepeatedTest(5)
    void modesThatLookAtTheSameMomentReadTheClusterOnce() {
        int before = site.slurm.commands().size();
        try (Site.Running agent = site.serveHere()) {
            List<CompletableFuture<Void>> modes = Stream.of("report", "membership-sync", "order-process")
                    .map(mode -> CompletableFuture.runAsync(() -> agent.cycle(mode))).toList();
            modes.forEach(CompletableFuture::join);
            assertThat(looks(before)).filteredOn(look -> look.contains("show association")).hasSize(1);
            assertThat(looks(before)).doesNotHaveDuplicates();
        }
    }

    @Test
    void eachSeesWhatAnotherHasJustDone() {
        create("Two");
        try (Site.Running agent = site.serveHere()) {
            agent.cycle("membership-sync");
            agent.cycle("order-process");
            site.slurm.addLinuxUsers("erin");
            site.waldur.join(site.offering, "proj-1", "erin");
            agent.cycle("membership-sync");
            assertThat(users("hpc_two")).containsExactly("alice", "bob", "carol", "dave", "erin");
        }
    }

    @Test
    void theSecondLookIsALook() {
        site.backend("removal_confirm_seconds", "60");
        site.waldur.leave("proj-1", "bob");
        int before = site.slurm.commands().size();
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).doesNotContain("bob");
        assertThat(looks(before)).filteredOn(look -> look.contains("lft")).as("the first, the second, and to read back").hasSize(3);
    }
}
