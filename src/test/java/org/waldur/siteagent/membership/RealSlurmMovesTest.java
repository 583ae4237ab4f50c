package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * On a real Slurm: projects that move, and accounts that come back. With a cluster of its own: where other accounts and jobs have come and gone before, the slurmctld
 * of 22.05 took no job in such an account for more than a minute.
 */
class RealSlurmMovesTest extends RealMembershipSite {
    /** An account of a department, one that looks like ours by its name, and another cluster with accounts and users called as ours. */
    private void foreign() {
        lab.sacctmgr("add", "account", "physics", "cluster=lab", "description=theirs", "organization=theirs");
        lab.sacctmgr("add", "account", "hpc_theirs", "parent=physics", "cluster=lab", "description=theirs", "organization=theirs");
        lab.sacctmgr("add", "user", "games,lp", "account=physics,hpc_theirs", "cluster=lab", "fairshare=7");
        lab.sacctmgr("add", "account", "hpc_one,hpc_two", "cluster=other", "description=theirs", "organization=theirs");
        lab.sacctmgr("add", "user", "irc,lp", "account=hpc_one,hpc_two", "cluster=other", "fairshare=7");
        lab.sacctmgr("modify", "account", "where", "name=hpc_one", "cluster=other", "set", "GrpTRESMins=cpu=1", "GrpSubmitJobs=1");
    }

    private SortedSet<String> theirs() {
        SortedSet<String> theirs = dump();
        theirs.removeIf(line -> !line.matches("(parent|own|default) (other\\|.*|lab\\|(physics|hpc_theirs)\\|.*)"));
        return theirs;
    }

    @Test
    void projectsMoveAndAccountsComeBackAndNothingElseIsTouched() {
        try {
            lab.sacctmgr("add", "cluster", "other");
            site.backend("cluster_name", "lab");
            join("team-1", "games", "irc");
            join("team-2", "news", "proxy");
            allocations("team-1", "One");
            String two = allocations("team-2", "Two").get(0);
            foreign();
            SortedSet<String> theirs = theirs();
            assertThat(theirs).hasSize(23);
            // before anything runs: Slurm 22.05 has been seen to refuse it because of jobs in hpc_one
            lab.sacctmgr("remove", "user", "where", "name=news", "account=hpc_two", "cluster=lab");
            lab.sacctmgr("remove", "user", "where", "name=proxy", "account=hpc_two", "cluster=lab");
            lab.sacctmgr("remove", "account", "where", "name=hpc_two", "cluster=lab");
            SortedMap<Integer, String> jobs = new TreeMap<>();
            jobs.put(run("games", "hpc_one"), "hpc_one games RUNNING");
            jobs.put(submit("irc", "hpc_one", "--begin=now+1hour"), "hpc_one irc PENDING");
            jobs.put(run("lp", "physics"), "physics lp RUNNING");
            site.waldur.moveProject("team-1", "cust-2");
            SortedSet<String> before = dump();
            assertThat(site.run("membership-sync", false)).isEqualTo(1);
            assertThat(site.deadLetters()).singleElement().asString().contains("does not exist on cluster lab", "recreate: true");
            assertThat(site.waldur.resource(two)).containsEntry("state", "OK");
            assertThat(differences(before, dump())).filteredOn(line -> !line.contains(" account ")).containsExactlyInAnyOrder("- parent lab|hpc_team-1||hpc_cust-1",
                    "+ parent lab|hpc_team-1||hpc_cust-2", "+ parent lab|hpc_cust-2||root", "+ own lab|hpc_cust-2|||1||||");
            assertThat(queue()).isEqualTo(jobs);
            jobs.put(run("irc", "hpc_one"), "hpc_one irc RUNNING");

            before = dump();
            site.backend("recreate", "true");
            sync();
            assertThat(differences(before, dump())).filteredOn(line -> !line.contains(" account ")).containsExactlyInAnyOrder("+ parent lab|hpc_two||hpc_team-2",
                    "+ own lab|hpc_two|||1|cpu=600000|||", "+ own lab|hpc_two|news||parent||||", "+ own lab|hpc_two|proxy||parent||||", "+ default lab|hpc_two|news|", "+ default lab|hpc_two|proxy|",
                    "+ user news|None", "+ user proxy|None");
            jobs.put(run("news", "hpc_two"), "hpc_two news RUNNING");
            assertThat(queue()).isEqualTo(jobs);
            assertThat(theirs()).isEqualTo(theirs);
            int commands = commands().size();
            sync();
            assertThat(writes(commands)).isEmpty();
        } finally {
            cancel(queue().keySet());
            lab.sacctmgr("remove", "cluster", "where", "name=other");
        }
    }
}
