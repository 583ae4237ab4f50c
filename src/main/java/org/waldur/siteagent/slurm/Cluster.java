package org.waldur.siteagent.slurm;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.waldur.siteagent.account.AccountName;

/**
 * The whole accounting of one cluster at one moment. An account exists here if it has an association here; a row of
 * {@code show account} alone does not make it exist (it outlives associations, and other clusters share it).
 * Names may be asked for in any case.
 */
public final class Cluster {
    private final String name;
    private final SortedMap<String, Association> accounts = new TreeMap<>();
    private final Map<String, SortedMap<String, Association>> members = new HashMap<>();
    private final Map<String, TreeSet<String>> children = new HashMap<>();
    private final Map<String, Account> rows;
    private final Map<String, String> defaultAccounts;
    private final Set<String> tres;
    private final boolean loadable;

    Cluster(String name, Collection<Association> associations, Map<String, Account> rows, Map<String, String> defaultAccounts,
            Set<String> tres, boolean loadable) {
        this.name = name;
        this.rows = rows;
        this.defaultAccounts = defaultAccounts;
        this.tres = tres;
        this.loadable = loadable;
        for (Association association : associations) {
            if (association.user().isEmpty()) {
                accounts.put(association.account(), association);
                children.computeIfAbsent(association.parent(), p -> new TreeSet<>()).add(association.account());
            } else {
                members.computeIfAbsent(association.account(), a -> new TreeMap<>()).put(association.user(), association);
            }
        }
    }

    public String name() {
        return name;
    }

    public boolean exists(String account) {
        return accounts.containsKey(fold(account));
    }

    /**
     * Whether Slurm would take a new account of this name for one that is there. It looks at no more than 42 characters, and somebody
     * else's name may be longer.
     */
    public boolean occupied(String account) {
        String seen = fold(account);
        return exists(account) || seen.length() == AccountName.DISTINCT && Stream.concat(accounts.keySet().stream(), rows.keySet().stream())
                .anyMatch(name -> name.length() > AccountName.DISTINCT && name.startsWith(seen));
    }

    /** The account's own association; empty if it does not exist on this cluster. */
    public Optional<Association> account(String account) {
        return Optional.ofNullable(accounts.get(fold(account)));
    }

    /** The account above; empty for root and for what does not exist. */
    public String parent(String account) {
        return account(account).map(Association::parent).orElse("");
    }

    /** Accounts directly beneath. */
    public Set<String> children(String account) {
        return children.getOrDefault(fold(account), new TreeSet<>());
    }

    /** Users that have an association with this very account. */
    public Set<String> users(String account) {
        return members.getOrDefault(fold(account), new TreeMap<>()).keySet();
    }

    /** Accounts that a user has an association with. */
    public Set<String> accountsOf(String user) {
        Set<String> found = new TreeSet<>();
        members.forEach((account, users) -> {
            if (users.containsKey(fold(user))) {
                found.add(account);
            }
        });
        return found;
    }

    /** Description and organization; empty if slurmdbd has no row of that name for any cluster. */
    public Optional<Account> row(String account) {
        return Optional.ofNullable(rows.get(fold(account)));
    }

    /** The uuid in the account's description, see {@link Account#marker()}. */
    public Optional<String> marker(String account) {
        return row(account).flatMap(Account::marker);
    }

    /** Accounts of this cluster that carry this marker. */
    public List<String> marked(String uuid) {
        return accounts.keySet().stream().filter(a -> marker(a).filter(uuid::equals).isPresent()).toList();
    }

    /** Empty: the user has none, or slurmdbd does not know him. */
    public Optional<String> defaultAccount(String user) {
        return Optional.ofNullable(defaultAccounts.get(fold(user)));
    }

    /** Whether limits on this TRES can be set, for example {@code gres/gpu}. */
    public boolean knows(String tresName) {
        return tres.contains(fold(tresName));
    }

    /** Whether we may use {@code sacctmgr load}, which is for Administrators only. */
    public boolean loadable() {
        return loadable;
    }

    public Set<String> accounts() {
        return accounts.keySet();
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
