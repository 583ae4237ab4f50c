package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurFault;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** Members on a Waldur 7: no states of offering users, no service accounts, no limits of members, no time of the last look. */
class OldWaldurMembershipTest extends MembershipSite {
    @Override
    protected Site open(Path in) throws IOException {
        Site opened = new Site(in, WaldurSimulator.startOld(0), "");
        opened.property("membership_sync.second", "0");
        order = opened.allocation("One", Map.of("cpu", 10));
        opened.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=600000");
        return opened;
    }

    @Test
    void membersJoinAndLeave() {
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        site.waldur.leave("proj-1", "bob");
        int code = sync();
        assertThat(code).as(site.deadLetters().toString()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave", "erin");
        int requests = site.waldur.requests().size();
        assertThat(sync()).isZero();
        assertThat(told(requests)).isEmpty();
    }

    @Test
    void whileItHidesTheOfferingUsersNobodyIsAddedOrRemoved() {
        sync();
        site.waldur.leave("proj-1", "bob");
        site.waldur.inject(WaldurFault.answer(r -> r.path().equals("marketplace-offering-users/"), 200, "[]").times(9));
        site.waldur.inject(WaldurFault.answer(r -> r.path().endsWith("/team/"), 200,
                "[{\"uuid\": \"0000000000000000000000000000aaaa\", \"username\": \"someone\", \"role\": \"member\"}]").times(9));
        assertThat(sync()).isEqualTo(1);
        assertThat(users("hpc_one")).containsExactly("alice", "bob", "carol", "dave");
        assertThat(site.deadLetters()).singleElement().asString().contains("does not say how 1 of the 1 members are called here");
        site.waldur.calm();
        assertThat(sync()).isZero();
        assertThat(users("hpc_one")).containsExactly("alice", "carol", "dave");
    }
}
