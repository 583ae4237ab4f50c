package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who joins and who leaves, on a real Slurm: its own dump of all associations, and its queue, before and after. */
class RealSlurmMembershipTest extends RealMembershipSite {

    @Test
    void whoLeavesLosesHisJobsInThatAccountAndNothingElse() {
        join("team-1", "games", "irc", "lp", "mail", "news");
        join("team-2", "games", "irc");
        allocations("team-1", "One");
        allocations("team-2", "Two");
        lab.sacctmgr("modify", "user", "where", "name=irc", "set", "defaultaccount=hpc_two");
        int over = run("games", "hpc_one", "--array=1-3%2");
        int waiting = submit("games", "hpc_one", "--begin=now+1hour");
        run("irc", "hpc_one");
        SortedMap<Integer, String> others = new TreeMap<>();
        others.put(run("games", "hpc_two"), "hpc_two games RUNNING");
        others.put(submit("irc", "hpc_two", "--begin=now+1hour"), "hpc_two irc PENDING");
        others.put(run("news", "hpc_one"), "hpc_one news RUNNING");
        leave("team-1", "games", "irc", "lp");
        join("team-1", "man", "uucp");
        SortedSet<String> before = dump();
        int commands = commands().size();
        sync();
        assertThat(differences(before, dump())).containsExactlyInAnyOrder(
                "- own lab|hpc_one|games||parent||||", "- own lab|hpc_one|irc||parent||||", "- own lab|hpc_one|lp||parent||||",
                "- default lab|hpc_one|games|", "- default lab|hpc_one|lp|", "- user lp|None", "+ default lab|hpc_two|games|",
                "+ own lab|hpc_one|man||parent||||", "+ own lab|hpc_one|uucp||parent||||", "+ default lab|hpc_one|man|", "+ default lab|hpc_one|uucp|",
                "+ user man|None", "+ user uucp|None");
        assertThat(queue()).isEqualTo(others);
        assertThat(writes(commands)).filteredOn(c -> c.contains("add user") || c.contains("remove user")).containsExactly(
                "sacctmgr --immediate add user man,uucp account=hpc_one cluster=lab fairshare=parent",
                "sacctmgr --immediate remove user where name=games,irc account=hpc_one cluster=lab",
                "sacctmgr --immediate remove user where name=lp account=hpc_one cluster=lab");
        await("history has the end of his jobs", () -> lab.sacct("--allusers", "--accounts=hpc_one", "--user=games", "--allocations", "--noheader", "--parsable2", "--array",
                "--format=JobIDRaw,State").lines().filter(line -> line.contains("CANCELLED")).count() == 4);
        assertThat(lab.sacct("--allusers", "--accounts=hpc_one", "--noheader", "--parsable2", "--allocations", "--format=JobIDRaw").lines()).contains(over + "", waiting + "");
        commands = commands().size();
        sync();
        assertThat(writes(commands)).isEmpty();
    }

    /** One of his associations there is not marked as that of his default account: rows that are added later are not. */
    @Test
    void whoIsThereForSeveralPartitionsLeavesThemAll() {
        site.backend("default_partition", "main");
        join("team-1", "games", "irc", "news");
        join("team-2", "irc");
        allocations("team-1", "One");
        allocations("team-2", "Two");
        assertThat(dump()).contains("own lab|hpc_one|games|main|parent||||", "default lab|hpc_one|games|main");
        lab.sacctmgr("add", "user", "games,irc", "account=hpc_one", "partition=gpu", "fairshare=parent");
        assertThat(dump()).contains("own lab|hpc_one|games|gpu|parent||||").doesNotContain("default lab|hpc_one|games|gpu");
        run("games", "hpc_one");
        leave("team-1", "games", "irc");
        SortedSet<String> before = dump();
        sync();
        assertThat(differences(before, dump())).containsExactlyInAnyOrder(
                "- own lab|hpc_one|games|main|parent||||", "- own lab|hpc_one|games|gpu|parent||||", "- default lab|hpc_one|games|main", "- user games|None",
                "- own lab|hpc_one|irc|main|parent||||", "- own lab|hpc_one|irc|gpu|parent||||", "- default lab|hpc_one|irc|main", "+ default lab|hpc_two|irc|main");
        assertThat(queue()).isEmpty();
    }

    @Test
    void defaultAccountsAreAsThePolicySays() {
        lab.sacctmgr("add", "account", "everybody", "description=all", "organization=all");
        lab.sacctmgr("add", "account", "physics,chemistry", "description=theirs", "organization=theirs");
        lab.sacctmgr("add", "user", "list,man", "account=physics");
        lab.sacctmgr("add", "user", "list,man,lp", "account=chemistry");
        // they leave what Slurm has made their default, and are left with none
        lab.sacctmgr("remove", "user", "where", "name=list,man", "account=physics");
        join("team-1", "games");
        allocations("team-1", "One");
        SortedSet<String> before = dump();
        site.backend("default_account", "everybody").backend("default_account_policy", "common");
        join("team-1", "irc", "nobody-here");
        assertThat(site.run("membership-sync", false)).isZero();
        assertThat(differences(before, dump())).as("common").containsExactlyInAnyOrder("+ own lab|everybody|irc||parent||||", "+ own lab|hpc_one|irc||parent||||",
                "+ default lab|everybody|irc|", "+ user irc|None");
        before = dump();
        site.backend("default_account_policy", "individual");
        join("team-1", "news", "list", "lp");
        sync();
        assertThat(differences(before, dump())).as("individual").containsExactlyInAnyOrder("+ own lab|hpc_one|news||parent||||", "+ default lab|hpc_one|news|", "+ user news|None",
                "+ own lab|hpc_one|list||parent||||", "+ default lab|hpc_one|list|", "+ own lab|hpc_one|lp||parent||||");
        before = dump();
        site.backend("default_account_policy", "none");
        join("team-1", "man");
        sync();
        assertThat(differences(before, dump())).as("none: Slurm gives one").containsExactlyInAnyOrder("+ own lab|hpc_one|man||parent||||", "+ default lab|hpc_one|man|");
    }

    @Test
    void limitsOfAllocationsAndOfMembersAreWaldurs() {
        List<String> teams = List.of("games", "irc");
        join("team-1", teams.toArray(String[]::new));
        String order = allocations("team-1", "One").get(0);
        site.waldur.addComponent(site.offering, java.util.Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=5,mem=7");
        lab.sacctmgr("modify", "user", "where", "name=irc", "account=hpc_one", "set", "GrpTRESMins=cpu=3");
        site.waldur.userLimit(order, "games", "cpu", 2);
        sync();
        assertThat(own("hpc_one", "")).isEqualTo("1|cpu=600000,mem=7M|||");
        assertThat(own("hpc_one", "games")).isEqualTo("parent|cpu=120000|||");
        site.waldur.userLimit(order, "games", "cpu", null);
        sync();
        assertThat(own("hpc_one", "games")).isEqualTo("parent||||");
        assertThat(own("hpc_one", "irc")).as("set by somebody else").isEqualTo("parent|cpu=3|||");
    }
}
