package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** Usernames on a Waldur 7, which knows no states: there is only the name. */
class OldWaldurUsernamesTest extends NamesSite {

    @Override
    protected Site open(Path in) throws IOException {
        Site opened = new Site(in, WaldurSimulator.startOld(0), "");
        opened.property("membership_sync.second", "0");
        order = opened.allocation("One", Map.of("cpu", 10));
        return opened;
    }

    @Test
    void whoHasNoNameGetsOneAndNothingElseIsWritten() throws Exception {
        namesByScript("echo erin\n");
        site.waldur.joinRequested(site.offering, "proj-1", "Erin");
        site.slurm.addLinuxUsers("erin");
        int code = sync();
        assertThat(code).as(String.join("\n", site.deadLetters())).isZero();
        assertThat(written()).containsExactly("PATCH");
        assertThat(site.waldur.offeringUser("Erin")).containsEntry("username", "erin").doesNotContainKey("state");
        assertThat(users("hpc_one")).contains("erin", "alice");
        assertThat(sync()).isZero();
        assertThat(written()).hasSize(1);
    }

    @Test
    void aFailureIsALetterOnly() throws Exception {
        namesByScript("exit 3\n");
        site.waldur.joinRequested(site.offering, "proj-1", "Erin");
        assertThat(sync()).isEqualTo(1);
        assertThat(written()).isEmpty();
        assertThat(site.deadLetters()).singleElement().asString().contains("offering user " + uuid("Erin"));
    }
}
