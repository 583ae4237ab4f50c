package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;

/** Who joins and who leaves, on a real Slurm: its own dump of all associations, and its queue, before and after. */
class RealSlurmMembershipTest extends RealMembershipSite {

    @Test
    void whoLeavesLosesHisJobsInThatAccountAndNothingElse() {
        join("team-1", "games", "irc", "lp", "mail", "news");
        join("team-2", "games", "irc");
        allocations("team-1", "One");
        allocations("team-2", "Two");
        lab.sacctmgr("modify", "user", "where", "name=irc", "set", "defaultaccount=hpc_two");
        int over = submit("games", "hpc_one", "--array=1-3%2");
        await("two tasks run", () -> queue().values().stream().filter("hpc_one games RUNNING"::equals).count() == 2);
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
        await("history has the end of his jobs", () -> lab.sacct("--allusers", "--jobs=" + over + "," + waiting, "--noheader", "--parsable2", "--allocations",
                "--format=Account,User,State").lines().filter(line -> line.startsWith("hpc_one|games|CANCELLED")).count() == 4);
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
        site.backend("root_account", "root").backend("default_account", "everybody").backend("default_account_policy", "common");
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
        join("team-1", "games", "irc");
        String order = allocations("team-1", "One").get(0);
        site.waldur.addComponent(site.offering, Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
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

    /** Of two allocations one has a list of its own with a default, the other has what it inherits. */
    @Test
    void pausedAndDownscaledAccountsGetTheirQosBack() {
        lab.sacctmgr("add", "qos", "long,slow,extra");
        lab.sacctmgr("add", "qos", "stop", "set", "GrpSubmitJobs=0");
        site.backend("qos_paused", "stop").backend("qos_downscaled", "slow");
        join("team-1", "games", "irc");
        List<String> orders = allocations("team-1", "One", "Two");
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "qos=long,normal", "defaultqos=long");
        // both have a default above them that is not in the list of who is paused
        lab.sacctmgr("modify", "account", "where", "name=hpc_team-1", "set", "defaultqos=normal");
        SortedSet<String> before = dump();
        SortedMap<Integer, String> jobs = new TreeMap<>();
        jobs.put(run("games", "hpc_one"), "hpc_one games RUNNING");
        int waiting = submit("irc", "hpc_one", "--hold");
        jobs.put(waiting, "hpc_one irc PENDING");
        site.waldur.setFlag(orders.get(0), "paused", true);
        site.waldur.setFlag(orders.get(1), "downscaled", true);
        sync();
        assertThat(differences(before, dump())).containsExactlyInAnyOrder("- own lab|hpc_one|||1|cpu=600000||long,normal|long", "+ own lab|hpc_one|||1|cpu=600000||stop|stop",
                "- own lab|hpc_two|||1|cpu=600000|||", "+ own lab|hpc_two|||1|cpu=600000||slow|slow");
        assertThat(refused("games", "hpc_one")).contains("Job violates accounting/QOS policy");
        assertThat(refused("games", "hpc_one", "--qos=normal")).contains("Invalid qos specification");
        assertThat(queue()).as("what was taken before").isEqualTo(jobs);
        assertThat(qosOf(run("irc", "hpc_two"))).isEqualTo("slow");

        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "qos+=extra");
        site.waldur.setFlag(orders.get(0), "paused", false);
        site.waldur.setFlag(orders.get(0), "downscaled", true);
        site.waldur.setFlag(orders.get(1), "paused", true);
        sync();
        assertThat(own("hpc_one", "")).isEqualTo("1|cpu=600000||extra,slow|slow");
        assertThat(own("hpc_two", "")).isEqualTo("1|cpu=600000||stop|stop");

        site.waldur.setFlag(orders.get(0), "downscaled", false);
        site.waldur.setFlag(orders.get(1), "paused", false);
        site.waldur.setFlag(orders.get(1), "downscaled", false);
        sync();
        assertThat(own("hpc_one", "")).as("with what somebody has added").isEqualTo("1|cpu=600000||extra,long,normal|long");
        assertThat(own("hpc_two", "")).isEqualTo("1|cpu=600000|||");
        assertThat(qosOf(run("games", "hpc_one"))).isEqualTo("long");
        assertThat(qosOf(run("games", "hpc_two"))).isEqualTo("normal");
        lab.program("scontrol", "release", Integer.toString(waiting));
        await("what waited runs", () -> queue().getOrDefault(waiting, "").endsWith("RUNNING"));
        int commands = commands().size();
        sync();
        assertThat(writes(commands)).isEmpty();
    }

    private String qosOf(int job) {
        return lab.squeue("--noheader", "--jobs=" + job, "--format=%q").strip();
    }

    @Test
    void nobodySubmitsWhileItIsPausedOrRestricted() {
        site.backend("pause_by", "submit_limit");
        join("team-1", "games", "irc", "news");
        String order = allocations("team-1", "One").get(0);
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "GrpSubmitJobs=50");
        int job = run("games", "hpc_one");
        SortedSet<String> before = dump();
        site.waldur.setFlag(order, "paused", true);
        sync();
        assertThat(differences(before, dump())).containsExactlyInAnyOrder("- own lab|hpc_one|||1|cpu=600000|50||", "+ own lab|hpc_one|||1|cpu=600000|0||");
        assertThat(refused("irc", "hpc_one")).contains("AssocGrpSubmitJobsLimit");

        site.waldur.setFlag(order, "paused", false);
        site.waldur.setFlag(order, "restrict_member_access", true);
        leave("team-1", "irc");
        join("team-1", "man");
        int commands = commands().size();
        sync();
        assertThat(writes(commands)).as("nobody joins or leaves").isEmpty();
        assertThat(queue()).containsOnlyKeys(job);

        site.waldur.setFlag(order, "restrict_member_access", false);
        sync();
        assertThat(own("hpc_one", "")).isEqualTo("1|cpu=600000|50||");
        assertThat(users("hpc_one")).containsExactly("games", "man", "news");
        run("man", "hpc_one");

        site.backend("restrict_member_access", "remove");
        site.waldur.setFlag(order, "restrict_member_access", true);
        sync();
        assertThat(users("hpc_one")).isEmpty();
        assertThat(queue()).isEmpty();
        site.waldur.setFlag(order, "restrict_member_access", false);
        sync();
        assertThat(users("hpc_one")).containsExactly("games", "man", "news");
        submit("games", "hpc_one");
    }

    /** All kinds of changes are to be made, and a removal is held. */
    @Test
    void aPlanIsLookedAtWithoutATraceAndThenCarriedOutWithWhatItHolds() {
        lab.sacctmgr("add", "qos", "stop");
        site.backend("qos_paused", "stop").backend("recreate", "true");
        join("team-1", "games", "irc", "lp", "mail");
        join("team-2", "news");
        List<String> orders = allocations("team-1", "One", "Gone");
        String two = allocations("team-2", "Two").get(0);
        int job = run("games", "hpc_one");
        lab.sacctmgr("remove", "user", "where", "name=games,irc,lp,mail", "account=hpc_gone");
        lab.sacctmgr("remove", "account", "where", "name=hpc_gone");
        leave("team-1", "games", "irc", "lp", "mail");
        join("team-1", "man");
        site.waldur.moveProject("team-2", "cust-2");
        site.waldur.setFlag(two, "paused", true);
        site.waldur.addComponent(site.offering, Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
        site.waldur.userLimit(two, "news", "cpu", 2);
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=5");

        String before = everything();
        int commands = commands().size();
        int requests = site.waldur.requests().size();
        assertThat(site.run("membership-sync", true)).isEqualTo(2);
        Site.Said plan = site.command("plan", "-m", "membership_sync");
        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.out()).contains("create", "hpc_gone", "move", "hpc_cust-2", "stop", "cpu=600000", "cpu=120000", "+ add man to account hpc_one",
                "= do not remove games, irc, lp, mail from account hpc_one");
        assertThat(everything()).isEqualTo(before);
        assertThat(commands().subList(commands, commands().size())).isNotEmpty().allMatch(c -> c.startsWith("sacctmgr --readonly "));
        assertThat(site.waldur.requests().subList(requests, site.waldur.requests().size())).isNotEmpty().allMatch(r -> r.method().equals("GET"));
        assertThat(queue()).containsOnlyKeys(job);

        assertThat(site.run("membership-sync", false)).as("held, with a letter").isEqualTo(1);
        assertThat(users("hpc_one")).containsExactly("games", "irc", "lp", "mail", "man");
        assertThat(users("hpc_gone")).containsExactly("man");
        assertThat(own("hpc_two", "news")).isEqualTo("parent|cpu=120000|||");
        assertThat(own("hpc_two", "")).isEqualTo("1|cpu=600000||stop|stop");
        assertThat(dump()).contains("parent lab|hpc_team-2||hpc_cust-2");
        assertThat(queue()).containsOnlyKeys(job);
        Matcher checksum = Pattern.compile("Plan ([0-9a-f]{12}) of membership_sync").matcher(site.command("plan", "-m", "membership_sync").out());
        assertThat(checksum.find()).isTrue();
        Site.Said applied = site.command("apply", "--checksum", checksum.group(1));
        assertThat(applied.code()).as(applied.err()).isZero();
        assertThat(users("hpc_one")).containsExactly("man");
        assertThat(queue()).isEmpty();
        assertThat(site.deadLetters()).isEmpty();
    }

    /** The dump with slurmdbd's own numbers, and all that it has ever done. */
    private String everything() {
        return dump() + lab.sacctmgr("show", "association", "format=id,cluster,account,user,lft,rgt") + lab.sacctmgr("list", "transactions");
    }

    /** With AdminLevel Operator, as a user of the machine who is not root, and not SlurmUser. */
    @Test
    void anOperatorMayDoAllOfThis() throws IOException {
        lab.sacctmgr("add", "qos", "stop");
        lab.sacctmgr("add", "account", "staff", "description=staff", "organization=staff");
        lab.sacctmgr("add", "user", "backup", "account=staff", "adminlevel=operator");
        site.property("agent.root", "false").property("agent.user", "backup").backend("qos_paused", "stop");
        site.backend("slurm_bin_path", programs("exec setpriv --reuid=backup --regid=backup --clear-groups").toString());
        join("team-1", "games", "irc");
        join("team-2", "games", "irc");
        allocations("team-1", "One");
        String two = allocations("team-2", "Two").get(0);
        int stays = run("games", "hpc_two");
        run("games", "hpc_one");
        leave("team-1", "games");
        join("team-1", "man");
        site.waldur.setFlag(two, "paused", true);
        site.waldur.moveProject("team-2", "cust-2");
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=5");
        SortedSet<String> before = dump();
        sync();
        assertThat(differences(before, dump())).filteredOn(line -> !line.contains(" account ")).containsExactlyInAnyOrder(
                "- own lab|hpc_one|||1|cpu=5|||", "+ own lab|hpc_one|||1|cpu=600000|||", "- own lab|hpc_two|||1|cpu=600000|||", "+ own lab|hpc_two|||1|cpu=600000||stop|stop",
                "- parent lab|hpc_team-2||hpc_cust-1", "+ parent lab|hpc_team-2||hpc_cust-2", "+ parent lab|hpc_cust-2||root", "+ own lab|hpc_cust-2|||1||||",
                "- own lab|hpc_one|games||parent||||", "- default lab|hpc_one|games|", "+ default lab|hpc_two|games|",
                "+ own lab|hpc_one|man||parent||||", "+ default lab|hpc_one|man|", "+ user man|None");
        assertThat(queue()).containsOnlyKeys(stays);
        assertThat(lab.sacctmgr("list", "transactions", "actor=backup", "format=actor").lines()).isNotEmpty();
    }
}
