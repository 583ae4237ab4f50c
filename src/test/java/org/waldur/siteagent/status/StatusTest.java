package org.waldur.siteagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.membership.MembershipSite;
import org.waldur.siteagent.simulator.SlurmFault;

/** {@code status}: what it says is what has happened. */
class StatusTest extends MembershipSite {
    private Site.Said status() {
        return site.command("status");
    }

    @Test
    void beforeAnyCycleThereIsNothingToSay() {
        Site.Said said = status();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).containsPattern("order_process +never").containsPattern("membership_sync +never").containsPattern("report +never");
        assertThat(site.stateDir()).as("looking makes nothing").doesNotExist();
    }

    @Test
    void aCycleThatWentWellIsGoodAndSaysItsPlan() {
        site.now("2026-11-20T12:00:00Z");
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        assertThat(sync()).isZero();
        site.now("2026-11-20T12:05:00Z");
        Site.Said said = status();
        assertThat(said.code()).as(said.out()).isZero();
        assertThat(said.out()).containsPattern("membership_sync +good +2026-11-20T12:00:00Z +5 min +[0-9a-f]{12} +1 add-users").containsPattern("order_process +never");
        assertThat(site.dryRun()).as("a dry run is no cycle").isZero();
        assertThat(status().out()).containsPattern("order_process +never");
    }

    @Test
    void whatIsHeldIsShownWithTheWayToLetItGo() throws IOException {
        sync();
        List.of("alice", "bob", "carol", "dave").forEach(user -> site.waldur.leave("proj-1", user));
        sync();
        Site.Said said = status();
        assertThat(said.code()).as(said.out()).isEqualTo(3);
        assertThat(said.out()).containsPattern("membership_sync +held").contains("held for you: do not remove alice, bob, carol, dave from account hpc_one",
                "apply -m membership_sync --checksum");
        JsonNode json = new ObjectMapper().readTree(site.command("status", "--format", "json").out());
        assertThat(json.path("state").asText()).isEqualTo("held");
        assertThat(json.path("deadLetters").get(0).path("held").asBoolean()).isTrue();
    }

    @Test
    void whoWasRemovedWaitsForNothing() {
        sync();
        site.waldur.leave("proj-1", "bob");
        assertThat(sync()).isZero();
        assertThat(status().out()).containsPattern("membership_sync +good.* 1 remove-users +0 +0 ");
    }

    @Test
    void whatAnOperatorHasLetGoIsHeldNoMore() {
        sync();
        List.of("alice", "bob", "carol", "dave").forEach(user -> site.waldur.leave("proj-1", user));
        sync();
        String said = status().out();
        String checksum = said.replaceAll("(?s).*--checksum ([0-9a-f]{12}).*", "$1");
        assertThat(site.command("apply", "-m", "membership_sync", "--checksum", checksum).code()).isZero();
        Site.Said after = status();
        assertThat(after.code()).as(after.out()).isZero();
        assertThat(after.out()).containsPattern("membership_sync +good.* 1 remove-users +0 +0 ").doesNotContain("held for you");
    }

    @Test
    void whatFailedStaysFailedUntilACycleGoesWell() {
        sync();
        site.slurm.inject(SlurmFault.fail(argv -> argv.contains("association"), 1, " Problem talking to the database"));
        sync();
        Site.Said said = status();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).containsPattern("membership_sync +failed").contains("dead letter ", "Problem talking to the database");
        sync();
        assertThat(status().code()).isZero();
    }

    @Test
    void aModeWhoseCyclesDoNotComeIsOverdue() {
        site.now("2026-11-20T12:00:00Z");
        sync();
        site.now("2026-11-20T14:00:00Z");
        Site.Said said = status();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).containsPattern("membership_sync +overdue .* 2 h");
    }

    @Test
    void aFileThatIsNoStatusStopsNothing() throws IOException {
        sync();
        Path file = site.stateDir().resolve("status").resolve("membership_sync.json");
        for (String text : List.of("", "null", "{", "[]", "{\"mode\": \"report\"}", "{\"mode\": \"membership_sync\", \"last\": {\"ended\": \"yesterday\"}}")) {
            Files.writeString(file, text);
            assertThat(status().out()).as(text).containsPattern("membership_sync +(never|good)");
        }
        assertThat(sync()).isZero();
        assertThat(status().code()).isZero();
    }

    @Test
    void aCycleThatIsKilledIsShownAsRunningSince() throws IOException {
        site.now("2026-11-20T12:00:00Z");
        sync();
        String killed = Files.readString(site.stateDir().resolve("status").resolve("membership_sync.json")).replace("\"running\" : \"\"", "\"running\" : \"2026-11-20T12:15:00Z\"");
        Files.writeString(site.stateDir().resolve("status").resolve("membership_sync.json"), killed);
        assertThat(status().out()).contains("membership_sync: a cycle runs since 2026-11-20T12:15:00Z");
    }
}
