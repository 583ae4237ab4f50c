package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Change.RemoveAllocation;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.plan.Portions;
import org.waldur.siteagent.slurm.Cluster;

/** Users that all leave all of these accounts: one command, because sacctmgr takes the cross product of two lists. */
public record Departure(SortedSet<String> users, SortedSet<String> accounts) {

    /**
     * Who has to leave what before these allocations can be removed. slurmdbd refuses to take a user's default account while he has
     * others, in the same command as well; so everybody leaves his default account last.
     */
    static List<Departure> of(List<RemoveAllocation> removals, Cluster cluster) {
        return of(everybody(removals, cluster), cluster);
    }

    private static SortedMap<String, SortedSet<String>> everybody(List<RemoveAllocation> removals, Cluster cluster) {
        SortedMap<String, SortedSet<String>> leaving = new TreeMap<>();
        removals.forEach(removal -> leaving.put(removal.account(), new TreeSet<>(cluster.users(removal.account()))));
        return leaving;
    }

    /** @param leaving account to the users who leave it; whose default account is among them and who stays elsewhere has another default by now, see {@link #newDefaults} */
    public static List<Departure> of(Map<String, SortedSet<String>> leaving, Cluster cluster) {
        SortedMap<String, SortedSet<String>> accounts = new TreeMap<>();
        leaving.forEach((account, users) -> users.forEach(user -> accounts.computeIfAbsent(user, u -> new TreeSet<>()).add(account)));
        SortedMap<String, SortedSet<String>> first = new TreeMap<>();
        SortedMap<String, SortedSet<String>> last = new TreeMap<>();
        accounts.forEach((user, all) -> all.forEach(account -> {
            boolean isDefault = cluster.defaultAccount(user).filter(account::equals).isPresent() && all.containsAll(cluster.accountsOf(user));
            (isDefault ? last : first).computeIfAbsent(user, u -> new TreeSet<>()).add(account);
        }));
        List<Departure> departures = new ArrayList<>(together(first));
        departures.addAll(together(last));
        return departures;
    }

    private static List<Departure> together(SortedMap<String, SortedSet<String>> leaving) {
        Map<SortedSet<String>, SortedSet<String>> same = new LinkedHashMap<>();
        leaving.forEach((user, accounts) -> same.computeIfAbsent(accounts, a -> new TreeSet<>()).add(user));
        List<Departure> departures = new ArrayList<>();
        same.forEach((accounts, users) -> Portions.of(users).forEach(some -> Portions.of(accounts)
                .forEach(part -> departures.add(new Departure(new TreeSet<>(some), new TreeSet<>(part))))));
        return departures;
    }

    /** The same one user and one account at a time, default accounts last. It must not be called alone(), which routes call without arguments. */
    static List<Departure> oneByOne(List<RemoveAllocation> removals, Cluster cluster) {
        return of(removals, cluster).stream().flatMap(d -> d.alone().stream()).toList();
    }

    /** The same one user and one account at a time. */
    public List<Departure> alone() {
        return users.stream().flatMap(u -> accounts.stream().map(a -> new Departure(new TreeSet<>(Set.of(u)), new TreeSet<>(Set.of(a))))).toList();
    }

    /** New default accounts for users whose default goes and who stay in another account; that one must not go as well. */
    static List<SetDefaultAccount> newDefaults(List<RemoveAllocation> removals, Cluster cluster) {
        Map<String, SortedSet<String>> orders = removals.stream().collect(Collectors.toMap(RemoveAllocation::account, RemoveAllocation::orders, (a, b) -> a));
        return newDefaults(everybody(removals, cluster), orders, cluster);
    }

    /**
     * The same for any departures.
     *
     * @param leaving account to the users who leave it
     * @param orders  by account: what needs this change
     */
    public static List<SetDefaultAccount> newDefaults(Map<String, SortedSet<String>> leaving, Map<String, SortedSet<String>> orders, Cluster cluster) {
        List<SetDefaultAccount> defaults = new ArrayList<>();
        leaving.forEach((account, users) -> {
            for (String user : users) {
                Optional<String> other = cluster.accountsOf(user).stream().filter(a -> !leaving.getOrDefault(a, Collections.emptySortedSet()).contains(user))
                        .min(Comparator.naturalOrder());
                if (other.isPresent() && cluster.defaultAccount(user).filter(account::equals).isPresent()) {
                    defaults.add(new SetDefaultAccount(orders.get(account), user, other.get(), "his default account " + account + " goes"));
                }
            }
        });
        return defaults;
    }
}
