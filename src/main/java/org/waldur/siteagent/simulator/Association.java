package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A node of the cluster's association tree: an account, or a user in an account, perhaps in one partition. Guarded by the simulator's lock. */
final class Association {
    /** Stored for {@code fairshare=parent}. */
    static final long SHARES_OF_PARENT = Integer.MAX_VALUE;

    final String account;
    /** Empty for the account itself. */
    final String user;
    /** Empty: in all partitions. */
    final String partition;
    /** Number of the command that made it: younger ones become the default account of a user who has none. */
    final long created;
    /** Null for root. */
    Association parent;
    /** Leftmost first: a new child is put leftmost, as slurmdbd does. */
    final List<Association> children = new ArrayList<>();
    /** As they were last counted: {@link SlurmWorld#numbers} knows them as they are now. */
    NestedSet numbers;
    long shares = 1;
    Map<String, Long> grpTresMins = Map.of();
    OptionalLong grpSubmitJobs = OptionalLong.empty();
    /** A list of its own, by name; empty: what is above counts. */
    List<String> qos = List.of();
    /** What is added to the list from above (true) and taken from it, where there is none of its own. */
    Map<String, Boolean> qosChanges = Map.of();
    /** Empty: the one from above. */
    String defaultQos = "";
    boolean defaultAccount;
    boolean hadJobs;
    /** Removed, but with jobs in its past: it stays in the nested set, unseen, and comes back when it is added again. */
    boolean deleted;

    Association(String account, String user, String partition, long created) {
        this.account = account;
        this.user = user;
        this.partition = partition;
        this.created = created;
    }

    boolean isAccount() {
        return user.isEmpty();
    }

    /** Itself and all below it, in the order of lft. */
    Stream<Association> tree() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(Association::tree));
    }

    void move(Association newParent) {
        detach();
        newParent.adopt(List.of(this));
    }

    /** Makes these the leftmost children, in this order. */
    void adopt(List<Association> added) {
        children.addAll(0, added);
        added.forEach(child -> child.parent = this);
    }

    void detach() {
        parent.children.remove(this);
        parent = null;
    }

    /** Numbers the nested set below this node; gives the next free number. */
    int number(int next) {
        int free = next + 1;
        for (Association child : children) {
            free = child.number(free);
        }
        numbers = new NestedSet(next, free);
        return free + 1;
    }

    /** Marks it as deleted; no limit outlives that. */
    void delete() {
        deleted = true;
        defaultAccount = false;
        shares = 1;
        grpTresMins = Map.of();
        grpSubmitJobs = OptionalLong.empty();
        qos = List.of();
        qosChanges = Map.of();
        defaultQos = "";
    }

    /** What WOPInfo shows: its own list, or what it adds to the list from above, and nothing tells which of the two. */
    List<String> ownQos() {
        return !qos.isEmpty() ? qos : qosChanges.keySet().stream().filter(qosChanges::get).sorted().toList();
    }

    /** The QoS that apply, by name: its own, or those from above with its changes. */
    List<String> effectiveQos() {
        if (!qos.isEmpty() || parent == null) {
            return qos;
        }
        Set<String> names = new TreeSet<>(parent.effectiveQos());
        qosChanges.forEach((name, added) -> {
            if (added) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        return List.copyOf(names);
    }

    /** The default QoS that applies: its own or the next above; empty if there is none. */
    String effectiveDefaultQos() {
        return !defaultQos.isEmpty() || parent == null ? defaultQos : parent.effectiveDefaultQos();
    }

    /** How sacctmgr names the partition in its lines about users. */
    String partitionText() {
        return partition.isEmpty() ? "" : " P = " + partition;
    }

    String sharesText() {
        return shares == SHARES_OF_PARENT ? "parent" : Long.toString(shares);
    }

    String parentName() {
        return isAccount() && parent != null ? parent.account : "";
    }
}
