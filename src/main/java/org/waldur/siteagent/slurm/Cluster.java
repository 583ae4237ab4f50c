package org.waldur.siteagent.slurm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
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
    private final SortedMap<String, Association> accounts;
    private final Map<String, SortedSet<String>> users;
    private final Map<String, SortedSet<String>> accountsOfUsers = new HashMap<>();
    private final Map<String, SortedSet<String>> children = new HashMap<>();
    private final Map<String, List<String>> marked = new HashMap<>();
    private final Map<String, Account> rows;
    private final Map<String, Map<String, SortedMap<String, Long>>> userLimits;
    private final Optional<Map<String, String>> defaultAccounts;
    private final Set<String> tres;
    private final boolean loadable;

    /**
     * @param accounts        by name
     * @param users           account to those who are in it
     * @param userLimits      by account and user
     * @param rows            of {@code show account}, by name
     * @param defaultAccounts user to his default account; empty: nobody has asked
     */
    Cluster(String name, Map<String, Association> accounts, Map<String, SortedSet<String>> users,
            Map<String, Map<String, SortedMap<String, Long>>> userLimits, Map<String, Account> rows, Optional<Map<String, String>> defaultAccounts, Set<String> tres, boolean loadable) {
        this.name = name;
        this.accounts = new TreeMap<>(accounts);
        this.users = users;
        this.userLimits = userLimits;
        this.rows = rows;
        this.defaultAccounts = defaultAccounts;
        this.tres = tres;
        this.loadable = loadable;
        // asked for each order and each user; with ten thousand accounts a look through all of them takes 40 ms
        this.accounts.values().forEach(account -> {
            children.computeIfAbsent(account.parent(), p -> new TreeSet<>()).add(account.account());
            marker(account.account()).ifPresent(uuid -> marked.computeIfAbsent(uuid, u -> new ArrayList<>(1)).add(account.account()));
        });
        users.forEach((account, members) -> members.forEach(user -> accountsOfUsers.computeIfAbsent(user, u -> new TreeSet<>()).add(account)));
    }

    public String name() {
        return name;
    }

    /** The same where these accounts have these descriptions: what the cluster would be like then. */
    public Cluster describing(Map<String, String> descriptions) {
        Map<String, Account> described = new HashMap<>(rows);
        descriptions.forEach((account, text) -> described.put(account, new Account(account, text, row(account).map(Account::organization).orElse(""))));
        return new Cluster(name, accounts, users, userLimits, described, defaultAccounts, tres, loadable);
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
        return Collections.unmodifiableSortedSet(children.getOrDefault(fold(account), Collections.emptySortedSet()));
    }

    /** Users that have an association with this very account. */
    public Set<String> users(String account) {
        return Collections.unmodifiableSortedSet(users.getOrDefault(fold(account), Collections.emptySortedSet()));
    }

    /** Accounts that a user has an association with. */
    public Set<String> accountsOf(String user) {
        return Collections.unmodifiableSortedSet(accountsOfUsers.getOrDefault(fold(user), Collections.emptySortedSet()));
    }

    /** Description and organization; empty if slurmdbd has no row of that name for any cluster. */
    public Optional<Account> row(String account) {
        return Optional.ofNullable(rows.get(fold(account)));
    }

    /** The uuid in the account's description, see {@link Account#marker()}. */
    public Optional<String> marker(String account) {
        return row(account).flatMap(Account::marker);
    }

    /** Accounts of this cluster that carry this marker, by name. */
    public List<String> marked(String uuid) {
        return marked.getOrDefault(uuid, List.of());
    }

    /** Limits of a user within an account, in TRES-minutes; none if he is not there. */
    public SortedMap<String, Long> userLimits(String account, String user) {
        return userLimits.getOrDefault(fold(account), Map.of()).getOrDefault(fold(user), Collections.emptySortedMap());
    }

    /** Whether default accounts were asked for: not all that looks at a cluster needs them. */
    public boolean knowsDefaults() {
        return defaultAccounts.isPresent();
    }

    /** Empty: the user has none, or slurmdbd does not know him. Throws {@link IllegalStateException} if nobody has asked. */
    public Optional<String> defaultAccount(String user) {
        return Optional.ofNullable(defaultAccounts.orElseThrow(() -> new IllegalStateException("nobody has asked for default accounts")).get(fold(user)));
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
