package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code sacctmgr add account}: one parent, description and organization for all names; what exists is skipped. */
final class AddAccounts {
    private static final Map<String, String> KEYS = Words.keys("name names account accounts", "cluster clusters", "parent",
            "description", "organization", LimitWords.SHARES, LimitWords.TRES_MINUTES, LimitWords.SUBMIT, LimitWords.QOS,
            LimitWords.QOS_MORE, LimitWords.QOS_LESS, LimitWords.DEFAULT_QOS);
    private final SlurmWorld world;
    private final Output output;

    AddAccounts(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void run(List<Option> options) {
        Words words = Words.parse(options, KEYS, Set.of("name", "cluster"));
        Optional<LimitWords> limits = LimitWords.of(words, world, output);
        if (limits.isEmpty()) {
            return;
        }
        if (!words.has("name")) {
            output.fail(" Need name of account to add.");
            return;
        }
        if (!clusterKnown(world, words, output)) {
            return;
        }
        String parent = words.text("parent", "root");
        Association above = world.account(parent).orElse(null);
        List<String> accounts = new ArrayList<>();
        List<String> associations = new ArrayList<>();
        for (String name : words.list("name")) {
            if (name.isEmpty()) {
                output.fail(" No blank names are allowed when adding.");
                continue;
            }
            if (!world.accounts.containsKey(name)) {
                accounts.add(name);
            }
            if (world.account(name).isEmpty() && above == null) {
                output.fail(" Parent account '%s' doesn't exist on cluster %s\n        Contact your admin to add this account.", parent,
                        world.cluster);
            } else if (world.account(name).isEmpty()) {
                associations.add(name);
            }
        }
        if (accounts.isEmpty() && associations.isEmpty()) {
            output.nothing("new added.");
        } else if (associations.isEmpty()) {
            output.err(" No associations created.");
        } else {
            print(words, limits.get(), accounts, associations, parent);
            commit(words, limits.get(), accounts, associations, above);
        }
    }

    /** Whether the cluster that the command names, if any, is this one; else the error is printed. */
    static boolean clusterKnown(SlurmWorld world, Words words, Output output) {
        for (String cluster : words.list("cluster")) {
            if (!cluster.equals(world.cluster)) {
                output.fail(" This cluster '%s' doesn't exist.\n        Contact your admin to add it to accounting.", cluster);
                return false;
            }
        }
        return true;
    }

    private void print(Words words, LimitWords limits, List<String> accounts, List<String> associations, String parent) {
        if (!accounts.isEmpty()) {
            output.out(" Adding Account(s)");
            accounts.forEach(name -> output.out("  %s", name));
            output.out(" Settings\n  %-15s = %s\n  %-15s = %s", "Description", words.text("description", "Account Name"), "Organization",
                    words.text("organization", "Parent/Account Name"));
        }
        if (!associations.isEmpty()) {
            output.out(" Associations");
            associations.forEach(name -> output.out("  A = %-10.10s C = %-10.10s", name, world.cluster));
        }
        if (!words.values.isEmpty()) {
            output.out(" Settings");
            limits.print(output, parent);
        }
    }

    private void commit(Words words, LimitWords limits, List<String> accounts, List<String> associations, Association above) {
        if (!world.callerIs(SlurmUser.AdminLevel.OPERATOR)) {
            output.fail(" Problem adding accounts: Access/permission denied");
            return;
        }
        boolean blank = words.text("description", "x").isEmpty() || words.text("organization", "x").isEmpty();
        if (blank && !accounts.isEmpty() || accounts.stream().anyMatch(name -> SlurmWorld.hasKey(world.accounts, name))) {
            output.fail(" Problem adding accounts: Unspecified error");
            return;
        }
        for (String name : accounts) {
            // of two new names that are one for slurmdbd the second is lost without a word
            if (!SlurmWorld.hasKey(world.accounts, name)) {
                world.accounts.put(name, new SlurmAccount(name, Names.stored(words.text("description", name)),
                        Names.stored(words.text("organization", above == world.root ? name : above.account))));
            }
        }
        List<Association> nodes = new ArrayList<>();
        Map<Association, Association> parents = new HashMap<>();
        for (String name : associations) {
            if (world.accounts.containsKey(name)) {
                Association node = world.create(name, "", "");
                limits.applyTo(node);
                nodes.add(node);
                parents.put(node, above);
            }
        }
        Set<String> added = new HashSet<>(accounts);
        world.add(nodes.stream().filter(node -> added.contains(node.account)).toList(), parents);
        world.add(nodes.stream().filter(node -> !added.contains(node.account)).toList(), parents);
    }
}
