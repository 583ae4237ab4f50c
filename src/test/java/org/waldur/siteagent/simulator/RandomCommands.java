package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Commands such as the routes use, with what goes wrong in practice. All names begin with a prefix of their own. */
final class RandomCommands {
    private final Random random;
    private final Path folder;
    private final String cluster;
    private final List<String> accounts;
    private final List<String> users;
    private final List<String> qos;
    private int made;

    RandomCommands(long seed, String prefix, String cluster, Path folder) {
        random = new Random(seed);
        this.folder = folder;
        this.cluster = cluster;
        accounts = IntStream.range(0, 9).mapToObj(i -> prefix + "a" + i).toList();
        users = IntStream.range(0, 6).mapToObj(i -> prefix + "u" + i).toList();
        qos = IntStream.range(0, 3).mapToObj(i -> prefix + "q" + i).toList();
    }

    List<String> accounts() {
        return accounts;
    }

    List<String> users() {
        return users;
    }

    /** The QoS that have to be there. */
    List<String> qos() {
        return qos;
    }

    List<String> next() throws IOException {
        List<String> argv = new ArrayList<>(List.of("sacctmgr", "-i"));
        if (made++ < 3) {
            argv.addAll(List.of("add", "account", String.join(",", accounts.subList(made * 2 - 2, made * 2)),
                    "parent=" + (made == 1 ? "root" : accounts.get(made)), "description=d", "organization=o"));
            return argv;
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> addAccounts(argv);
            case 4, 5, 6, 7 -> addUsers(argv);
            case 8, 9, 10 -> modifyAccounts(argv);
            case 11, 12 -> modifyUsers(argv);
            case 13, 14, 15 -> removeUsers(argv);
            case 16, 17 -> removeAccounts(argv);
            case 18 -> argv.addAll(List.of("load", "file=" + file()));
            default -> {
                argv.set(1, pick("-nP", "--parsable2", "-p"));
                show(argv);
            }
        }
        return argv;
    }

    private void addAccounts(List<String> argv) {
        argv.addAll(List.of("add", "account", names(accounts, 3), "parent=" + (random.nextInt(3) == 0 ? "root" : pick(accounts))));
        maybe(argv, 2, "description=" + pick("Waldur:1f0e", "Some words, and more", "UPPER", "it's", "\"quoted\" x", "täpne ühik"));
        maybe(argv, 3, "organization=" + pick("Org", "o"));
        maybe(argv, 3, "GrpTRESMins=" + tres());
        maybe(argv, 6, "GrpSubmitJobs=" + pick("0", "-1", "7"));
        maybe(argv, 6, "fairshare=" + pick("parent", "3"));
        maybe(argv, 6, listOfQos());
        maybe(argv, 6, "defaultqos=" + defaultQos());
        maybe(argv, 3, "cluster=" + pick(cluster, cluster, "nosuch"));
    }

    private void addUsers(List<String> argv) {
        argv.addAll(List.of("add", "user", names(users, 3), "account=" + names(accounts, 3)));
        maybe(argv, 2, "fairshare=parent");
        maybe(argv, 6, "defaultaccount=" + pick(accounts));
        maybe(argv, 6, "partition=" + pick("p1", "p2,p1", "P3"));
        maybe(argv, 6, listOfQos());
        maybe(argv, 8, "defaultqos=" + defaultQos());
        maybe(argv, 3, "cluster=" + cluster);
    }

    private void modifyAccounts(List<String> argv) {
        argv.addAll(List.of("modify", "account"));
        argv.add(pick("", "name=") + names(accounts, 3));
        maybe(argv, 3, "cluster=" + cluster);
        argv.add("set");
        switch (random.nextInt(11)) {
            case 8, 9, 10 -> qos(argv);
            case 0 -> argv.add("parent=" + pick(accounts));
            case 1 -> argv.add("description=" + pick("new words", "other"));
            case 2, 3 -> argv.add("GrpSubmitJobs=" + pick("0", "-1", "4", "x", "2.5"));
            case 4 -> argv.addAll(List.of("fairshare=" + pick("parent", "2", "-1"), "GrpTRESMins=" + tres()));
            default -> argv.add("GrpTRESMins=" + tres());
        }
    }

    private void modifyUsers(List<String> argv) {
        argv.addAll(List.of("modify", "user", "where", "name=" + names(users, 2)));
        maybe(argv, 3, "cluster=" + cluster);
        maybe(argv, 3, "account=" + names(accounts, 3));
        maybe(argv, 5, "partition=" + pick("p1", "p1,p2"));
        argv.add("set");
        switch (random.nextInt(5)) {
            case 0 -> argv.add("fairshare=" + pick("parent", "5"));
            case 1 -> argv.add("GrpTRESMins=" + tres());
            case 2 -> qos(argv);
            default -> argv.add("defaultaccount=" + pick(accounts));
        }
    }

    private void qos(List<String> argv) {
        int what = random.nextInt(6);
        if (what < 5) {
            argv.add(what < 4 ? listOfQos() : pick("qos+=", "qos-=") + pick(pick(qos), "normal"));
        }
        if (what > 2) {
            argv.add("defaultqos=" + defaultQos());
        }
    }

    private String listOfQos() {
        return "qos=" + pick("", "normal", names(qos, 2), names(qos, 3), "normal," + pick(qos), "nosuch".repeat(random.nextInt(2)));
    }

    private String defaultQos() {
        return pick("-1", "-1", "normal", pick(qos), pick(qos), "nosuch");
    }

    private void removeUsers(List<String> argv) {
        argv.addAll(List.of("remove", "user", "where", "name=" + names(users, 3)));
        maybe(argv, 2, "and");
        if (random.nextInt(6) > 0) {
            argv.add("account=" + names(accounts, 2));
            maybe(argv, 4, "and");
            maybe(argv, 3, "cluster=" + cluster);
            maybe(argv, 6, "partition=" + pick("p1", "p2"));
        }
    }

    private void removeAccounts(List<String> argv) {
        argv.addAll(List.of("remove", "account", "where", "name=" + names(accounts, 2)));
        if (random.nextInt(3) == 0) {
            argv.addAll(List.of("and", "cluster=" + cluster));
        }
    }

    private String file() throws IOException {
        List<String> lines = new ArrayList<>(List.of("Cluster - '" + cluster + "'", "Parent - '" + pick("root", pick(accounts)) + "'"));
        List<String> named = new ArrayList<>(accounts);
        Collections.shuffle(named, random);
        for (String account : named.subList(0, 1 + random.nextInt(4))) {
            lines.add("Account - '" + account + "':Description='" + pick("d one", "d two") + "':Organization='o':GrpTRESMins=cpu="
                    + random.nextInt(9) + pick("", ",mem=2048"));
            if (random.nextBoolean()) {
                lines.add("Parent - '" + account + "'");
                users.stream().filter(user -> random.nextInt(3) == 0).forEach(user -> lines.add("User - '" + user + "':Fairshare=parent"));
            }
        }
        Path file = Files.createTempFile(folder, "load", ".cfg");
        Files.write(file, lines);
        return file.getFileName().toString();
    }

    private void show(List<String> argv) {
        switch (random.nextInt(3)) {
            case 0 -> argv.addAll(List.of("show", "association", "where", "account=" + names(accounts, 4),
                    "format=account,user,share,grptresmins,grpsubmitjobs" + pick("", ",parentname,qos")));
            case 1 -> argv.addAll(List.of("show", "account", "name=" + names(accounts, 4)));
            default -> argv.addAll(List.of("show", "user", names(users, 3), "format=user,defaultaccount,adminlevel"));
        }
    }

    private String tres() {
        return random.ints(1 + random.nextInt(3), 0, 12).mapToObj(i -> switch (i) {
            case 0 -> "mem=" + pick("1024", "1025", "3G", "10T", "0", "-1");
            case 1 -> "gres/gpu=" + random.nextInt(100);
            case 2 -> "billing=" + random.nextInt();
            case 3 -> pick("cpu=1.5", "cpu=abc", "cpu=10K", "nosuch=4", "cpu", "node=3", "cpu=99999999999999999999999");
            case 4, 5 -> "cpu=-1";
            default -> "cpu=" + random.nextInt(1_000_000);
        }).collect(Collectors.joining(","));
    }

    private String names(List<String> pool, int most) {
        return Stream.generate(() -> pick(pool)).limit(1 + random.nextInt(most)).collect(Collectors.joining(","));
    }

    private void maybe(List<String> argv, int outOf, String argument) {
        if (random.nextInt(outOf) == 0) {
            argv.add(argument);
        }
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
