package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

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
}
