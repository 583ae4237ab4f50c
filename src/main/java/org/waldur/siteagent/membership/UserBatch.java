package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Portions;

/** Users that are all added to all of these accounts: one command, because sacctmgr adds the cross product of two lists. */
public record UserBatch(SortedSet<String> users, List<AddUsers> changes) {

    /** As few batches as the same users and the length of a command allow. */
    static List<UserBatch> of(List<AddUsers> changes) {
        Map<SortedSet<String>, List<AddUsers>> same = new LinkedHashMap<>();
        changes.stream().filter(c -> !c.users().isEmpty()).forEach(c -> same.computeIfAbsent(c.users(), u -> new ArrayList<>()).add(c));
        List<UserBatch> batches = new ArrayList<>();
        same.forEach((users, all) -> Portions.of(users).forEach(some -> Portions.of(all)
                .forEach(part -> batches.add(new UserBatch(new TreeSet<>(some), part)))));
        return batches;
    }

    public List<String> accounts() {
        return changes.stream().map(AddUsers::account).toList();
    }

    /** The batch as single users in single accounts, to find the one that was refused. */
    public List<UserBatch> alone() {
        List<UserBatch> alone = new ArrayList<>();
        for (AddUsers change : changes) {
            users.forEach(user -> alone.add(new UserBatch(new TreeSet<>(List.of(user)), List.of(change))));
        }
        return alone;
    }

    /** The orders that it belongs to: uuids with commas between. */
    public String orders() {
        SortedSet<String> orders = new TreeSet<>();
        changes.forEach(c -> orders.addAll(c.orders()));
        return String.join(",", orders);
    }
}
