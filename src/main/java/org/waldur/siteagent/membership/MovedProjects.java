package org.waldur.siteagent.membership;

import java.util.ArrayList;
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

    /** @param accounts resource to its account */
    MovedProjects(Facts facts, Ownership ownership, Map<String, String> accounts) {
        this.facts = facts;
        this.settings = facts.offering().backend();
        this.cluster = facts.cluster();
        this.ownership = ownership;
        facts.allocations().stream().filter(a -> accounts.containsKey(a.uuid())).forEach(allocation -> {
            String project = cluster.parent(accounts.get(allocation.uuid()));
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
        boolean foreign = cluster.exists(wanted) ? !ownership.ownsParent(wanted, 0, allocation.customer().uuid()) : cluster.occupied(wanted)
                || cluster.marker(wanted).filter(marker -> !marker.equals(allocation.customer().uuid())).isPresent();
        if (!unanimous || foreign || ownership.isProtected(wanted) || wanted.equals(project)) {
            return List.of(new LeaveAccount(project, true, !unanimous ? "allocations of several projects are beneath it"
                    : "its project has another customer by now, whose account '" + wanted + "' is something else", why));
        }
        List<Change> changes = new ArrayList<>();
        if (!cluster.exists(wanted)) {
            String top = settings.rootAccount().toLowerCase(Locale.ROOT);
            changes.add(new CreateAccount(MembershipChange.concern(project), 0, wanted, top, Account.describe(allocation.customer().name(), allocation.customer().uuid()),
                    wanted, new TreeMap<>(), allocation.customer().uuid(), "a project is to be moved beneath it", why));
        }
        changes.add(new MoveAccount(project, above, wanted, "its project has another customer by now", why));
        return changes;
    }
}
