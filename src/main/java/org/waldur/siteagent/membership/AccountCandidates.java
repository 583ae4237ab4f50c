package org.waldur.siteagent.membership;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.Ownership;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Cluster;

/**
 * The accounts that may be a resource's by their name, and are nobody else's.
 *
 * @param free   those, sorted
 * @param doubts accounts of such a name that something speaks against, with what it is
 */
record AccountCandidates(SortedSet<String> free, SortedMap<String, String> doubts) {
    private static final int NUMBERS = 50;

    /**
     * @param taken accounts of other resources, by backend_id or marker
     * @throws AccountName.InvalidName if no account can have such a name
     */
    static AccountCandidates of(PreparedOrder.Names names, BackendSettings settings, Ownership ownership, Cluster cluster, Set<String> taken) {
        SortedSet<String> free = new TreeSet<>();
        SortedMap<String, String> doubts = new TreeMap<>();
        for (String name : names(names, settings)) {
            if (!cluster.exists(name) || ownership.isProtected(name) || taken.contains(name)) {
                continue;
            }
            if (cluster.marker(name).isPresent()) {
                doubts.put(name, "account " + name + " says waldur:" + cluster.marker(name).get() + " in its description, and no live resource here has that uuid");
            } else if (!cluster.children(name).isEmpty()) {
                doubts.put(name, "account " + name + " has accounts beneath it (" + cluster.children(name).iterator().next() + "), as that of a project or customer has");
            } else {
                free.add(name);
            }
        }
        return new AccountCandidates(free, doubts);
    }

    /** As we would call it; as the Python agent would, which cuts no long names; and with the numbers that both add where a project has several. */
    private static Set<String> names(PreparedOrder.Names names, BackendSettings settings) {
        Set<String> all = new LinkedHashSet<>();
        for (int i = 0; i <= (names.numbered() ? NUMBERS : 0); i++) {
            String wanted = names.allocation() + (i == 0 ? "" : "-" + (i - 1));
            all.add(AccountName.of("", wanted, settings.allocationNameMaxLen()));
            all.add(wanted.toLowerCase(Locale.ROOT));
        }
        return all;
    }

    /** Those of them, if there are several, whose description is the resource's name, as the Python agent writes it. */
    SortedSet<String> described(String resourceName, Cluster cluster) {
        SortedSet<String> described = new TreeSet<>(free);
        described.removeIf(account -> !isDescribed(account, resourceName, cluster));
        return described;
    }

    static boolean isDescribed(String account, String resourceName, Cluster cluster) {
        String name = resourceName.replaceAll("[^ -~]|\"", " ").replaceAll("\\s+", " ").strip();
        return !name.isEmpty() && cluster.row(account).map(Account::description).filter(name::equalsIgnoreCase).isPresent();
    }
}
