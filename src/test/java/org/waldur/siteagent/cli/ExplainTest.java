package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.waldur.siteagent.membership.MembershipSite;

/** {@code explain} and {@code orphans}: they say why, with sources, and change nothing. */
class ExplainTest extends MembershipSite {

    @Test
    void whyEverybodyIsInAnAccountOrNot() {
        site.slurm.addLinuxUsers("erin");
        site.waldur.join(site.offering, "proj-1", "erin");
        sync();
        site.waldur.join(site.offering, "proj-1", "stranger");
        site.waldur.joinRequested(site.offering, "proj-1", "newcomer");
        site.waldur.leave("proj-1", "bob");
        site.waldur.changeOfferingUser("carol", "is_restricted", true);
        String before = site.world();
        Site.Said said = site.command("explain", "hpc_one");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("hpc_one  alice  is in it, and stays", "he is on the team of project", "as PROJECT.", "username 'alice' in state OK, so he may compute",
                "[marketplace-offering-users]", "hpc_one  bob  is in it, and is going to be removed", "nobody of this username is among",
                "hpc_one  carol  is in it, and is going to be removed", "restricted or being deleted", "hpc_one  stranger  is not in it, and waits",
                "this machine does not know him [getent passwd]", "has no username that Slurm could have in state Requested",
                "Written by this agent", "sacctmgr --immediate add user erin account=hpc_one cluster=lab fairshare=parent  (exit code 0, plan ");
        assertThat(site.world()).isEqualTo(before);
    }

    @Test
    void allAccountsOfAUserAndNobodyWhomNobodyKnows() {
        Site.Said said = site.command("explain", "Dave");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("hpc_one  dave  is in it, and stays").doesNotContain("alice");
        Site.Said nobody = site.command("explain", "zoe");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.out()).contains("zoe: no account of ours has this name or this user");
    }

    @Test
    void accountsThatLookLikeOursAndBelongToNobodyAreNamed() {
        assertThat(site.command("orphans").code()).isZero();
        site.slurm.run("sacctmgr", "-i", "add", "account", "hpc_old", "parent=hpc_proj-1", "description=old waldur:00000000000000000000000000000abc", "organization=x");
        site.slurm.run("sacctmgr", "-i", "add", "account", "hpc_byhand", "description=x", "organization=x");
        site.slurm.run("sacctmgr", "-i", "add", "account", "physics", "description=x", "organization=x");
        site.slurm.run("sacctmgr", "-i", "add", "user", "zoe", "account=hpc_byhand");
        String before = site.world();
        Site.Said said = site.command("orphans");
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("hpc_byhand  beneath root on cluster lab, users: zoe", "hpc_old  beneath hpc_proj-1 on cluster lab, users: none",
                "its description says waldur:00000000000000000000000000000abc").doesNotContain("physics", "hpc_one ", "hpc_proj-1  ");
        assertThat(site.world()).isEqualTo(before);
    }
}
