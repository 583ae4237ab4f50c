package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.Ownership;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.slurm.Cluster;

/** Accounts that look like ours, by prefix or marker, and that no live resource of Waldur knows. They are named, and never touched. */
public final class Orphans {
    private Orphans() {
    }

    /** @param users who may compute there @param why it looks like ours, and what is missing */
    public record Orphan(String cluster, String account, String parent, SortedSet<String> users, String why) {
    }

    /** @param all the facts of all offerings, because several may have accounts on one cluster */
    public static List<Orphan> of(List<Facts> all) {
        List<Orphan> orphans = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Facts facts : all) {
            Cluster cluster = facts.cluster();
            List<Facts> beside = all.stream().filter(f -> f.cluster().name().equals(cluster.name())).toList();
            Set<String> known = known(beside);
            for (String account : cluster.accounts()) {
                String why = why(facts, account);
                if (!why.isEmpty() && !known.contains(account) && beside.stream().noneMatch(f -> ownership(f).isProtected(account)) && seen.add(cluster.name() + "/" + account)) {
                    orphans.add(new Orphan(cluster.name(), account, cluster.parent(account), new TreeSet<>(cluster.users(account)), why));
                }
            }
        }
        return orphans;
    }

    private static Ownership ownership(Facts facts) {
        return new Ownership(facts.cluster(), facts.offering().backend(), resources(facts));
    }

    private static List<Resource> resources(Facts facts) {
        return facts.allocations().stream().map(Allocation::resource).toList();
    }

    /** The accounts of all live resources, and all that is above them. */
    private static Set<String> known(List<Facts> offerings) {
        Set<String> known = new HashSet<>();
        for (Facts facts : offerings) {
            Cluster cluster = facts.cluster();
            resources(facts).forEach(resource -> Stream.concat(cluster.marked(resource.uuid()).stream(), Stream.of(resource.backendId())).forEach(account -> {
                for (String above = account; !above.isEmpty() && known.add(above); above = cluster.parent(above)) {
                    // on to the next
                }
            }));
        }
        return known;
    }

    private static String why(Facts facts, String account) {
        BackendSettings settings = facts.offering().backend();
        Cluster cluster = facts.cluster();
        if (cluster.marker(account).isPresent()) {
            return "its description says waldur:" + cluster.marker(account).get() + ", and no live resource of Waldur, nor one beneath it, is known here";
        }
        return Stream.of(settings.allocationPrefix(), settings.projectPrefix(), settings.customerPrefix()).anyMatch(prefix -> Ownership.hasPrefix(account, prefix))
                ? "it has our prefix, and no live resource of Waldur, nor one beneath it, is known here" : "";
    }
}
