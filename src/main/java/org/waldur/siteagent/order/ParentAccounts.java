package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.OrderPlanner.CannotBeDone;
import org.waldur.siteagent.order.OrderPlanner.Held;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Cluster;

/** The project's and the customer's accounts above the allocations: created before the first, removed after the last. */
final class ParentAccounts {
    private final BackendSettings settings;
    private final Cluster cluster;
    private final Ownership ownership;
    private final Map<String, Change.CreateAccount> created = new LinkedHashMap<>();

    ParentAccounts(BackendSettings settings, Cluster cluster, Ownership ownership) {
        this.settings = settings;
        this.cluster = cluster;
        this.ownership = ownership;
    }

    /** Customers before projects. */
    Collection<Change.CreateAccount> created() {
        return created.values().stream().sorted((a, b) -> Integer.compare(a.level(), b.level())).toList();
    }

    /** Whether this name belongs to an account above allocations. */
    boolean wants(String name, PreparedOrder prepared) {
        return created.containsKey(name) || name.equalsIgnoreCase(prepared.names().project())
                || name.equalsIgnoreCase(prepared.names().customer());
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
        if (settings.parentAccount().isEmpty()) {
            String customer = OrderPlanner.name(prepared.names().customer(), order.customerSlug(), "customer", AccountName.DISTINCT);
            if (customer.equals(project)) {
                throw new CannotBeDone("project and customer would both have the account name '" + project + "'");
            }
            wanted.add(account(order, 0, customer, top, order.customerName(), order.customerUuid(), customer));
            wanted.add(account(order, 1, project, customer, order.projectName(), order.projectUuid(), project));
        } else {
            wanted.add(account(order, 1, project, top, order.projectName(), order.projectUuid(), project));
        }
        wanted.forEach(this::check);
        wanted.stream().filter(a -> !cluster.exists(a.name())).forEach(a -> created.merge(a.name(), a, ParentAccounts::shared));
        return project;
    }

    private void check(Change.CreateAccount wanted) {
        Change.CreateAccount planned = created.get(wanted.name());
        boolean foreign = cluster.exists(wanted.name()) && !ownership.ownsParent(wanted.name(), wanted.marker());
        if (foreign || ownership.isProtected(wanted.name()) || planned != null && !planned.marker().equals(wanted.marker())) {
            throw new CannotBeDone("the account name '" + wanted.name() + "' is taken by something that does not belong to "
                    + (wanted.level() == 0 ? "this customer" : "this project"));
        }
    }

    private static Change.CreateAccount account(Order order, int level, String name, String parent, String title, String uuid, String organization) {
        String marker = marker(uuid);
        if (marker.length() != 32) {
            throw new Held("Waldur does not say the uuid of its " + (level == 0 ? "customer" : "project"), List.of());
        }
        return new Change.CreateAccount(OrderPlanner.of(order), level, name, parent, Account.describe(title, marker), organization, Map.of(), marker,
                "an allocation is to be created beneath it", List.of());
    }

    private static Change.CreateAccount shared(Change.CreateAccount one, Change.CreateAccount other) {
        SortedSet<String> orders = new TreeSet<>(one.orders());
        orders.addAll(other.orders());
        return new Change.CreateAccount(orders, one.level(), one.name(), one.parent(), one.description(), one.organization(),
                one.grpTresMins(), one.marker(), one.reason(), one.facts());
    }

    /** Projects, then customers, that nothing is left beneath once the removals are made. */
    List<Change> removed(List<Change.RemoveAllocation> removals, List<PreparedOrder> terminated, List<Change> writes) {
        Set<String> gone = new HashSet<>();
        removals.forEach(r -> gone.add(r.account()));
        Set<String> needed = new HashSet<>();
        created.values().forEach(a -> needed.add(a.parent()));
        writes.forEach(w -> {
            if (w instanceof Change.CreateAccount account) {
                needed.add(account.parent());
            }
        });
        Map<String, SortedSet<String>> candidates = new TreeMap<>();
        for (PreparedOrder order : terminated) {
            project(order).filter(p -> !p.isEmpty()).ifPresent(p ->
                    candidates.computeIfAbsent(p, x -> new TreeSet<>()).add(order.order().uuid()));
        }
        List<Change> changes = level(1, candidates, gone, needed);
        Map<String, SortedSet<String>> customers = new TreeMap<>();
        for (PreparedOrder order : terminated) {
            cluster.marked(marker(order.order().customerUuid())).forEach(c ->
                    customers.computeIfAbsent(c, x -> new TreeSet<>()).add(order.order().uuid()));
        }
        changes.forEach(c -> {
            String project = ((Change.RemoveParent) c).account();
            gone.add(project);
            String customer = cluster.parent(project);
            boolean ours = settings.parentAccount().isEmpty() && customer.startsWith(settings.customerPrefix().toLowerCase(Locale.ROOT));
            if (ours) {
                customers.computeIfAbsent(customer, x -> new TreeSet<>()).addAll(c.orders());
            }
        });
        List<Change> all = new ArrayList<>(changes);
        all.addAll(level(0, customers, gone, needed));
        return all;
    }

    private Optional<String> project(PreparedOrder prepared) {
        String account = prepared.resource().backendId();
        String above = cluster.parent(account);
        if (!above.isEmpty()) {
            return Optional.of(above).filter(a -> a.startsWith(settings.projectPrefix().toLowerCase(Locale.ROOT)));
        }
        // an earlier run may have died after the allocation was gone: only a marked project is still known to be ours
        return cluster.marked(marker(prepared.order().projectUuid())).stream().findFirst();
    }

    private static String marker(String uuid) {
        return uuid.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private List<Change> level(int level, Map<String, SortedSet<String>> candidates, Set<String> gone, Set<String> needed) {
        List<Change> changes = new ArrayList<>();
        candidates.forEach((account, orders) -> {
            boolean empty = gone.containsAll(cluster.children(account)) && cluster.users(account).isEmpty() && !needed.contains(account);
            if (empty && cluster.exists(account) && !ownership.isProtected(account)) {
                changes.add(new Change.RemoveParent(orders, level, account, "nothing is left beneath it"));
            }
        });
        return changes;
    }
}
