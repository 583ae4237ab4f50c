package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.slurm.RealSlurm;

/**
 * The shipped routes of membership_sync between a simulated Waldur and a real slurmdbd and slurmctld. Members are users that every Debian
 * has ({@code games}, {@code irc}, ...), so that they can have jobs.
 */
@ExtendWith(RealSlurm.class)
abstract class RealMembershipSite {
    private static final String OWN = "format=cluster,account,user,partition,share,grptresmins,grpsubmit,qos,defaultqos";
    @TempDir
    Path folder;
    Site site;
    RealSlurm.Lab lab;
    private Path said;

    @BeforeEach
    void open(RealSlurm.Lab running) throws IOException {
        lab = running;
        clear();
        site = new Site(folder);
        said = Files.writeString(folder.resolve("commands"), "");
        site.backend("slurm_bin_path", programs("exec").toString());
        site.property("slurm.read_timeout", "60000").property("slurm.write_timeout", "60000").property("membership_sync.second", "0");
        site.property("host.getent", "/usr/bin/getent");
    }

    @AfterEach
    void close() throws IOException {
        site.close();
        clear();
    }

    private void clear() {
        cancel(queue().keySet());
        await("an empty queue", () -> lab.squeue("--noheader", "--format=%A").isBlank());
        // all at once, and lab.clear() has nothing left to do
        remove("user", lab.sacctmgr("show", "user", "format=user"));
        remove("account", lab.sacctmgr("show", "account", "format=account"));
        lab.clear();
        lab.clearJobs();
        remove("qos", lab.sacctmgr("show", "qos", "format=name"));
    }

    private void remove(String what, String there) {
        String names = there.lines().filter(name -> !List.of("root", "normal").contains(name)).collect(Collectors.joining(","));
        if (!names.isEmpty()) {
            lab.sacctmgr("remove", what, "where", "name=" + names);
        }
    }

    /** The programs of the real Slurm, each of whose calls is written down. @param how what the shell runs them with */
    Path programs(String how) throws IOException {
        Path bin = Files.createTempDirectory(folder, "bin");
        for (String program : List.of("sacctmgr", "sacct", "squeue", "scancel")) {
            Path script = Files.writeString(bin.resolve(program), "#!/bin/sh\necho " + program + " \"$*\" >>" + said + "\n" + how + " " + lab.binPath().resolve(program) + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin;
    }

    /** All calls of Slurm's programs so far. */
    List<String> commands() {
        try {
            return Files.readAllLines(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those since the one with this number that change something. */
    List<String> writes(int since) {
        return commands().stream().skip(since).filter(c -> c.contains("--immediate") || c.startsWith("scancel")).toList();
    }

    /** Allocations that were ordered, and their accounts with their teams. @param project to whom they belong */
    List<String> allocations(String project, String... names) {
        List<String> orders = List.of(names).stream().map(name -> site.waldur.create(site.offering, name, project, "cust-1", Map.of("cpu", 10))).toList();
        assertThat(site.cycle()).as(site.deadLetters().toString()).isZero();
        return orders;
    }

    void join(String project, String... users) {
        List.of(users).forEach(user -> site.waldur.join(site.offering, project, user));
    }

    void leave(String project, String... users) {
        List.of(users).forEach(user -> site.waldur.leave(project, user));
    }

    /** A cycle in which nothing fails and nothing is held. */
    void sync() {
        assertThat(site.run("membership-sync", false)).as(site.deadLetters().toString()).isZero();
        assertThat(site.deadLetters()).isEmpty();
    }

    /**
     * All that slurmdbd has but for numbers of its own, in lines without names of columns: {@code parent} of accounts, {@code own} of all
     * associations (what is set on that very row), {@code default}, {@code account}, {@code user}.
     */
    SortedSet<String> dump() {
        SortedSet<String> lines = new TreeSet<>();
        Map.of("parent", "association format=cluster,account,user,parentname", "own", "association WOPInfo " + OWN,
                "default", "association WOPInfo OnlyDefaults format=cluster,account,user,partition", "account", "account format=account,organization,description",
                "user", "user format=user,adminlevel").forEach((kind, query) -> {
                    List<String> words = new ArrayList<>(List.of("show"));
                    words.addAll(List.of(query.split(" ")));
                    lab.sacctmgr(words.toArray(String[]::new)).lines().filter(line -> !kind.equals("parent") || line.split("\\|", -1)[2].isEmpty())
                            .forEach(line -> lines.add(kind + " " + line));
                });
        return lines;
    }

    /** What differs: lines that are gone with {@code -}, new ones with {@code +}. */
    static List<String> differences(SortedSet<String> before, SortedSet<String> after) {
        List<String> differences = new ArrayList<>();
        before.stream().filter(line -> !after.contains(line)).forEach(line -> differences.add("- " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> differences.add("+ " + line));
        return differences;
    }

    /** What is set on an association itself: {@code share|GrpTRESMins|GrpSubmitJobs|QoS|default QoS}; null: it is not there. */
    String own(String account, String user) {
        String row = "lab|" + account + "|" + user + "||";
        return lab.sacctmgr("show", "association", "WOPInfo", OWN).lines().filter(line -> line.startsWith(row)).map(line -> line.substring(row.length())).findFirst().orElse(null);
    }

    SortedSet<String> users(String account) {
        return lab.sacctmgr("show", "association", "cluster=lab", "account=" + account, "format=user").lines().filter(user -> !user.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A job that Slurm takes, for an hour: without an end it would wait for more minutes than the account has. Gives its number. */
    int submit(String user, String account, String... more) {
        List<String> answers = new ArrayList<>();
        await("a job of " + user + " in " + account + " is taken", () -> {
            answers.add(sbatch(user, account, more));
            return answers.get(answers.size() - 1).matches("\\d+");
        });
        return Integer.parseInt(answers.get(answers.size() - 1));
    }

    /** The same, and it runs. */
    int run(String user, String account, String... more) {
        int job = submit(user, account, more);
        await("job " + job + " runs", () -> queue().getOrDefault(job, "").endsWith(" RUNNING"));
        return job;
    }

    /** What Slurm says when it does not take a job. */
    String refused(String user, String account, String... more) {
        List<String> answers = new ArrayList<>();
        await("no job of " + user + " in " + account + " is taken", () -> {
            answers.add(sbatch(user, account, more));
            String answer = answers.get(answers.size() - 1);
            if (answer.matches("\\d+")) {
                cancel(List.of(Integer.valueOf(answer)));
            }
            return !answer.matches("\\d+");
        });
        return answers.get(answers.size() - 1);
    }

    private String sbatch(String user, String account, String... more) {
        List<String> command = new ArrayList<>(List.of(lab.binPath().resolve("sbatch").toString(), "--parsable", "--uid=" + user, "--account=" + account, "--mem=1", "--time=60", "--chdir=/tmp",
                "--output=/dev/null", "--wrap=sleep 3600"));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes()).strip();
            process.waitFor();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void cancel(Iterable<Integer> jobs) {
        List<String> ids = new ArrayList<>();
        jobs.forEach(id -> ids.add(Integer.toString(id)));
        if (!ids.isEmpty()) {
            lab.program("scancel", ids.toArray(String[]::new));
        }
    }

    /** Jobs that run or wait, by their numbers: {@code account user STATE}. */
    SortedMap<Integer, String> queue() {
        SortedMap<Integer, String> jobs = new TreeMap<>();
        lab.squeue("--noheader", "--array", "--states=PENDING,RUNNING", "--format=%A|%a %u %T").lines().map(line -> line.split("\\|")).forEach(row -> jobs.put(Integer.valueOf(row[0]), row[1]));
        return jobs;
    }

    static void await(String what, BooleanSupplier until) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("not within a minute: " + what);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
