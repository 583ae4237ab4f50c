package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code sacctmgr remove user} and {@code remove account}: all or nothing, and with 22.05's trap about default accounts. */
final class RemoveCommand {
    private static final Map<String, String> ACCOUNT = Words.keys("name names account accounts", "cluster clusters");
    private static final Map<String, String> USER =
            Words.keys("name names user users", "account accounts", "cluster clusters", "partition partitions");
    private final SlurmWorld world;
    private final Output output;

    RemoveCommand(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    /** Without a cluster the account goes; with one only its associations there, and the account's own row stays. */
    void accounts(List<Option> options) {
        Words words = Words.parse(conditions(options), ACCOUNT, Set.of("name", "cluster"));
        if (!words.has("name") && !words.has("cluster")) {
            output.fail(" No conditions given to remove, not executing.");
            return;
        }
        if (!words.has("name")) {
            throw new UnknownArgument("cluster=", "remove account with a name: without one the real sacctmgr removes every account");
        }
        if (words.list("name").equals(List.of(""))) {
            output.fail("sacctmgr: error: Unknown error 1064\n Error with request: Unknown error 1064");
            return;
        }
        if (refusedForRights()) {
            return;
        }
        List<Association> nodes = world.associations(node -> node.isAccount() && words.matches("name", node.account)
                && words.matches("cluster", world.cluster));
        if (words.has("cluster")) {
            List<Association> all = nodes.stream().flatMap(Association::tree)
                    .filter(node -> !node.deleted).distinct().sorted(Comparator.comparingInt(node -> world.numbers(node).lft())).toList();
            if (nodes.isEmpty()) {
                output.nothing("deleted");
            } else if (!blocked(usersOf(all), all, true)) {
                output.out(" Deleting account associations...");
                all.forEach(node -> output.out("%s", node.isAccount()
                        ? "  C = %-10.10s A = %s of %s".formatted(world.cluster, node.account, node.parent.account) : userLine(node)));
                world.remove(nodes);
            }
            return;
        }
        List<String> names = world.accounts.keySet().stream().filter(words.list("name")::contains).toList();
        if (names.isEmpty()) {
            output.nothing("deleted");
        } else if (!blocked(usersOf(nodes.stream().flatMap(node -> node.children.stream())
                .filter(node -> !node.deleted).toList()), nodes, true)) {
            output.out(" Deleting accounts...");
            names.forEach(name -> output.out("  %s", name));
            names.forEach(world.accounts::remove);
            world.remove(nodes);
        }
    }

    /** With accounts or a cluster the associations go, and users who have none left; with names alone the users go. */
    void users(List<Option> options) {
        Words words = Words.parse(conditions(options), USER, Set.of("name", "account", "cluster", "partition"));
        if (words.repeated) {
            output.rc(1);
            return;
        }
        if (!words.has("name") && !words.has("account") && !words.has("cluster")) {
            output.fail(" No conditions given to remove, not executing.");
            return;
        }
        if (words.list("name").equals(List.of("")) && !words.has("account")) {
            output.fail("sacctmgr: error: Unknown error 1064\n Error with request: Unknown error 1064");
            return;
        }
        if (refusedForRights()) {
            return;
        }
        List<Association> nodes = world.associations(node -> !node.isAccount() && words.matches("name", node.user)
                && words.matches("account", node.account) && words.matches("cluster", world.cluster) && words.matches("partition", node.partition));
        if (words.has("account") || words.has("cluster") || words.has("partition")) {
            associations(nodes);
            return;
        }
        List<String> names = world.users.keySet().stream().filter(words.list("name")::contains).toList();
        if (names.isEmpty()) {
            output.nothing("deleted");
        } else if (!activeJobs(nodes)) {
            output.out(" Deleting users...");
            names.forEach(name -> output.out("  %s", name));
            names.forEach(world.users::remove);
            world.remove(nodes);
        }
    }

    private void associations(List<Association> nodes) {
        if (nodes.isEmpty()) {
            output.nothing("deleted");
            return;
        }
        if (blocked(nodes, nodes, false)) {
            return;
        }
        output.out(" Deleting user associations...");
        nodes.forEach(node -> output.out("%s", userLine(node)));
        world.remove(nodes);
        List<String> gone = nodes.stream().map(node -> node.user).distinct().sorted()
                .filter(user -> world.associationsOf(user).isEmpty()).toList();
        if (!gone.isEmpty()) {
            output.out(" Deleting users (No Associations)...");
            gone.forEach(user -> output.out("  %s", user));
            gone.forEach(world.users::remove);
        }
    }

    private boolean blocked(List<Association> users, List<Association> nodes, boolean account) {
        return defaultAccounts(users, account) || activeJobs(nodes);
    }

    /** 22.05 forgets to begin anew with each user: a default account is refused after any association that is none. */
    private boolean defaultAccounts(List<Association> users, boolean account) {
        List<Association> ordered = new ArrayList<>(users);
        ordered.sort(Comparator.<Association, String>comparing(node -> node.user).thenComparing(node -> node.defaultAccount));
        List<Association> refused = new ArrayList<>();
        boolean other = false;
        for (Association node : ordered) {
            if (!node.defaultAccount) {
                other = true;
            } else if (other) {
                refused.add(node);
            }
        }
        if (refused.isEmpty()) {
            return false;
        }
        output.err(" Error with request: You can not remove the default account of a user");
        refused.forEach(node -> output.err("  C = %-15s A = %-10s U = %-9s", world.cluster, node.account, node.user));
        output.err(account
                ? " Please either remove the accounts listed above from list and resubmit,\n"
                        + " or change these users' default accounts to remove the account(s)."
                : " You must change the default account of these users or remove the users completely from the affected clusters "
                        + "to allow these changes.");
        output.fail(" Changes Discarded");
        return true;
    }

    private boolean activeJobs(List<Association> nodes) {
        List<SlurmJob> jobs = world.activeJobs(nodes);
        if (jobs.isEmpty()) {
            return false;
        }
        output.fail(" Error with request: Job(s) active, cancel job(s) before remove");
        jobs.forEach(job -> output.err("  JobID = %-10s C = %-10s A = %-10s U = %-9s", job.id(), world.cluster, job.account(), job.user()));
        return true;
    }

    private boolean refusedForRights() {
        if (world.callerIs(SlurmUser.AdminLevel.OPERATOR)) {
            return false;
        }
        output.denied();
        return true;
    }

    private String userLine(Association node) {
        return "  C = %-10.10s A = %-10.10s U = %-9.9s".formatted(world.cluster, node.account, node.user) + node.partitionText();
    }

    private static List<Association> usersOf(List<Association> nodes) {
        return nodes.stream().filter(node -> !node.isAccount()).toList();
    }

    /** {@code where} is the only word of the grammar: {@code and} is read as a name. */
    private static List<Option> conditions(List<Option> options) {
        return options.stream().filter(option -> !option.is("where")).toList();
    }
}
