package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * {@code sacctmgr load}: creates what the file names and takes over what exists. An option that is refused undoes all; after a
 * parent that is unknown the lines before it are kept, with exit code 1.
 */
final class LoadCommand {
    private static final Map<String, String> ACCOUNT =
            Words.keys("description", "organization", LimitWords.SHARES, LimitWords.TRES_MINUTES, LimitWords.SUBMIT);
    private static final Map<String, String> USER =
            Words.keys("defaultaccount", LimitWords.SHARES, LimitWords.TRES_MINUTES, LimitWords.SUBMIT);
    private final SlurmWorld world;
    private final Output output;
    private final List<Runnable> changes = new ArrayList<>();
    private final LoadTables tables = new LoadTables();
    private final Map<String, Association> accounts = new LinkedHashMap<>();
    private final Map<String, SlurmAccount> accountRows = new LinkedHashMap<>();
    private final List<Association> users = new ArrayList<>();
    private final Map<String, String> newUsers = new LinkedHashMap<>();
    private final Map<Association, Association> parents = new LinkedHashMap<>();
    private final List<Association> defaults = new ArrayList<>();
    private boolean cluster;
    private Association parent;

    LoadCommand(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    /** @param first the file, as {@code file=NAME} or {@code NAME} */
    void run(Path folder, Option first) throws IOException {
        if (!first.bare() && !first.key().equals("file")) {
            throw new UnknownArgument(first.word(), "file=");
        }
        Path file = folder.resolve(first.value());
        if (!Files.isReadable(file)) {
            output.fail(" Unable to read \"%s\": No such file or directory", first.word());
        } else if (!world.callerIs(SlurmUser.AdminLevel.ADMINISTRATOR)) {
            output.fail(" Your user does not have sufficient privileges to load files.");
        } else if (read(LoadLine.lines(Files.readAllLines(file)))) {
            commit();
        }
    }

    /** Whether there is anything to commit. */
    private boolean read(List<LoadLine> lines) {
        for (LoadLine line : lines) {
            if (!line.kind().equals("Cluster") && !cluster) {
                output.fail(" You need to specify a cluster name first with 'Cluster - $NAME' in your file");
                break;
            }
            if (!line.kind().equals("Cluster") && !line.kind().equals("Parent") && parent == null) {
                output.out(" No parent given creating off root, If incorrect specify 'Parent - name' before any children in your file");
                parent = world.root;
            }
            boolean good = true;
            switch (line.kind()) {
                case "Cluster" -> cluster(line);
                case "Parent" -> {
                    parent = account(line.name());
                    if (parent == null) {
                        output.fail(" line(%d) You need to add this parent (%s) as a child before you can add children to it.",
                                line.number(), line.name());
                        return changed();
                    }
                }
                case "Account" -> good = account(line);
                case "User" -> good = user(line);
                default -> throw new UnknownArgument(line.kind(), "Cluster, Parent, Account, User");
            }
            if (!good) {
                output.err(" Problem with line(%d)\n Problem with requests: Unspecified error", line.number());
                return false;
            }
        }
        return changed();
    }

    private boolean changed() {
        if (changes.isEmpty() && accounts.isEmpty() && users.isEmpty()) {
            output.out(" Nothing new added.");
            return false;
        }
        return true;
    }

    private void cluster(LoadLine line) {
        if (!line.name().equals(world.cluster) || !line.options().isEmpty()) {
            throw new UnknownArgument("Cluster - " + line.name(),
                    "Cluster - '" + world.cluster + "' without options: the real one makes a cluster of any other name");
        }
        output.out("For cluster %s", world.cluster);
        cluster = true;
    }

    private Association account(String name) {
        return accounts.containsKey(name) ? accounts.get(name) : world.account(name).orElse(null);
    }

    private boolean account(LoadLine line) {
        Words words = Words.parse(line.options(), ACCOUNT, Set.of());
        Optional<LimitWords> limits = LimitWords.withoutHint(words, world, output);
        if (limits.isEmpty()) {
            return false;
        }
        String name = line.name();
        if (accounts.containsKey(name)) {
            throw new UnknownArgument("Account - " + name + " a second time", "each account once");
        }
        Association found = account(name);
        SlurmAccount row = world.accounts.get(name);
        if (row == null) {
            row = new SlurmAccount(name, Names.stored(words.text("description", name)),
                    Names.stored(words.text("organization", parent == world.root ? name : parent.account)));
            accountRows.put(name, row);
        } else {
            describe(row, words);
        }
        if (found != null) {
            int before = changes.size();
            change("Account", found, limits.get());
            if (found.parent != parent) {
                Association above = parent;
                changed("Parent", "Account", name, found.parent.account, above.account,
                        () -> world.move(found, above, found.tree().anyMatch(node -> node == above)));
                if (above == found) {
                    // nothing is its own child: what the line changes of it is left out, and nobody is told
                    changes.subList(before, changes.size()).clear();
                }
                if (accounts.containsValue(above)) {
                    // slurmdbd does not know that parent yet, rolls back what it changed so far, and nobody is told
                    changes.clear();
                }
            }
        } else {
            Association node = world.create(name, "", "");
            limits.get().applyTo(node);
            accounts.put(name, node);
            parents.put(node, parent);
        }
        return true;
    }

    private void describe(SlurmAccount row, Words words) {
        String description = words.text("description", row.description());
        String organization = words.text("organization", row.organization());
        Runnable write = () -> world.accounts.put(row.name(), new SlurmAccount(row.name(), description, organization));
        if (!description.equals(row.description())) {
            changed("description", "Account", row.name(), row.description(), description, write);
        }
        if (!organization.equals(row.organization())) {
            changed("organization", "Account", row.name(), row.organization(), organization, write);
        }
    }

    private void change(String kind, Association node, LimitWords limits) {
        String name = node.isAccount() ? node.account : node.user;
        Runnable write = () -> limits.applyTo(node);
        limits.shares().ifPresent(shares -> {
            if (shares != node.shares) {
                changed("fairshare", kind, name, node.shares, shares, write);
            }
        });
        String before = TresLimits.ids(node.grpTresMins);
        String after = TresLimits.ids(limits.grpTresMins());
        if (!after.isEmpty() && !after.equals(before)) {
            changed("GrpTRESMins", kind, name, before.isEmpty() ? "(null)" : before, after, write);
        }
        if (limits.grpSubmitJobs() != null && !limits.grpSubmitJobs().equals(node.grpSubmitJobs)) {
            changed("GrpSubmitJobs", kind, name, node.grpSubmitJobs.orElse(-1), limits.grpSubmitJobs().orElse(-1), write);
        }
    }

    private void changed(String what, String kind, String name, Object before, Object after, Runnable write) {
        output.out(" Changed %-21s for %-7s %-10s %8s -> %s", what, kind, name, before, after);
        changes.add(write);
    }

    private boolean user(LoadLine line) {
        Words words = Words.parse(line.options(), USER, Set.of());
        Optional<LimitWords> limits = LimitWords.withoutHint(words, world, output);
        if (limits.isEmpty()) {
            return false;
        }
        Association found = world.association(parent.account, line.name(), "").orElse(null);
        if (found != null) {
            change("User", found, limits.get());
            return true;
        }
        Association node = world.create(parent.account, line.name(), "");
        limits.get().applyTo(node);
        users.add(node);
        parents.put(node, parent);
        if (!world.users.containsKey(line.name())) {
            newUsers.putIfAbsent(line.name(), parent.account);
        }
        if (Objects.equals(words.text("defaultaccount", null), parent.account)) {
            defaults.add(node);
        }
        return true;
    }

    private void commit() {
        tables.print(output, accountRows.values(), accounts.values(), newUsers, users, parents);
        changes.forEach(Runnable::run);
        world.accounts.putAll(accountRows);
        newUsers.keySet().forEach(user -> world.users.put(user, SlurmUser.AdminLevel.NONE));
        world.add(accounts.values(), parents);
        world.add(users, parents);
        defaults.forEach(world::makeDefault);
        users.forEach(node -> world.ensureDefault(node.user));
        output.err("sacctmgr: Done adding cluster in usec=1");
    }
}
