package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.OrderPlanner.CannotBeDone;
import org.waldur.siteagent.order.OrderPlanner.Taken;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Cluster;

/** The project's and the customer's accounts above the allocations: created before the first, removed after the last. */
final class ParentAccounts {
    private final BackendSettings settings;
    private final Cluster cluster;
    private final Ownership ownership;
    private final Allocations allocations;
    private final Map<String, Change.CreateAccount> created = new LinkedHashMap<>();

    ParentAccounts(BackendSettings settings, Cluster cluster, Ownership ownership, Allocations allocations) {
        this.settings = settings;
        this.cluster = cluster;
        this.ownership = ownership;
        this.allocations = allocations;
    }

    /** Customers before projects. */
    Collection<Change.CreateAccount> created() {
        return created.values().stream().sorted(Comparator.comparingInt(Change.CreateAccount::level)).toList();
    }

    /** Whether this name belongs to an account above allocations. */
    boolean wants(String name, PreparedOrder prepared) {
        return created.containsKey(name) || name.equals(cut(prepared.names().project())) || name.equals(cut(prepared.names().customer()));
    }

    private static String cut(String name) {
        try {
            return AccountName.of("", name, AccountName.DISTINCT);
        } catch (AccountName.InvalidName e) {
            return "";
        }
    }

    /** The project's account of an order, after planning to create what is missing. */
    String ensure(PreparedOrder prepared, String allocation) {
        if (cluster.exists(allocation)) {
            return cluster.parent(allocation);
        }
        Order order = prepared.order();
        String top = settings.parentAccount().orElse(settings.rootAccount()).toLowerCase(Locale.ROOT);
        if (!cluster.exists(top)) {
            throw new Held("account '" + top + "', which all others are to be beneath, does not exist on cluster " + cluster.name(), List.of());
        }
        String project = OrderPlanner.name(prepared.names().project(), order.projectSlug(), "project", AccountName.DISTINCT);
        List<Change.CreateAccount> wanted = new ArrayList<>();
        String above = top;
        if (settings.parentAccount().isEmpty()) {
            above = OrderPlanner.name(prepared.names().customer(), order.customerSlug(), "customer", AccountName.DISTINCT);
            if (above.equals(project)) {
                throw new CannotBeDone("project and customer would both have the account name '" + project + "'");
            }
            if (!cluster.exists(project)) {
                wanted.add(account(order, 0, above, top, order.customerName(), order.customerUuid()));
            }
        }
        wanted.add(account(order, 1, project, above, order.projectName(), order.projectUuid()));
        wanted.forEach(this::check);
        wanted.stream().filter(a -> !cluster.exists(a.name())).forEach(a -> created.merge(a.name(), a, ParentAccounts::shared));
        return project;
    }

    private void check(Change.CreateAccount wanted) {
        String name = wanted.name();
        Change.CreateAccount planned = created.get(name);
        boolean foreign = cluster.exists(name) ? !ownership.ownsParent(name, wanted.level(), wanted.marker())
                : cluster.occupied(name) || cluster.marker(name).filter(marker -> !marker.equals(wanted.marker())).isPresent();
        if (foreign || ownership.isProtected(name) || allocations.has(name)
                || planned != null && !(planned.marker().equals(wanted.marker()) && planned.parent().equals(wanted.parent()))) {
            throw new Taken(name, wanted.level() == 0 ? "this customer" : "this project");
        }
    }

    private static Change.CreateAccount account(Order order, int level, String name, String parent, String title, String uuid) {
        String marker = marker(uuid);
        if (marker.length() != 32) {
            throw new Held("Waldur does not say the uuid of its " + (level == 0 ? "customer" : "project"), List.of());
        }
        return new Change.CreateAccount(OrderPlanner.of(order), level, name, parent, Account.describe(title, marker), name, new TreeMap<>(), marker,
                "an allocation is to be created beneath it", List.of());
    }

    private static Change.CreateAccount shared(Change.CreateAccount one, Change.CreateAccount other) {
        SortedSet<String> orders = new TreeSet<>(one.orders());
        orders.addAll(other.orders());
        return new Change.CreateAccount(orders, one.level(), one.name(), one.parent(), one.description(), one.organization(),
                one.grpTresMins(), one.marker(), one.reason(), one.facts());
    }

    /**
     * Projects, then customers, that nothing is left beneath once the removals are made.
     *
     * @param terminated orders with the accounts of their allocations, which need not exist any more
     */
    List<Change.RemoveParent> removed(List<Change.RemoveAllocation> removals, Map<PreparedOrder, String> terminated, List<Change> writes) {
        Set<String> gone = removals.stream().map(Change.RemoveAllocation::account).collect(Collectors.toCollection(HashSet::new));
        Set<String> needed = created.values().stream().map(Change.CreateAccount::parent).collect(Collectors.toCollection(HashSet::new));
        writes.stream().filter(Change.CreateAccount.class::isInstance).forEach(w -> needed.add(((Change.CreateAccount) w).parent()));
        Map<PreparedOrder, Set<String>> beneath = new LinkedHashMap<>();
        terminated.forEach((order, account) -> beneath.put(order, Set.of(account)));
        List<Change.RemoveParent> changes = new ArrayList<>();
        for (int level = 1; level >= 0; level--) {
            SortedMap<String, SortedSet<String>> emptied = new TreeMap<>();
            for (Map.Entry<PreparedOrder, Set<String>> each : beneath.entrySet()) {
                Order order = each.getKey().order();
                String uuid = marker(level == 0 ? order.customerUuid() : order.projectUuid());
                Set<String> above = above(each.getValue(), uuid);
                each.setValue(above);
                for (String account : above) {
                    boolean empty = gone.containsAll(cluster.children(account)) && cluster.users(account).isEmpty() && !needed.contains(account);
                    if (empty && !gone.contains(account) && ownership.mayRemoveParent(account, level, uuid)) {
                        emptied.computeIfAbsent(account, a -> new TreeSet<>()).add(order.uuid());
                    }
                }
            }
            for (Map.Entry<String, SortedSet<String>> each : emptied.entrySet()) {
                changes.add(new Change.RemoveParent(each.getValue(), level, each.getKey(), "nothing is left beneath it"));
                gone.add(each.getKey());
            }
        }
        return changes;
    }

    /** Whoever is above, and whoever is marked: an earlier run may have died when what was beneath it had gone. */
    private Set<String> above(Set<String> beneath, String uuid) {
        Set<String> above = new TreeSet<>(cluster.marked(uuid));
        beneath.stream().map(cluster::parent).filter(p -> !p.isEmpty()).forEach(above::add);
        return above;
    }

    private static String marker(String uuid) {
        return uuid.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
