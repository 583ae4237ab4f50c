package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What slurmdbd and slurmctld know. Not thread-safe: the simulator runs one command at a time. */
final class SlurmWorld {
    /** slurmdbd's keys cover no more of a name than this: two names that agree so far are one. */
    static final int KEY_LENGTH = 42;
    static final Map<Integer, String> TRES = tres();

    final String cluster;
    final Association root = new Association("root", "", "", 0);
    final NavigableMap<String, SlurmAccount> accounts = new TreeMap<>();
    final NavigableMap<String, SlurmUser.AdminLevel> users = new TreeMap<>();
    final List<String> qos = new ArrayList<>(List.of("normal"));
    final SlurmRuns runs = new SlurmRuns();
    /** Linux users by name, with their home directory. */
    final Map<String, String> passwd = new LinkedHashMap<>();
    String caller = "root";
    /** slurmdbd's PrivateData. */
    boolean privateData;
    /** PrivateData of slurmctld, which has a file of its own. */
    boolean privateQueue;
    /** Account, user and partition, where the latter two may be empty, to the node, deleted ones too. */
    private final Map<List<String>, Association> nodes = new HashMap<>();
    /** User to his nodes, deleted ones too. */
    private final Map<String, Set<Association>> nodesOf = new HashMap<>();
    /** Whether lft and rgt are right: with many accounts they are counted once for many commands. */
    private boolean numbered;
    private long command;

    SlurmWorld(String cluster) {
        this.cluster = cluster;
        accounts.put("root", new SlurmAccount("root", "default root account", "root"));
        users.put("root", SlurmUser.AdminLevel.ADMINISTRATOR);
        root.qos = List.of("normal");
        Association user = new Association("root", "root", "", 0);
        user.defaultAccount = true;
        root.adopt(List.of(user));
        root.tree().forEach(this::index);
    }

    private void index(Association node) {
        nodes.put(List.of(node.account, node.user, node.partition), node);
        if (!node.isAccount()) {
            nodesOf.computeIfAbsent(node.user, user -> new LinkedHashSet<>()).add(node);
        }
    }

    private void forget(Association node) {
        nodes.remove(List.of(node.account, node.user, node.partition));
        nodesOf.getOrDefault(node.user, new LinkedHashSet<>()).remove(node);
    }

    /** Both numbers of a node in the nested set, as they are now. */
    NestedSet numbers(Association node) {
        if (!numbered) {
            root.number(1);
            numbered = true;
        }
        return node.numbers;
    }

    private static Map<Integer, String> tres() {
        Map<Integer, String> tres = new TreeMap<>();
        for (String name : List.of("cpu", "mem", "energy", "node", "billing", "fs/disk", "vmem", "pages")) {
            tres.put(tres.size() + 1, name);
        }
        tres.put(1001, "gres/gpu");
        return tres;
    }

    /** Begins a command: what it makes is younger than what was made before. */
    void nextCommand() {
        command++;
    }

    /** In the order of lft. */
    List<Association> associations(Predicate<Association> which) {
        return root.tree().filter(node -> !node.deleted).filter(which).toList();
    }

    Optional<Association> account(String name) {
        return association(name, "", "");
    }

    Optional<Association> association(String account, String user, String partition) {
        return Optional.ofNullable(nodes.get(List.of(account, user, partition))).filter(node -> !node.deleted);
    }

    /** Of a user in an account: one for each partition, if it was made so. */
    List<Association> associations(String account, String user) {
        return account(account).stream().flatMap(node -> node.children.stream())
                .filter(node -> node.user.equals(user) && !node.isAccount() && !node.deleted).toList();
    }

    /** A node to be added: the deleted one if there is such, else a new one. */
    Association create(String account, String user, String partition) {
        Association deleted = nodes.get(List.of(account, user, partition));
        return deleted == null ? new Association(account, user, partition, command) : deleted;
    }

    /** In no order. */
    List<Association> associationsOf(String user) {
        return nodesOf.getOrDefault(user, Set.of()).stream().filter(node -> !node.deleted).toList();
    }

    /** Name of the user's default account; empty if he has none. */
    String defaultAccount(String user) {
        return associationsOf(user).stream().filter(node -> node.defaultAccount).map(node -> node.account).findFirst().orElse("");
    }

    /** Makes this a default of its user, and no other account; what he has in other partitions of this one stays as it is. */
    void makeDefault(Association node) {
        associationsOf(node.user).stream().filter(other -> !other.account.equals(node.account)).forEach(other -> other.defaultAccount = false);
        node.defaultAccount = true;
    }

    /** A user without a default account gets his youngest, or of those as young the first by name. */
    void ensureDefault(String user) {
        if (defaultAccount(user).isEmpty()) {
            associationsOf(user).stream()
                    .min(Comparator.<Association>comparingLong(node -> -node.created).thenComparing(node -> node.account))
                    .ifPresent(node -> associations(node.account, user).forEach(row -> row.defaultAccount = true));
        }
    }

    /** Adds nodes: each run of nodes with the same parent becomes its leftmost children. Deleted ones come back where they were. */
    void add(Collection<Association> added, Map<Association, Association> parents) {
        List<Association> run = new ArrayList<>();
        for (Association node : added) {
            index(node);
            if (node.deleted) {
                node.deleted = false;
                if (node.parent != parents.get(node)) {
                    node.move(parents.get(node));
                }
                continue;
            }
            if (!run.isEmpty() && parents.get(run.get(0)) != parents.get(node)) {
                parents.get(run.get(0)).adopt(run);
                run.clear();
            }
            run.add(node);
        }
        if (!run.isEmpty()) {
            parents.get(run.get(0)).adopt(run);
        }
        numbered = false;
    }

    /** Moves below a new parent. @param lift the parent is below the node, and is first put at its side */
    void move(Association node, Association parent, boolean lift) {
        if (lift) {
            parent.move(node.parent);
        }
        node.move(parent);
        numbered = false;
    }

    /** Removes these nodes and all below them; if one of them ever had a job, all are only marked. */
    void remove(Collection<Association> removed) {
        List<Association> all = removed.stream().flatMap(Association::tree).toList();
        if (all.stream().anyMatch(node -> node.hadJobs)) {
            all.forEach(Association::delete);
        } else {
            all.forEach(this::forget);
            removed.stream().filter(node -> node.parent != null).forEach(Association::detach);
            numbered = false;
        }
    }

    /** Jobs that are not over, of these nodes and of all below them. */
    List<SlurmJob> activeJobs(Collection<Association> tops) {
        return runs.active().stream().filter(job -> tops.stream().flatMap(Association::tree)
                .anyMatch(node -> node.account.equals(job.account()) && node.user.equals(job.user()))).toList();
    }

    int submit(String account, String user, String state) {
        associations(account, user).stream().findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no association of user " + user + " with account " + account))
                .hadJobs = true;
        return runs.submit(account, user, state);
    }

    /** Adds a run to the history. Its association may be gone. */
    void record(SlurmRun run) {
        associations(run.account(), run.user()).forEach(node -> node.hadJobs = true);
        runs.put(run);
    }

    /** Whether the caller may change the database: root and SlurmUser always may. */
    boolean callerIs(SlurmUser.AdminLevel level) {
        return caller.equals("root") || caller.equals("slurm")
                || users.getOrDefault(caller, SlurmUser.AdminLevel.NONE).compareTo(level) >= 0;
    }

    boolean seesAll() {
        return !privateData || callerIs(SlurmUser.AdminLevel.OPERATOR);
    }

    /** Whether squeue shows the caller the jobs of others. */
    boolean seesQueue() {
        return !privateQueue || callerIs(SlurmUser.AdminLevel.OPERATOR);
    }

    /** Whether one of these names is the same for slurmdbd as this one. */
    static boolean hasKey(NavigableMap<String, ?> names, String name) {
        // of names that begin alike, the next in order is one of them
        String next = names.ceilingKey(key(name));
        return next != null && key(next).equals(key(name));
    }

    static String key(String name) {
        return name.length() > KEY_LENGTH ? name.substring(0, KEY_LENGTH) : name;
    }
}
