package org.waldur.siteagent.slurm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a {@link Cluster} of what sacctmgr printed: the whole of it, or {@link ClusterUnknown}. */
public final class ClusterReader {
    private ClusterReader() {
    }

    /**
     * @param associations {@code show association}, with lft and rgt or with parentname
     * @param accounts     {@code show account}, description last
     * @param users        {@code show user} with defaultaccount and adminlevel
     * @param tres         {@code show tres} with type and name
     * @param cluster      the configured cluster; blank: the only one that there is
     * @param caller       who ran sacctmgr
     */
    public static Cluster read(String associations, String accounts, String users, String tres, String cluster, Caller caller) {
        Table userTable = Table.strict("the list of users", users, "user", "defacct", "admin");
        if (!caller.seesAll(users)) {
            throw new ClusterUnknown(caller.name() + " may not see all of Slurm's accounting, and Slurm would not say so. Grant it:"
                    + " sacctmgr -i add user " + caller.name() + " account=ACCOUNT adminlevel=Operator"
                    + " (or, if he is there: sacctmgr -i modify user " + caller.name() + " set adminlevel=Operator)");
        }
        Table table = Table.strict("the association dump", associations, "cluster", "account", "user", "partition", "grptresmins", "grpsubmit");
        Set<String> clusters = table.rows().stream().map(r -> r.lower("cluster")).collect(Collectors.toSet());
        if (cluster.isBlank() && clusters.size() > 1) {
            throw new ClusterUnknown("slurmdbd knows the clusters " + clusters + ": set backend_settings.cluster_name");
        }
        String name = cluster.isBlank() ? clusters.stream().findFirst().orElse("") : cluster.toLowerCase(Locale.ROOT);
        List<Table.Row> rows = table.rows().stream().filter(r -> r.lower("cluster").equals(name)).toList();
        List<Association> found = associations(table, rows);
        if (found.stream().noneMatch(a -> a.account().equals("root") && a.user().isEmpty())) {
            throw new ClusterUnknown("the association dump has no account root of cluster '" + name + "', so it is not whole");
        }
        return new Cluster(name, found, accountRows(accounts), defaultAccounts(userTable), tresNames(tres), caller.mayLoad(users));
    }

    private static List<Association> associations(Table table, List<Table.Row> rows) {
        List<Table.Row> accountRows = rows.stream().filter(r -> r.get("user").isEmpty()).toList();
        Map<String, String> parents = table.has("lft") ? Tree.parents(accountRows)
                : accountRows.stream().collect(Collectors.toMap(r -> r.lower("account"), r -> r.lower("parentname"), (a, b) -> a));
        List<Association> found = new ArrayList<>();
        for (Table.Row row : rows) {
            String account = row.lower("account");
            String user = row.lower("user");
            String parent = user.isEmpty() ? parents.get(account) : account;
            if (parent == null || !user.isEmpty() && !parents.containsKey(account)) {
                throw new ClusterUnknown("user " + user + " is in account " + account + ", which the dump does not have");
            }
            try {
                found.add(new Association(account, user, row.get("partition"), parent, TresLimits.parse(row.get("grptresmins")),
                        row.get("grpsubmit").isEmpty() ? OptionalLong.empty() : OptionalLong.of(row.number("grpsubmit"))));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new ClusterUnknown("account " + account + ": " + e.getMessage());
            }
        }
        for (Association association : found) {
            if (!association.parent().isEmpty() && !parents.containsKey(association.parent())) {
                throw new ClusterUnknown("account " + association.account() + " is beneath " + association.parent()
                        + ", which the dump does not have");
            }
        }
        return found;
    }

    private static Map<String, Account> accountRows(String output) {
        Map<String, Account> rows = new HashMap<>();
        Set<String> twice = new HashSet<>();
        for (Table.Row row : Table.lastColumnIsText("the list of accounts", output, "account", "org", "descr").rows()) {
            if (rows.put(row.lower("account"), new Account(row.lower("account"), row.lower("descr"), row.lower("org"))) != null) {
                twice.add(row.lower("account"));
            }
        }
        // a newline in a description can forge a row: what is there twice says nothing about whose it is
        twice.forEach(name -> rows.put(name, new Account(name, "", "")));
        if (!rows.containsKey("root")) {
            throw new ClusterUnknown("the list of accounts has no root, so it is not whole");
        }
        return rows;
    }

    private static Map<String, String> defaultAccounts(Table users) {
        return users.rows().stream().filter(r -> !r.get("defacct").isEmpty())
                .collect(Collectors.toMap(r -> r.lower("user"), r -> r.lower("defacct"), (a, b) -> a));
    }

    private static Set<String> tresNames(String output) {
        Set<String> names = new HashSet<>();
        for (Table.Row row : Table.strict("the list of TRES", output, "type", "name").rows()) {
            names.add(row.get("name").isEmpty() ? row.lower("type") : row.lower("type") + "/" + row.lower("name"));
        }
        return names;
    }
}
