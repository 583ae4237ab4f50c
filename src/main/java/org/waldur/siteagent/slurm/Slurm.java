package org.waldur.siteagent.slurm;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.config.Offering;

/** What the Slurm routes compute with. Bean {@code slurm}. */
public final class Slurm {
    private final String caller;

    /** @param caller the operating system's user that we run as */
    public Slurm(String caller) {
        this.caller = caller;
    }

    public Cluster read(String associations, String accounts, String users, String tres, Offering offering) {
        return ClusterReader.read(associations, accounts, users, tres, offering.backend().clusterName().orElse(""), caller);
    }

    /** Accounts that squeue shows jobs of; its lines are {@code JOBID|ACCOUNT}, and with --clusters a line names the cluster. */
    public List<String> accountsWithJobs(String jobs) {
        return Arrays.stream(jobs.split("\n")).filter(line -> line.contains("|"))
                .map(line -> line.substring(line.indexOf('|') + 1).strip()).distinct().sorted().toList();
    }

    /** All users of these accounts (one account, or a list). */
    public SortedSet<String> users(Cluster cluster, Object accounts) {
        SortedSet<String> users = new TreeSet<>();
        Collection<?> all = accounts instanceof Collection<?> list ? list : List.of(accounts);
        all.forEach(account -> users.addAll(cluster.users(account.toString())));
        return users;
    }
}
