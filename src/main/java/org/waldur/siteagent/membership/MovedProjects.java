package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.Ownership;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Change.CreateAccount;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.plan.MembershipChange.LeaveAccount;
import org.waldur.siteagent.plan.MembershipChange.MoveAccount;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Cluster;

/** Projects that belong to another customer by now: their account is put beneath that customer's. */
final class MovedProjects {
    private final Facts facts;
    private final BackendSettings settings;
    private final Cluster cluster;
    private final Ownership ownership;
    /** Project's account to the allocations beneath it. */
    private final SortedMap<String, List<Allocation>> projects = new TreeMap<>();
    /** Accounts that are to be created, by name. */
    private final Map<String, CreateAccount> created = new HashMap<>();
    /** Project's account to what is going to be above it. */
    private final Map<String, String> moved = new HashMap<>();

    /**
     * @param accounts resource to its account, as far as that exists
     * @param creations accounts that are made in the same cycle
     */
    MovedProjects(Facts facts, Ownership ownership, Map<String, String> accounts, List<CreateAccount> creations) {
        this.facts = facts;
        this.settings = facts.offering().backend();
        this.cluster = facts.cluster();
        this.ownership = ownership;
        Map<String, String> above = new HashMap<>();
        accounts.forEach((resource, account) -> above.put(resource, cluster.parent(account)));
        creations.forEach(c -> {
            created.put(c.name(), c);
            above.put(c.marker(), c.parent());
        });
        facts.allocations().stream().filter(a -> cluster.exists(above.getOrDefault(a.uuid(), ""))).sorted(Comparator.comparing(Allocation::uuid)).forEach(allocation -> {
            String project = above.get(allocation.uuid());
            if (!allocation.project().uuid().isEmpty() && !allocation.customer().uuid().isEmpty()
                    && ownership.ownsParent(project, 1, allocation.project().uuid())) {
                projects.computeIfAbsent(project, p -> new ArrayList<>()).add(allocation);
            }
        });
    }

    /** Resources whose accounts' names have to be known before anything can be said of their project. */
    SortedSet<String> unnamed() {
        SortedSet<String> unnamed = new TreeSet<>();
        projects.forEach((project, allocations) -> {
            if (isFlat() || !isCustomers(cluster.parent(project)) || atHome(project, allocations.get(0)).isPresent() || facts.names().containsKey(allocations.get(0).uuid())) {
                return;
            }
            unnamed.add(allocations.get(0).uuid());
        });
        return unnamed;
    }

    /** Without customers' accounts nothing can move. */
    private boolean isFlat() {
        return settings.parentAccount().isPresent();
    }

    /** Whether an account is one of a customer of Waldur. A site may have put a project somewhere else on purpose. */
    private boolean isCustomers(String account) {
        return !ownership.isProtected(account) && (cluster.marker(account).isPresent() || Ownership.hasPrefix(account, settings.customerPrefix()));
    }

    /** The account above, if it says that it is the customer's. */
    private Optional<String> atHome(String project, Allocation allocation) {
        String above = cluster.parent(project);
        return Optional.of(above).filter(a -> cluster.marker(a).filter(allocation.customer().uuid()::equals).isPresent());
    }

    List<Change> plan() {
        List<Change> changes = new ArrayList<>();
        if (!isFlat()) {
            projects.forEach((project, allocations) -> changes.addAll(plan(project, allocations)));
        }
        return changes;
    }

    private List<Change> plan(String project, List<Allocation> allocations) {
        Allocation allocation = allocations.get(0);
        String above = cluster.parent(project);
        if (!isCustomers(above) || atHome(project, allocation).isPresent() || !facts.names().containsKey(allocation.uuid())) {
            return List.of();
        }
        boolean unanimous = allocations.stream().map(a -> a.project().uuid() + a.customer().uuid()).distinct().count() == 1;
        List<String> why = List.of("the account is beneath " + above, "Waldur's customer of project " + allocation.project().uuid() + " is " + allocation.customer().uuid());
        String wanted;
        try {
            wanted = cluster.marked(allocation.customer().uuid()).stream().filter(a -> !ownership.isProtected(a) && Ownership.hasPrefix(a, settings.customerPrefix())).findFirst()
                    .orElseGet(() -> AccountName.of("", facts.names().get(allocation.uuid()).customer(), AccountName.DISTINCT));
        } catch (AccountName.InvalidName e) {
            return List.of(new LeaveAccount(project, true, e.getMessage(), why));
        }
        if (wanted.equals(above)) {
            return List.of();
        }
        String top = settings.rootAccount().toLowerCase(Locale.ROOT);
        CreateAccount creation = new CreateAccount(MembershipChange.concern(wanted), 0, wanted, top, Account.describe(allocation.customer().name(), allocation.customer().uuid()),
                wanted, new TreeMap<>(), allocation.customer().uuid(), "a project is to be moved beneath it", why);
        if (!unanimous || isForeign(creation) || ownership.isProtected(wanted) || isBeneath(wanted, project)) {
            return List.of(new LeaveAccount(project, true, !unanimous ? "allocations of several projects are beneath it"
                    : "its project has another customer by now, whose account '" + wanted + "' is something else", why));
        }
        if (!cluster.exists(wanted) && !cluster.exists(top)) {
            return List.of(new LeaveAccount(project, true, "its project has another customer by now, and account '" + top + "', beneath which that one's would be, does not exist", why));
        }
        List<Change> changes = new ArrayList<>();
        if (!cluster.exists(wanted) && created.putIfAbsent(wanted, creation) == null) {
            changes.add(creation);
        }
        moved.put(project, wanted);
        changes.add(new MoveAccount(project, above, wanted, "its project has another customer by now", why));
        return changes;
    }

    /** Whether the account of that name is, or is going to be, anything but this customer's. */
    private boolean isForeign(CreateAccount wanted) {
        if (cluster.exists(wanted.name())) {
            return !ownership.ownsParent(wanted.name(), 0, wanted.marker());
        }
        CreateAccount planned = created.getOrDefault(wanted.name(), wanted);
        return cluster.occupied(wanted.name()) || cluster.marker(wanted.name()).filter(marker -> !marker.equals(wanted.marker())).isPresent()
                || planned.level() != 0 || !planned.marker().equals(wanted.marker());
    }

    /** Slurm would not refuse to put an account beneath one of its own: it would tear the tree apart. */
    private boolean isBeneath(String account, String project) {
        String above = account;
        while (!above.isEmpty() && !above.equals(project)) {
            above = moved.getOrDefault(above, cluster.parent(above));
        }
        return !above.isEmpty();
    }
}
