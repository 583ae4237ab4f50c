package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmAssociation;
import org.waldur.siteagent.simulator.SlurmJob;
import org.waldur.siteagent.simulator.SlurmUser.AdminLevel;
import org.waldur.siteagent.simulator.WaldurSimulator;

/**
 * A site on which everything waits at once. Of four allocations one is paused and has wrong limits; one was paused and is not any more, and
 * limits a member; one is of a project that has another customer by now; and of one the team is empty, so that removals are held. Erin and
 * Frank join, Gus waits for the machine to know him, and a service account joins. Bob leaves with a running job, Carol leaves her default account and
 * stays in another, and Dave is restricted; Ivan is on the team, and his offering user is not OK. Beside all that are accounts and users that
 * are not ours.
 */
final class BusySite implements AutoCloseable {
    static final String JOB = "membership-sync";
    private static final Map<String, String> PROJECTS = new TreeMap<>(Map.of("One", "proj-1", "Two", "proj-1", "Three", "proj-2", "Four", "proj-3"));
    private static final Set<String> FOREIGN = Set.of("root", "physics", "hpc_foreign");
    private static final Set<String> OURS = Set.of("hpc_one", "hpc_two");
    private static final Set<String> LEAVING = Set.of("bob", "carol", "dave");
    final Site site;
    final Map<String, String> orders = new TreeMap<>();
    private Site.Running agent;
    private SortedSet<String> foreign;
    private Set<SlurmJob> jobs;
    /** Commands before this one are of worlds that were taken back. */
    private int first;

    BusySite(Path folder) throws IOException {
        this(folder, WaldurSimulator.start());
    }

    private BusySite(Path folder, WaldurSimulator waldur) throws IOException {
        site = new Site(folder, waldur, "");
        site.now("2026-11-20T12:00:00Z");
        site.property("membership_sync.second", "0");
        site.backend("qos_paused", "paused").backend("enable_user_homedir_account_creation", "true");
        site.slurm.caller("nobody", AdminLevel.NONE);
        site.slurm.caller("root", AdminLevel.ADMINISTRATOR);
        site.slurm.addQos("paused", "long");
        site.slurm.addLinuxUsers("erin", "frank", "grace", "ivan", "robot", "builder");
        site.waldur.addComponent(site.offering, Map.of("type", "cpu", "name", "CPU", "billing_type", "limit", "measured_unit", "k-Hours"));
        site.routes(withoutPause(folder.resolve("routes")));
        allocations();
        people();
        takeBack();
    }

    /** The shipped routes, which wait a second for cancelled jobs; here they are gone at once. */
    private static Path withoutPause(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                String routes = Files.readString(file).replaceAll("(id: let-jobs-of-members-end(?:\\n.*){3}\\n *expression: )\"1000\"", "$1\"1\"");
                Files.writeString(folder.resolve(file.getFileName()), routes);
            }
        }
        assertThat(Files.readString(folder.resolve("membership-sync.camel.yaml"))).doesNotContain("\"1000\"");
        return folder;
    }

    /** Nothing is done yet, nothing is remembered but what an agent asks once, and nothing goes wrong. */
    void takeBack() {
        calm();
        site.slurm.clearJobs();
        List<SlurmAssociation> others = site.slurm.associations().stream().filter(a -> !a.account().equals("root")).toList();
        sacctmgr("remove", "user", "where", "name=" + others.stream().map(SlurmAssociation::user).filter(user -> !user.isEmpty()).distinct().collect(Collectors.joining(",")));
        sacctmgr("remove", "account", "where", "name=" + others.stream().map(SlurmAssociation::account).distinct().collect(Collectors.joining(",")));
        delete(site.slurm.homePath());
        List.of("alice", "carol", "grace", "ivan", "robot").forEach(user -> site.slurm.run("mkhomedir_helper", user));
        for (String kept : List.of("accounts", "dead-letters", "held")) {
            delete(site.stateDir().resolve(kept));
        }
        accounts();
        foreign = foreign();
        site.slurm.submit("hpc_one", "bob", "RUNNING");
        jobs = Set.of(job("hpc_one", "alice"), job("hpc_three", "carol"), job("hpc_two", "ivan"));
        orders.keySet().forEach(name -> site.customer("marketplace-provider-resources/" + uuid(name) + "/set_backend_metadata/", "{\"backend_metadata\": {}}"));
        first = site.slurm.commands().size();
    }

    /** Nothing goes wrong any more. */
    void calm() {
        // what hangs has its effect when it goes on, whoever has given it up
        for (long since = System.nanoTime(); site.slurm.running() > 0;) {
            assertThat(Duration.ofNanos(System.nanoTime() - since)).as("commands that hang end").isLessThan(Duration.ofSeconds(60));
            Thread.onSpinWait();
        }
        site.waldur.calm();
        site.slurm.calm();
        site.waldur.beforeRequest(request -> { });
        site.waldur.onRequest(request -> { });
        site.slurm.onCommand(command -> { });
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent that stays. */
    void cycle() {
        if (agent == null) {
            agent = site.byHand();
        }
        agent.cycle(JOB);
    }

    /** Another agent goes on, which waits as long as need be. */
    void goOnPatiently() {
        agent.close();
        site.patient();
        agent = null;
    }

    /** An agent on another machine, with the same state. */
    Site.Running second() {
        if (agent == null) {
            agent = site.byHand();
        }
        site.property("slurm.lock_file", site.stateDir().resolve("second.lock").toString());
        return site.byHand();
    }

    private void allocations() {
        for (String name : List.of("One", "Two", "Three", "Four")) {
            orders.put(name, site.allocation(name, PROJECTS.get(name), "cust-1", Map.of("cpu", 10), List.of("alice")));
        }
        site.waldur.setFlag(orders.get("One"), "paused", true);
        site.waldur.userLimit(orders.get("Two"), "alice", "cpu", 5);
        site.waldur.moveProject("proj-2", "cust-2");
    }

    private void people() {
        List.of("erin", "frank", "gus", "ivan").forEach(user -> site.waldur.join(site.offering, "proj-1", user));
        List.of("carol", "grace").forEach(user -> site.waldur.join(site.offering, "proj-2", user));
        site.waldur.offeringUserState("ivan", "Pending account linking");
        site.waldur.leave("proj-1", "bob");
        site.waldur.leave("proj-1", "carol");
        site.waldur.changeOfferingUser("dave", "is_restricted", true);
        site.waldur.addServiceAccount(site.offering, "proj-1", "robot", "OK");
        site.waldur.addServiceAccount(site.offering, "proj-1", "builder", "OK");
    }

    /** What earlier cycles have left, which have paused the second allocation, and what others have made. */
    private void accounts() {
        account("hpc_cust-1", "root", "customer");
        PROJECTS.forEach((name, project) -> {
            account("hpc_" + project, "hpc_cust-1", "project");
            account("hpc_" + name.toLowerCase(Locale.ROOT), "hpc_" + project, name + " waldur:" + uuid(name));
        });
        for (String account : List.of("hpc_one", "hpc_two")) {
            sacctmgr("add", "user", "name=bob,carol,dave,alice,ivan,robot", "account=" + account);
        }
        sacctmgr("add", "user", "name=carol,grace", "account=hpc_three");
        sacctmgr("add", "user", "name=xavier,yvonne", "account=hpc_four");
        sacctmgr("modify", "account", "where", "name=hpc_two,hpc_three,hpc_four", "set", "GrpTRESMins=cpu=600000");
        sacctmgr("modify", "account", "where", "name=hpc_one", "set", "GrpTRESMins=cpu=1");
        sacctmgr("modify", "account", "where", "name=hpc_two", "set", "qos=paused");
        sacctmgr("modify", "account", "where", "name=hpc_two", "set", "defaultqos=paused");
        Before.Qos had = new Before.Qos(new TreeSet<>(Set.of("long", "normal")), "long");
        new BeforeFiles(site.stateDir()).write(site.offering, uuid("Two"), new Before("hpc_two", Optional.of(had), Optional.empty(), new TreeMap<>()));
        account("physics", "root", "physics");
        account("hpc_foreign", "hpc_proj-1", "made by hand");
        sacctmgr("add", "user", "name=alice,erin", "account=physics");
        sacctmgr("add", "user", "name=zara", "account=hpc_foreign");
    }

    private void account(String name, String parent, String description) {
        if (site.slurm.associations().stream().noneMatch(a -> a.account().equals(name))) {
            sacctmgr("add", "account", "name=" + name, "parent=" + parent, "description=" + description, "organization=hpc");
        }
    }

    private void sacctmgr(String... words) {
        List<String> argv = new ArrayList<>(List.of("sacctmgr", "-i"));
        argv.addAll(List.of(words));
        assertThat(site.slurm.run(argv.toArray(String[]::new)).rc()).as(String.join(" ", words)).isZero();
    }

    private SlurmJob job(String account, String user) {
        int id = site.slurm.submit(account, user, "RUNNING");
        return site.slurm.jobs().stream().filter(job -> job.id() == id).findFirst().orElseThrow();
    }

    String uuid(String name) {
        return (String) site.waldur.resource(orders.get(name)).get("uuid");
    }

    private SortedSet<String> foreign() {
        SortedSet<String> lines = new TreeSet<>();
        site.slurm.associations().stream().filter(a -> FOREIGN.contains(a.account())).forEach(a -> lines.add(line(a)));
        site.slurm.accounts().stream().filter(a -> FOREIGN.contains(a.name())).forEach(a -> lines.add(a.toString()));
        return lines;
    }

    private static String line(SlurmAssociation a) {
        return a.parent() + "/" + a.account() + "/" + a.user() + " " + a.share() + " " + new TreeMap<>(a.grpTresMins()) + " " + a.grpSubmitJobs() + " " + a.qos() + " "
                + a.defaultQos() + (a.defaultAccount() ? " default" : "");
    }

    /** All that a cycle may change, as text. Two cycles that end alike give the same. */
    String text() {
        SortedSet<String> lines = new TreeSet<>();
        site.slurm.associations().forEach(a -> lines.add(line(a)));
        site.slurm.accounts().forEach(a -> lines.add(a.toString().replaceAll("[0-9a-f]{32}", "UUID")));
        site.slurm.jobs().forEach(job -> lines.add("job " + job.account() + " " + job.user() + " " + job.state()));
        orders.forEach((name, order) -> {
            Map<String, Object> resource = site.waldur.resource(order);
            lines.add(name + " " + resource.get("state") + " " + resource.get("backend_metadata"));
        });
        lines.addAll(files(site.slurm.homePath(), path -> "home " + path.getFileName()));
        return String.join("\n", lines);
    }

    /** What the agent remembers of accounts that it has changed. */
    List<String> memory() {
        return files(site.stateDir().resolve("accounts").resolve(site.offering), BusySite::read).stream().sorted().toList();
    }

    /** How a world is when there is nothing left to do. */
    record Outcome(String text, List<String> memory) {
    }

    Outcome outcome() {
        return new Outcome(text(), memory());
    }

    /** The next cycle, or the one after it, ends in the world of a cycle without trouble, and then there is nothing left to do. */
    void endsLike(Outcome calm) {
        releaseWhoIsHeld();
        for (int cycle = 0; cycle < 2 && !text().equals(calm.text()); cycle++) {
            cycle();
            isUnharmed();
        }
        assertThat(text()).isEqualTo(calm.text());
        int requests = site.waldur.requests().size();
        int commands = site.slurm.commands().size();
        cycle();
        assertThat(text()).isEqualTo(calm.text());
        assertThat(memory()).as("what accounts had is known as long as it is needed").isEqualTo(calm.memory());
        assertThat(site.deadLetters()).as("all trouble is over").singleElement().asString().contains("xavier, yvonne");
        assertThat(site.slurm.commands().stream().skip(commands)).as("a repeat changes nothing").noneMatch(c -> c.argv().contains("--immediate"));
        assertThat(site.waldur.requests().stream().skip(requests)).allMatch(r -> r.method().equals("GET"));
    }

    /** Where too many seemed to leave, those who do are held as well, which is said; an operator lets them go. */
    private void releaseWhoIsHeld() {
        if (files(site.stateDir().resolve("held"), BusySite::read).stream().anyMatch(held -> held.contains("hpc_one") || held.contains("hpc_two"))) {
            assertThat(site.deadLetters()).anyMatch(letter -> letter.contains("do not remove") && letter.contains("bob"));
            delete(site.stateDir().resolve("held"));
        }
    }

    private static List<String> files(Path folder, Function<Path, String> line) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(line).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replaceAll("\\s+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody who is wanted has lost anything, at no moment; nothing that is not ours has changed; and Waldur was not told that a resource is broken. */
    void isUnharmed() {
        assertThat(removals()).as("who is wanted is not removed").allMatch(pair -> OURS.contains(pair[0]) && LEAVING.contains(pair[1]), "user of ours who leaves");
        assertThat(site.slurm.commands().stream().skip(first)).noneMatch(c -> c.argv().contains("remove") && c.argv().contains("account"));
        SortedMap<String, SortedSet<String>> there = new TreeMap<>();
        site.slurm.associations().forEach(a -> there.computeIfAbsent(a.account(), x -> new TreeSet<>()).add(a.user()));
        for (String account : OURS) {
            assertThat(there.get(account)).contains("alice", "ivan", "robot");
        }
        assertThat(there.get("hpc_three")).contains("carol", "grace");
        assertThat(there.get("hpc_four")).contains("xavier", "yvonne");
        assertThat(site.slurm.jobs()).containsAll(jobs);
        assertThat(foreign()).isEqualTo(foreign);
        assertThat(orders.values()).allMatch(order -> site.waldur.resource(order).get("state").equals("OK"));
    }

    /** Account and user of all removals that were asked for. */
    private List<String[]> removals() {
        List<String[]> pairs = new ArrayList<>();
        site.slurm.commands().stream().skip(first).map(c -> c.argv()).filter(argv -> argv.contains("remove")).forEach(argv -> words(argv, "account=").forEach(
                account -> words(argv, "name=").forEach(user -> pairs.add(new String[] {account, user}))));
        return pairs;
    }

    private static List<String> words(List<String> argv, String key) {
        return argv.stream().filter(word -> word.startsWith(key)).flatMap(word -> Arrays.stream(word.substring(key.length()).split(","))).toList();
    }

    @Override
    public void close() throws IOException {
        if (agent != null) {
            agent.close();
        }
        site.close();
    }
}
