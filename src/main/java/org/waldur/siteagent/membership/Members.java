package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.Order;
import org.waldur.siteagent.order.OrderCycle;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.PopulateAccount;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.record.NewAllocations;
import org.waldur.siteagent.slurm.Cluster;

/** The members of new allocations. Bean {@code members} of the routes; all it remembers is on disk. */
public final class Members {
    private static final Logger LOG = LoggerFactory.getLogger("members");
    private final NewAllocations newAllocations;
    private final DeadLetters deadLetters;
    private final Consumer<String> out;

    /** @param out where a dry run says who would be added */
    public Members(NewAllocations newAllocations, DeadLetters deadLetters, Consumer<String> out) {
        this.newAllocations = newAllocations;
        this.deadLetters = deadLetters;
        this.out = out;
    }

    /** Allocations whose members are still to be added, of this run or of one that died; but for those that failed a short while ago. */
    public List<PopulateAccount> remembered(Offering offering) {
        return newAllocations.of(offering.uuid()).stream().filter(p -> !deadLetters.backsOff(p.order())).toList();
    }

    /** No members are added to an account that is gone, or that is another resource's by now: nobody could ever complete them. */
    public void forgetGone(Offering offering, OrderCycle cycle, Cluster cluster) {
        for (PopulateAccount population : due(offering, cycle)) {
            boolean anothers = cluster.marker(population.account()).filter(marker -> !marker.equals(population.resource())).isPresent();
            if (anothers || !cluster.exists(population.account())) {
                LOG.info("Nobody is added to account {} of resource {} any more, because it is gone", population.account(), population.resource());
                forget(offering, population);
            }
        }
    }

    /** A cycle went through: letters about no order, and about orders that are neither open nor wait for members, are of the past. */
    public void settleLetters(Offering offering, List<Order> open) {
        Set<String> waiting = new TreeSet<>();
        open.forEach(order -> waiting.add(order.uuid()));
        newAllocations.of(offering.uuid()).forEach(p -> waiting.add(p.order()));
        deadLetters.settleRest(offering.name(), waiting);
    }

    private void forget(Offering offering, PopulateAccount population) {
        newAllocations.remove(offering.uuid(), population);
        deadLetters.settle(population.order());
    }

    /** Of the remembered ones those whose order has ended; Waldur may not know the users of a team before. */
    public List<PopulateAccount> due(Offering offering, OrderCycle cycle) {
        return remembered(offering).stream().filter(p -> cycle.hasEnded(p.order())).toList();
    }

    /** Writes down, before their orders end, which allocations are to get members. */
    public void remember(Offering offering, OrderCycle cycle) {
        cycle.getPopulations().forEach(p -> newAllocations.add(offering.uuid(), p));
    }

    /** The members of this team that are not yet in the account. */
    public AddUsers missing(PopulateAccount population, List<JsonNode> team, List<JsonNode> offeringUsers, Cluster cluster) {
        SortedSet<String> wanted = Team.of(team, offeringUsers).wanted();
        Set<String> found = cluster.users(population.account());
        SortedSet<String> missing = new TreeSet<>(wanted);
        missing.removeAll(found);
        return new AddUsers(population.orders(), population.account(), missing, "they are on the team of resource " + population.resource(),
                List.of("team with usernames: " + wanted, "in the account: " + found));
    }

    /** What is to be added to accounts that are there, in as few commands as the same users allow. Says each addition once. */
    public List<UserBatch> batches(List<AddUsers> additions, Cluster cluster) {
        List<AddUsers> possible = possible(additions, cluster);
        possible.forEach(a -> LOG.info("{} because {}", a.what(), a.reason()));
        return UserBatch.of(possible);
    }

    /** One user in one account. */
    public record Member(String account, String user) {
    }

    /** The same additions one by one, as a file for {@code sacctmgr load} names them. */
    public List<Member> each(List<AddUsers> additions, Cluster cluster) {
        return possible(additions, cluster).stream().flatMap(a -> a.users().stream().map(user -> new Member(a.account(), user))).toList();
    }

    private static List<AddUsers> possible(List<AddUsers> additions, Cluster cluster) {
        return additions.stream().filter(a -> !a.users().isEmpty() && cluster.exists(a.account())).toList();
    }

    /** Says in a dry run what would be added. */
    public void announce(List<AddUsers> additions) {
        additions.stream().filter(a -> !a.users().isEmpty()).forEach(a -> out.accept("  + " + a.what() + "\n      because " + a.reason()));
    }

    /** With policy {@code common}: who of them is not yet in the default account. */
    public List<UserBatch> toDefaultAccount(Offering offering, List<AddUsers> additions, Cluster cluster) {
        return UserBatch.of(new DefaultAccounts(offering.backend(), cluster).opened(additions));
    }

    /** Default accounts for who has none, only where he already is. */
    public List<SetDefaultAccount> defaults(Offering offering, List<AddUsers> additions, Cluster cluster) {
        List<AddUsers> made = additions.stream().map(a -> a.only(cluster.users(a.account()))).toList();
        return new DefaultAccounts(offering.backend(), cluster).set(made).stream().filter(d -> cluster.users(d.account()).contains(d.user())).toList();
    }

    /** Additions that the cluster does not show, though nothing was said to have failed. */
    public List<Cycle.Unverified> unverified(OrderCycle cycle, List<AddUsers> additions, Cluster now) {
        return additions.stream().filter(a -> !cycle.getLeft().keySet().containsAll(a.orders()))
                .filter(a -> now.exists(a.account()) && !now.users(a.account()).containsAll(a.users()))
                .map(a -> new Cycle.Unverified(String.join(",", a.orders()), "read back, the cluster does not show: " + a.what())).toList();
    }

    /** Who is in these accounts, once each. */
    public List<String> users(List<PopulateAccount> populations, Cluster now) {
        SortedSet<String> users = new TreeSet<>();
        populations.forEach(p -> users.addAll(now.users(p.account())));
        return List.copyOf(users);
    }

    /** The members of these allocations are complete, as far as the cluster shows it, and nothing about them failed in this cycle. */
    public void settle(Offering offering, OrderCycle cycle, List<PopulateAccount> populations, List<AddUsers> additions, Cluster now) {
        for (PopulateAccount population : populations) {
            boolean complete = additions.stream().filter(a -> a.account().equals(population.account()))
                    .anyMatch(a -> now.users(a.account()).containsAll(a.users()));
            if (complete && !cycle.getLeft().containsKey(population.order())) {
                forget(offering, population);
            }
        }
    }
}
