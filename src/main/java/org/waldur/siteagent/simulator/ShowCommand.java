package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code sacctmgr show}: associations, accounts, users and TRES in the parsable formats, and the configuration. */
final class ShowCommand {
    private static final Map<String, String> CONDITIONS =
            Words.keys("name names", "account accounts", "user users", "cluster clusters", "partition partitions", "format");
    private static final Comparator<Association> BY_NAME = Comparator.<Association, Boolean>comparing(Association::isAccount)
            .thenComparing(node -> node.parent != null).thenComparing(node -> node.isAccount() ? node.account : node.user);

    private final SlurmWorld world;
    private final Output output;
    private final boolean header;
    private final String end;

    /** @param end what closes each line: {@code |} with --parsable, nothing with --parsable2 */
    ShowCommand(SlurmWorld world, Output output, boolean header, String end) {
        this.world = world;
        this.output = output;
        this.header = header;
        this.end = end;
    }

    void run(String entity, List<Option> options) {
        Words words = Words.parse(options.stream().filter(option -> !option.is("where") && !option.is("wopinfo") && !option.is("onlydefaults")).toList(), CONDITIONS,
                Set.of("name", "account", "user", "cluster", "partition"));
        switch (entity) {
            case "association", "associations", "assoc" -> associations(words, options.stream().anyMatch(option -> option.is("wopinfo")),
                    options.stream().anyMatch(option -> option.is("onlydefaults")));
            case "account", "accounts" -> accounts(words);
            case "user", "users" -> users(words);
            case "qos" -> qos(words);
            case "tres" -> tres(words);
            case "configuration", "config" -> configuration();
            default -> throw new UnknownArgument(entity, "association, account, user, qos, tres, configuration");
        }
    }

    private void associations(Words words, boolean bare, boolean onlyDefaults) {
        if (words.has("name")) {
            throw new UnknownArgument(words.list("name").get(0), "conditions with account=, user=, cluster=");
        }
        List<Association> rows = new ArrayList<>();
        if (bare) {
            rows.addAll(world.associations(node -> !node.isAccount()));
            rows.addAll(world.associations(Association::isAccount));
        } else {
            rows.addAll(world.associations(node -> true));
        }
        rows.removeIf(node -> !words.matches("account", node.account) || !words.matches("user", node.user)
                || !words.matches("partition", node.partition)
                || !words.matches("cluster", world.cluster) || onlyDefaults && !node.defaultAccount
                || !world.seesAll() && !node.isAccount() && !node.user.equals(world.caller));
        if (!bare) {
            rows = byName(new LinkedHashSet<>(rows));
        }
        print(rows, words, associationColumns(bare), "cluster,account,user,partition,share,priority,grpjobs,grptres,grpsubmit,grpwall,"
                + "grptresmins,maxjobs,maxtres,maxtrespernode,maxsubmit,maxwall,maxtresmins,qos,defaultqos,grptresrunmins");
    }

    /** Each row after its parent, if that is shown, and there by name: users first. */
    private static List<Association> byName(Set<Association> rows) {
        List<Association> ordered = new ArrayList<>();
        rows.stream().filter(node -> !rows.contains(node.parent)).sorted(BY_NAME).forEach(node -> append(node, rows, ordered));
        return ordered;
    }

    private static void append(Association node, Set<Association> rows, List<Association> ordered) {
        ordered.add(node);
        node.children.stream().filter(rows::contains).sorted(BY_NAME).forEach(child -> append(child, rows, ordered));
    }

    private Map<String, Column<Association>> associationColumns(boolean bare) {
        Map<String, Column<Association>> columns = new LinkedHashMap<>();
        columns.put("cluster", new Column<>("Cluster", node -> world.cluster));
        columns.put("account", new Column<>("Account", node -> node.account));
        columns.put("user", new Column<>("User", node -> node.user));
        columns.put("partition", new Column<>("Partition", node -> node.partition));
        columns.put("share", new Column<>("Share", Association::sharesText));
        columns.put("fairshare", columns.get("share"));
        columns.put("grpsubmit", new Column<>("GrpSubmit",
                node -> node.grpSubmitJobs.isPresent() ? Long.toString(node.grpSubmitJobs.getAsLong()) : ""));
        columns.put("grpsubmitjobs", columns.get("grpsubmit"));
        columns.put("grptresmins", new Column<>("GrpTRESMins", node -> TresLimits.format(node.grpTresMins)));
        columns.put("qos", new Column<>("QOS", node -> String.join(",", bare ? node.ownQos() : node.effectiveQos())));
        columns.put("parentname", new Column<>("ParentName", node -> bare ? "" : node.parentName()));
        columns.put("lft", new Column<>("LFT", node -> Integer.toString(world.numbers(node).lft())));
        columns.put("rgt", new Column<>("RGT", node -> Integer.toString(world.numbers(node).rgt())));
        for (String unused : List.of("Priority", "GrpJobs", "GrpTRES", "GrpWall", "MaxJobs", "MaxTRES", "MaxTRESPerNode",
                "MaxSubmit", "MaxWall", "MaxTRESMins", "GrpTRESRunMins")) {
            columns.put(Words.lower(unused), new Column<>(unused, node -> ""));
        }
        columns.put("defaultqos", new Column<>("Def QOS", node -> bare ? node.defaultQos : node.effectiveDefaultQos()));
        return columns;
    }

    private void accounts(Words words) {
        if (!world.seesAll()) {
            output.fail("sacctmgr: error: Access/permission denied\n Problem with query.");
            return;
        }
        Map<String, Column<SlurmAccount>> columns = new LinkedHashMap<>();
        columns.put("account", new Column<>("Account", SlurmAccount::name));
        columns.put("description", new Column<>("Descr", SlurmAccount::description));
        columns.put("organization", new Column<>("Org", SlurmAccount::organization));
        print(world.accounts.values().stream().filter(row -> words.matches("name", row.name()) && words.matches("account", row.name()))
                .toList(), words, columns, "account,description,organization");
    }

    private void users(Words words) {
        Map<String, Column<String>> columns = new LinkedHashMap<>();
        columns.put("user", new Column<>("User", user -> user));
        columns.put("defaultaccount", new Column<>("Def Acct", world::defaultAccount));
        columns.put("adminlevel", new Column<>("Admin", user -> world.users.get(user).text));
        print(world.users.keySet().stream().filter(user -> words.matches("name", user) && words.matches("user", user)
                && (world.seesAll() || user.equals(world.caller))).toList(), words, columns, "user,defaultaccount,adminlevel");
    }

    /** Lines of it; they look the same with and without --parsable2. */
    private void configuration() {
        output.out("Configuration data as of 2026-11-24T00:00:00\nPrivateData            = none\nSlurmUserId            = slurm(64030)\n");
        output.out("SlurmDBD configuration:\nPrivateData            = %s\nSlurmUser              = slurm(64030)",
                world.privateData ? "accounts,users,usage,jobs" : "none");
    }

    private void qos(Words words) {
        if (!words.has("format")) {
            throw new UnknownArgument("show qos", "show qos format=name");
        }
        print(world.qos.stream().filter(name -> words.matches("name", name)).toList(), words,
                Map.of("name", new Column<String>("Name", name -> name)), "name");
    }

    private void tres(Words words) {
        Map<String, Column<Map.Entry<Integer, String>>> columns = new LinkedHashMap<>();
        columns.put("type", new Column<>("Type", tres -> tres.getValue().split("/")[0]));
        columns.put("name", new Column<>("Name", tres -> tres.getValue().contains("/") ? tres.getValue().split("/")[1] : ""));
        columns.put("id", new Column<>("ID", tres -> tres.getKey().toString()));
        print(List.copyOf(SlurmWorld.TRES.entrySet()), words, columns, "type,name,id");
    }

    private record Column<T>(String title, Function<T, String> value) {
    }

    private <T> void print(List<T> rows, Words words, Map<String, Column<T>> known, String all) {
        List<Column<T>> columns = new ArrayList<>();
        for (String name : words.text("format", all).split(",")) {
            Column<T> column = known.get(name.replaceFirst("%-?[0-9]+$", ""));
            if (column == null) {
                throw new UnknownArgument(name, String.join(",", known.keySet()));
            }
            columns.add(column);
        }
        if (header) {
            output.out("%s%s", String.join("|", columns.stream().map(Column::title).toList()), end);
        }
        rows.forEach(row -> output.out("%s%s", String.join("|", columns.stream().map(column -> column.value().apply(row)).toList()), end));
    }
}
