package org.waldur.siteagent.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.FoundCluster;
import org.waldur.siteagent.slurm.TresLimits;

/**
 * A Waldur and a cluster as simple as they can be, on which a plan can be carried out: a change does what it says, or is an
 * {@link AssertionError} where Slurm or Waldur would refuse it or lose something. It shares no code with what carries plans out.
 */
final class OrderWorld {
    /** An account: where it is, what it says, what it may use, and who is in it. */
    record Acc(String parent, String description, Map<String, Long> limits, boolean blocked, SortedSet<String> users) {
        Acc(String parent, String description) {
            this(parent, description, new TreeMap<>(), false, new TreeSet<>());
        }

        String marker() {
            String[] words = description.split(" ");
            String last = words[words.length - 1];
            return last.matches("waldur:[0-9a-f]{32}") ? last.substring(7) : "";
        }
    }

    final Offering offering;
    final Map<String, Acc> accounts = new TreeMap<>();
    /** Rows of {@code show account} without an association here: name to description. */
    final Map<String, String> rows = new TreeMap<>();
    final Map<String, Resource> resources = new TreeMap<>();
    final Map<String, PreparedOrder> orders = new LinkedHashMap<>();
    /** Order to the kind of change that ended it. */
    final Map<String, String> ended = new TreeMap<>();

    OrderWorld(Offering offering) {
        this.offering = offering;
        accounts.put("root", new Acc("", "default root account"));
    }

    OrderWorld copy() {
        OrderWorld copy = new OrderWorld(offering);
        accounts.forEach((name, a) -> copy.accounts.put(name,
                new Acc(a.parent(), a.description(), new TreeMap<>(a.limits()), a.blocked(), new TreeSet<>(a.users()))));
        copy.rows.putAll(rows);
        copy.resources.putAll(resources);
        copy.orders.putAll(orders);
        copy.ended.putAll(ended);
        return copy;
    }

    /** The plan for the orders that are open, but for those left out. */
    Plan plan(Set<String> without) {
        List<PreparedOrder> open = orders.values().stream().filter(o -> !without.contains(o.order().uuid())).toList();
        return OrderPlanner.plan(offering, open, List.copyOf(resources.values()), cluster());
    }

    Plan plan() {
        return plan(Set.of());
    }

    /** The plan from the same facts, told in the opposite order wherever order means nothing. */
    Plan planFromReversedFacts() {
        OrderWorld reversed = copy();
        reversed.orders.replaceAll((uuid, o) -> {
            Order order = o.order();
            return new PreparedOrder(new Order(order.uuid(), order.type(), order.state(), order.resource(), order.resourceName(), order.plugin(),
                    reversed(order.limits()), order.plan(), order.projectUuid(), order.projectSlug(), order.projectName(), order.customerUuid(), order.customerSlug(),
                    order.customerName()), o.resource(), o.names(), o.verdict(), o.message());
        });
        List<Resource> backwards = new ArrayList<>(resources.values());
        Collections.reverse(backwards);
        Offering other = new Offering(offering.name(), offering.uuid(), offering.apiUrl(), offering.token(), offering.verifySsl(), offering.caFile(),
                offering.proxy(), offering.backendType(), offering.modes(), offering.reportLimits(), offering.billingTimezone(), offering.backend(), reversed(offering.components()));
        return OrderPlanner.plan(other, List.copyOf(reversed.orders.values()), backwards, cluster(true));
    }

    private static <V> Map<String, V> reversed(Map<String, V> map) {
        List<String> keys = new ArrayList<>(map.keySet());
        Collections.reverse(keys);
        Map<String, V> reversed = new LinkedHashMap<>();
        keys.forEach(key -> reversed.put(key, map.get(key)));
        return reversed;
    }

    Cluster cluster() {
        return cluster(false);
    }

    private Cluster cluster(boolean backwards) {
        FoundCluster found = new FoundCluster();
        List<String> names = new ArrayList<>(accounts.keySet());
        names.remove("root");
        if (backwards) {
            Collections.reverse(names);
        }
        for (String name : names) {
            Acc account = accounts.get(name);
            found.account(name, account.parent(), account.description(), TresLimits.format(account.limits()), account.blocked() ? "0" : "");
            account.users().forEach(user -> found.user(user, name, name));
        }
        rows.forEach(found::row);
        return found.read();
    }

    Set<String> children(String account) {
        Set<String> children = new TreeSet<>();
        accounts.forEach((name, a) -> {
            if (a.parent().equals(account)) {
                children.add(name);
            }
        });
        return children;
    }

    /** Carries out the first so many changes. */
    OrderWorld apply(Plan plan, int changes) {
        plan.changes().subList(0, changes).forEach(this::apply);
        return this;
    }

    /** Cycle after cycle, until a plan writes nothing. */
    OrderWorld run() {
        for (int cycle = 0; cycle < 8; cycle++) {
            Plan plan = plan();
            if (plan.isEmpty()) {
                return this;
            }
            apply(plan, plan.changes().size());
        }
        throw new AssertionError("there is something to do in every cycle: " + plan().text());
    }

    private void apply(Change change) {
        if (change instanceof Change.ApproveOrder c) {
            orders.computeIfPresent(c.order(), (uuid, o) -> executing(o));
        } else if (change instanceof Change.CreateAccount c) {
            check(!accounts.containsKey(c.name()) && accounts.containsKey(c.parent()), change);
            String description = rows.containsKey(c.name()) ? rows.remove(c.name()) : c.description();
            accounts.put(c.name(), new Acc(c.parent(), description, new TreeMap<>(c.grpTresMins()), false, new TreeSet<>()));
        } else if (change instanceof Change.SetLimits c) {
            check(accounts.containsKey(c.account()), change);
            c.grpTresMins().forEach((tres, value) -> accounts.get(c.account()).limits().put(tres, value));
            accounts.get(c.account()).limits().values().removeIf(v -> v == TresLimits.CLEAR);
        } else if (change instanceof Change.AllowSubmission c) {
            Acc a = accounts.get(c.account());
            accounts.put(c.account(), new Acc(a.parent(), a.description(), a.limits(), false, a.users()));
        } else if (change instanceof Change.RemoveAllocation c) {
            check(accounts.containsKey(c.account()) && children(c.account()).isEmpty() && c.users().equals(accounts.get(c.account()).users()), change);
            accounts.remove(c.account());
        } else if (change instanceof Change.RemoveParent c) {
            check(accounts.containsKey(c.account()) && children(c.account()).isEmpty() && accounts.get(c.account()).users().isEmpty(), change);
            accounts.remove(c.account());
        } else if (change instanceof Change.ReportBackendId c) {
            report(c.resource(), c.backendId());
        } else if (change instanceof Change.FinishOrder c) {
            end(c.order(), c.kind());
            if (c.type().equals("TERMINATE")) {
                resources.remove(c.resource());
            }
        } else if (change instanceof Change.FailOrder c) {
            end(c.order(), "erred");
        } else if (change instanceof Change.RejectOrder c) {
            end(c.order(), "rejected");
        }
    }

    private static void check(boolean possible, Change change) {
        if (!possible) {
            throw new AssertionError("not possible at its time: " + change);
        }
    }

    private void end(String order, String how) {
        orders.remove(order);
        ended.put(order, how);
    }

    private static PreparedOrder executing(PreparedOrder o) {
        Order order = o.order();
        return new PreparedOrder(new Order(order.uuid(), order.type(), Order.State.EXECUTING, order.resource(), order.resourceName(), order.plugin(),
                order.limits(), order.plan(), order.projectUuid(), order.projectSlug(), order.projectName(), order.customerUuid(), order.customerSlug(),
                order.customerName()), o.resource(), o.names(), o.verdict(), o.message());
    }

    private void report(String resource, String backendId) {
        resources.computeIfPresent(resource, (uuid, r) -> new Resource(uuid, r.name(), r.slug(), r.state(), backendId, r.createdAt(), r.endDate(),
                r.namePolicy(), r.plan(), r.limits()));
        orders.replaceAll((uuid, o) -> o.order().resource().equals(resource) && resources.containsKey(resource)
                ? new PreparedOrder(o.order(), resources.get(resource), o.names(), o.verdict(), o.message()) : o);
    }

    /** What is there at the end. */
    String text() {
        StringBuilder text = new StringBuilder();
        accounts.forEach((name, a) -> text.append(name).append(' ').append(a).append('\n'));
        resources.values().forEach(r -> text.append(r.uuid()).append(' ').append(r.backendId()).append('\n'));
        return text + "open " + new TreeSet<>(orders.keySet()) + "\nended " + ended + "\n";
    }

    /** Whether an allocation's account is that of a resource, by the words of the issue. */
    boolean isAccountOf(String resource, String account) {
        String reported = Optional.ofNullable(resources.get(resource)).map(Resource::backendId).orElse("");
        Acc found = accounts.get(account);
        boolean byMarker = found != null && found.marker().equals(resource);
        boolean byReport = reported.equals(account) && hasPrefix(account, offering.backend().allocationPrefix())
                && (found == null || found.marker().isEmpty());
        return !isProtected(account) && (byMarker || byReport);
    }

    /** A project's or customer's account above an allocation of ours, or with a marker of theirs; with our prefix in any case. */
    boolean isParentOfOurs(String account, Set<String> uuids) {
        Acc found = accounts.get(account);
        boolean allocation = resources.keySet().stream().anyMatch(r -> isAccountOf(r, account));
        Set<String> above = new HashSet<>();
        resources.keySet().forEach(r -> accounts.keySet().stream().filter(a -> isAccountOf(r, a)).forEach(a -> {
            above.add(accounts.get(a).parent());
            above.add(accounts.getOrDefault(accounts.get(a).parent(), new Acc("", "")).parent());
        }));
        boolean prefix = hasPrefix(account, offering.backend().projectPrefix()) || hasPrefix(account, offering.backend().customerPrefix());
        return found != null && !isProtected(account) && !allocation && prefix && (above.contains(account) || uuids.contains(found.marker()));
    }

    /** Whether an account carries the uuid of a project. */
    boolean isProject(String account) {
        return accounts.containsKey(account) && orders.values().stream().anyMatch(o -> o.order().projectUuid().equals(accounts.get(account).marker()));
    }

    boolean isProtected(String account) {
        return List.of("root", offering.backend().rootAccount(), offering.backend().defaultAccount(), offering.backend().parentAccount().orElse("root"))
                .stream().anyMatch(account::equalsIgnoreCase);
    }

    private static boolean hasPrefix(String account, String prefix) {
        return account.startsWith(prefix.toLowerCase());
    }
}
