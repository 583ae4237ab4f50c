package org.waldur.siteagent.membership;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmAssociation;
import org.waldur.siteagent.simulator.SlurmCommand;

/** Tests of membership_sync on a site with an allocation, whose team of four is in its account. */
public abstract class MembershipSite extends SiteTest {
    protected String order;

    @Override
    protected Site open(Path in) throws IOException {
        Site opened = super.open(in);
        opened.property("membership_sync.second", "0");
        order = opened.allocation("One", Map.of("cpu", 10));
        opened.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=600000");
        return opened;
    }

    protected int sync() {
        return site.run("membership-sync", false);
    }

    protected int dryRun() {
        return site.run("membership-sync", true);
    }

    protected SortedSet<String> users(String account) {
        return site.slurm.associations().stream().filter(a -> a.account().equals(account) && !a.user().isEmpty()).map(SlurmAssociation::user)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    protected SlurmAssociation account(String account) {
        return find(account, "").orElseThrow();
    }

    protected Optional<SlurmAssociation> find(String account, String user) {
        return site.slurm.associations().stream().filter(a -> a.account().equals(account) && a.user().equals(user)).findFirst();
    }

    /** Commands that write to slurmdbd since the one with this number, without the lock that they wait for. */
    protected List<String> writes(int since) {
        return site.slurm.commands().stream().skip(since).map(SlurmCommand::argv).filter(argv -> argv.contains("--immediate"))
                .map(argv -> String.join(" ", argv)).toList();
    }

    /** Requests that write, since the one with this number: method and path. */
    protected List<String> told(int since) {
        return site.waldur.requests().stream().skip(since).filter(r -> !r.method().equals("GET")).map(r -> r.method() + " " + r.path()).toList();
    }
}
