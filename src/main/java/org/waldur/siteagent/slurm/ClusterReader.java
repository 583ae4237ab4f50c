package org.waldur.siteagent.slurm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.exec.CommandOutput;

/**
 * Makes a {@link Cluster} of what sacctmgr printed: the whole of it, or {@link ClusterUnknown}.
 *
 * <p>Seen is: an answer without its header, without root or without any default account; a cut within a line; a line of something else among the rows; a user in an
 * account that is not there; a parent that is not there; lft and rgt that do not nest. Not seen can be an answer that ends after a full
 * line, or lacks rows that nothing else refers to; but sacctmgr prints that only if it was killed or failed, and then its exit code says so.
 */
public final class ClusterReader {
    private final String configured;
    private final Set<String> clusters = new TreeSet<>();
    private final List<Association> accounts = new ArrayList<>();
    private final List<Tree.Node> nodes = new ArrayList<>();
    private final Map<String, SortedSet<String>> users = new HashMap<>();
    /** By account and user, where there are any. */
    private final Map<String, Map<String, SortedMap<String, Long>>> userLimits = new HashMap<>();
    /** Names come again and again; each is kept once. */
    private final Map<String, String> names = new HashMap<>();

    private ClusterReader(String configured) {
        this.configured = configured.toLowerCase(Locale.ROOT);
    }

    /**
     * @param associations {@code show association}, with lft and rgt or with parentname
     * @param accounts     {@code show account}, description last
     * @param defaults     {@code show association onlydefaults}: the accounts that are the default of their user; null: nobody has asked
     * @param tres         names of the TRES that the cluster knows, like {@code gres/gpu}
     * @param cluster      the configured cluster; blank: the only one that there is
     * @param caller       who ran sacctmgr
     */
    static Cluster read(CommandOutput associations, CommandOutput accounts, CommandOutput defaults, Set<String> tres, String cluster, Caller caller) {
        ClusterReader reader = new ClusterReader(cluster);
        Accounts found = reader.associations(associations, caller);
        return new Cluster(found.cluster(), found.associations(), reader.users, reader.userLimits, reader.descriptions(accounts),
                defaults == null ? Optional.empty() : Optional.of(reader.defaults(defaults, found.cluster())), tres, caller.mayLoad());
    }

    /** The accounts and their limits only. */
    static Accounts accounts(CommandOutput associations, String cluster, Caller caller) {
        return new ClusterReader(cluster).associations(associations, caller);
    }

    private Accounts associations(CommandOutput associations, Caller caller) {
        caller.mustSeeAll();
        Table table = Table.of("the association dump", associations, "cluster", "account", "user", "grptresmins", "grpsubmit", "qos", "defqos");
        table.rows().forEach(row -> row(row, table.has("lft")));
        if (configured.isBlank() && clusters.size() > 1) {
            throw new ClusterUnknown("slurmdbd knows the clusters " + clusters + ": set backend_settings.cluster_name");
        }
        String name = configured.isBlank() ? clusters.stream().findFirst().orElse("") : configured;
        return new Accounts(name, tree(name, table.has("lft")));
    }

    private void row(Table.Row row, boolean nested) {
        String cluster = name(row.lower("cluster"));
        clusters.add(cluster);
        if (!configured.isBlank() && !cluster.equals(configured)) {
            return;
        }
        String account = name(row.lower("account"));
        if (!row.get("user").isEmpty()) {
            String user = name(row.lower("user"));
            users.computeIfAbsent(account, a -> new TreeSet<>()).add(user);
            SortedMap<String, Long> limits = limits(account, row);
            if (!limits.isEmpty()) {
                userLimits.computeIfAbsent(account, a -> new HashMap<>()).put(user, limits);
            }
            return;
        }
        accounts.add(account(account, nested ? "" : name(row.lower("parentname")), row));
        if (nested) {
            nodes.add(new Tree.Node(account, row.number("lft"), row.number("rgt")));
        }
    }

    private String name(String name) {
        return names.computeIfAbsent(name, n -> n);
    }

    private Association account(String account, String parent, Table.Row row) {
        SortedSet<String> qos = new TreeSet<>();
        for (String one : row.lower("qos").split(",")) {
            if (!one.isEmpty()) {
                qos.add(name(one));
            }
        }
        return new Association(account, parent, limits(account, row), row.get("grpsubmit").isEmpty() ? OptionalLong.empty() : OptionalLong.of(row.number("grpsubmit")),
                qos.isEmpty() ? Collections.emptySortedSet() : qos, name(row.lower("defqos")));
    }

    private static SortedMap<String, Long> limits(String account, Table.Row row) {
        try {
            return TresLimits.parse(row.get("grptresmins"));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ClusterUnknown("account " + account + ": " + e.getMessage());
        }
    }

    /** The accounts by name, each beneath its parent. */
    private Map<String, Association> tree(String cluster, boolean nested) {
        Map<String, String> parents = nested ? Tree.parents(nodes) : Map.of();
        Map<String, Association> found = new HashMap<>();
        accounts.forEach(a -> found.put(a.account(), nested ? a.beneath(parents.get(a.account())) : a));
        if (!found.containsKey("root")) {
            throw new ClusterUnknown("the association dump has no account root of cluster '" + cluster + "', so it is not whole");
        }
        users.forEach((account, members) -> {
            if (!found.containsKey(account)) {
                throw new ClusterUnknown("user " + members.first() + " is in account " + account + ", which the dump does not have");
            }
        });
        found.values().forEach(account -> {
            if (!account.parent().isEmpty() && !found.containsKey(account.parent())) {
                throw new ClusterUnknown("account " + account.account() + " is beneath " + account.parent() + ", which the dump does not have");
            }
        });
        return found;
    }

    private Map<String, Account> descriptions(CommandOutput output) {
        Map<String, Account> rows = new HashMap<>();
        Set<String> twice = new HashSet<>();
        Table.of("the list of accounts", output, "account", "org", "descr").rowsThatEndInText().forEach(row -> {
            String account = name(row.lower("account"));
            if (rows.put(account, new Account(account, row.lower("descr"), name(row.lower("org")))) != null) {
                twice.add(account);
            }
        });
        // a newline in a description can forge a row: what is there twice says nothing about whose it is
        twice.forEach(name -> rows.put(name, new Account(name, "", "")));
        if (!rows.containsKey("root")) {
            throw new ClusterUnknown("the list of accounts has no root, so it is not whole");
        }
        return rows;
    }

    private Map<String, String> defaults(CommandOutput output, String cluster) {
        Map<String, String> defaults = new HashMap<>();
        Table.of("the list of default accounts", output, "cluster", "account", "user").rows()
                .filter(row -> row.lower("cluster").equals(cluster) && !row.get("user").isEmpty())
                .forEach(row -> defaults.put(name(row.lower("user")), name(row.lower("account"))));
        if (defaults.isEmpty() && !users.isEmpty()) {
            throw new ClusterUnknown("there are users in accounts, and the list of default accounts has nobody, so it is not whole");
        }
        return defaults;
    }

    /** The names of {@code show tres} with type and name. */
    static Set<String> tres(CommandOutput output) {
        Set<String> names = new HashSet<>();
        Table.of("the list of TRES", output, "type", "name").rows()
                .forEach(row -> names.add(row.get("name").isEmpty() ? row.lower("type") : row.lower("type") + "/" + row.lower("name")));
        if (!names.contains("cpu")) {
            throw new ClusterUnknown("the list of TRES has no cpu, so it is not whole");
        }
        return names;
    }
}
