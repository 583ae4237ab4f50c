package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigException;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;
import org.waldur.siteagent.usage.UsageReport;
import picocli.CommandLine;

/**
 * A site for tests: the shipped routes (or edited copies) between a simulated Waldur and a simulated Slurm. Tests look at what is
 * in both afterwards.
 */
public final class Site implements AutoCloseable {
    /** The members of the team of every project. */
    public static final List<String> TEAM = List.of("alice", "bob", "carol", "dave");

    public final WaldurSimulator waldur;
    public final SlurmSimulator slurm;
    public final String offering;
    public final List<String> printed = new ArrayList<>();
    /** What was found out about usage, cycle by cycle. */
    public final List<UsageReport> reports = new CopyOnWriteArrayList<>();
    private static final Path SHIPPED = Path.of("routes");
    private static final AtomicBoolean CHECKED = new AtomicBoolean();
    private static final HttpClient CUSTOMER = HttpClient.newHttpClient();
    private final Path folder;
    private final List<Site> others = new ArrayList<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private final Map<String, String> backend = new HashMap<>(Map.of("enable_user_homedir_account_creation", "false", "default_account", "root",
            "customer_prefix", "hpc_", "project_prefix", "hpc_", "allocation_prefix", "hpc_"));
    private volatile Clock clock = Clock.systemUTC();
    private final AtomicInteger looks = new AtomicInteger();
    private String name = "slurm";
    private Path routes = SHIPPED;
    private String components = "cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: limit}";

    public Site(Path folder) throws IOException {
        this(folder, WaldurSimulator.start(), "");
    }

    /** @param namePolicy {@code account_name_generation_policy} of the offering; empty: by resource */
    public Site(Path folder, WaldurSimulator waldur, String namePolicy) throws IOException {
        this.folder = folder;
        this.waldur = waldur;
        slurm = SlurmSimulator.start(folder.resolve("slurm"), "lab");
        slurm.addLinuxUsers(TEAM.toArray(String[]::new));
        offering = waldur.addOffering("slurm", namePolicy);
        TEAM.forEach(user -> waldur.join(offering, "proj-1", user));
        backend("slurm_bin_path", slurm.binPath().toString());
        property("waldur.retry_delay", "5");
        property("waldur.look_again_after", "5");
        patient();
        // cycles follow each other at once here, and between them tests change the cluster behind the agent
        property("slurm.snapshot", "0");
        property("host.getent", slurm.binPath().resolve("getent").toString());
        property("host.mkhomedir_helper", slurm.binPath().resolve("mkhomedir_helper").toString());
        property("host.homedirs_unit", homedirUnit().toString());
    }

    private Site deadlines(int milliseconds) {
        List.of("read", "write", "usage").forEach(kind -> property("slurm." + kind + "_timeout", Integer.toString(milliseconds)));
        return this;
    }

    /** An agent that is started from now on gives commands up soon: only for what hangs, because a machine that is busy hangs, too. */
    public Site impatient() {
        return deadlines(3000);
    }

    /** An agent that is started from now on waits longer than any machine is busy. */
    public Site patient() {
        return deadlines(60_000);
    }

    /** A file that says that root's unit is enabled; it is not there unless a test makes it. */
    public Path homedirUnit() {
        return folder.resolve("waldur-agent-homedirs.path");
    }

    /** The same moment for Waldur, for Slurm and for us, which stands until it is set anew. */
    public Site now(String moment) {
        clock = Clock.fixed(Instant.parse(moment), ZoneOffset.UTC);
        waldur.now(clock.instant());
        slurm.clock(clock);
        return this;
    }

    /**
     * An allocation as an earlier cycle of orders has left it: the account {@code hpc_NAME} in the project's with its team, and an order that
     * is done, whose uuid it gives.
     *
     * @param limits as ordered
     */
    public String allocation(String name, Map<String, ?> limits) {
        return allocation(name, "proj-1", "cust-1", limits, TEAM);
    }

    /** The same in another project, with other users in its account. */
    public String allocation(String name, String project, String customer, Map<String, ?> limits, List<String> users) {
        String order = waldur.create(offering, name, project, customer, limits);
        String uuid = (String) waldur.resource(order).get("uuid");
        String account = "hpc_" + name.toLowerCase(Locale.ROOT);
        account("hpc_" + customer, "root", "customer");
        account("hpc_" + project, "hpc_" + customer, "project");
        account(account, "hpc_" + project, name + " waldur:" + uuid);
        slurm.run("sacctmgr", "-i", "add", "user", "name=" + String.join(",", users), "account=" + account);
        customer("marketplace-orders/" + order + "/approve_by_provider/", "{}");
        waldur.work();
        customer("marketplace-provider-resources/" + uuid + "/set_backend_id/", "{\"backend_id\": \"" + account + "\"}");
        customer("marketplace-orders/" + order + "/set_state_done/", "");
        assertThat(waldur.resource(order)).containsEntry("state", "OK").containsEntry("backend_id", account);
        assertThat(associations()).anyMatch(a -> a.startsWith(account + "||")).anyMatch(a -> a.startsWith(account + "|" + users.get(0) + "|"));
        return order;
    }

    private void account(String account, String parent, String description) {
        slurm.run("sacctmgr", "-i", "add", "account", "name=" + account, "parent=" + parent, "description=" + description, "organization=hpc");
    }

    /** A request with the token of an agent, as it comes from somewhere else. @param path beneath the API */
    public void customer(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(waldur.apiUrl().resolve(path)).timeout(Duration.ofMinutes(1)).header("Authorization", "Token " + waldur.token())
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try {
            CUSTOMER.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a request for a list is answered with, asked once more. */
    ArrayNode rows(WaldurRequest asked) {
        String query = asked.query().entrySet().stream().flatMap(e -> e.getValue().stream().map(value -> e.getKey() + "=" + value)).collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(waldur.apiUrl().resolve(asked.path() + (query.isEmpty() ? "" : "?" + query)))
                .timeout(Duration.ofMinutes(1)).header("Authorization", "Token " + waldur.token()).build();
        try {
            return (ArrayNode) new ObjectMapper().readTree(CUSTOMER.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How often an agent of ours has asked what time it is. */
    public int lookedAtClock() {
        return looks.get();
    }

    /** Only our own clock. */
    public Site clock(Clock ours) {
        clock = ours;
        return this;
    }

    public Site property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Of processes. */
    public Site environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A key of backend_settings. */
    public Site backend(String key, String value) {
        backend.put(key, value);
        return this;
    }

    /** A key of the offering. */
    public Site offering(String key, String value) {
        keys.put(key, value);
        return this;
    }

    /** The lines of backend_components, as YAML flow maps. */
    public Site components(String lines) {
        components = lines;
        return this;
    }

    /** Plays these routes instead of the shipped ones. */
    public Site routes(Path edited) {
        routes = edited;
        return this;
    }

    /** Serves the offering of another site, with its own Waldur and cluster, after this one. */
    public Site beside(Site other, String name) {
        other.name = name;
        others.add(other);
        return this;
    }

    public Path config() {
        String text = "state_dir: " + stateDir() + "\nofferings:\n" + entry() + others.stream().map(Site::entry).collect(Collectors.joining());
        try {
            return Files.writeString(folder.resolve("config.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String entry() {
        Map<String, String> all = new LinkedHashMap<>(Map.of("waldur_api_token", waldur.token(), "waldur_offering_uuid", offering));
        all.putAll(keys);
        StringBuilder text = new StringBuilder("  - name: " + name + "\n    waldur_api_url: " + waldur.apiUrl() + "\n    backend_type: slurm\n");
        all.forEach((key, value) -> text.append("    ").append(key).append(": ").append(value).append('\n'));
        text.append("    backend_settings:\n");
        backend.forEach((key, value) -> text.append("      ").append(key).append(": ").append(value).append('\n'));
        return text.append("    backend_components:\n").append(components.indent(6)).toString();
    }

    public Path stateDir() {
        return folder.resolve("state");
    }

    /** One cycle by hand; gives the exit code. */
    public int cycle() {
        return run("order-process", false);
    }

    public int dryRun() {
        return run("order-process", true);
    }

    /** One cycle of any job. */
    public int run(String job, boolean dryRun) {
        return run(job, dryRun, true);
    }

    /** One cycle as the service makes it: what failed a short while ago is not tried. */
    public int cycleOfService() {
        return cycleOfService("order-process");
    }

    /** The same of any job. */
    public int cycleOfService(String job) {
        return run(job, false, false);
    }

    private int run(String job, boolean dryRun, boolean once) {
        try {
            return agent(Set.of(), dryRun, once).once(job);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What a command printed, and its exit code. */
    public record Said(int code, String out, String err) {
    }

    /** Runs the real command line with the config, the routes and the clock of this site. */
    public Said command(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("-c", config().toString(), "--routes", routes.toString()));
        CommandLine.IFactory usual = CommandLine.defaultFactory();
        CommandLine.IFactory parts = new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> part) throws Exception {
                return part == ConfigOptions.class ? part.cast(options()) : usual.create(part);
            }
        };
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine(parts).setOut(asInAProcess(out)).setErr(asInAProcess(err)).execute(args.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    /** As picocli makes that of a process: it keeps what is printed without the end of a line, and the process ends without asking it. */
    static PrintWriter asInAProcess(Writer to) {
        return new PrintWriter(new BufferedWriter(to), true);
    }

    private ConfigOptions options() {
        return new ConfigOptions(clock, properties);
    }

    private Settings settings(Set<Mode> modes, boolean dryRun, boolean once) throws ConfigException {
        AgentConfig config = ConfigFile.load(config(), Map.of()).config();
        return new Settings(config, routes.toAbsolutePath(), config.offerings(), modes, once, dryRun, properties);
    }

    private Agent agent(Set<Mode> modes, boolean dryRun, boolean once) {
        try {
            Settings settings = settings(modes, dryRun, once);
            Clock ours = new Clock() {
                @Override
                public Instant instant() {
                    looks.incrementAndGet();
                    return clock.instant();
                }

                @Override
                public ZoneId getZone() {
                    return clock.getZone();
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return clock.withZone(zone);
                }
            };
            Agent agent = new Agent(settings, printed::add, ours).onReport(reports::add);
            return routes.equals(SHIPPED) && CHECKED.getAndSet(true) ? agent.trustRoutes() : agent;
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** An agent that stays, as the service does, and remembers from one cycle to the next. The timers of these modes run. */
    public Running serveHere(Mode... modes) {
        return new Running(agent(Set.of(modes), false, false));
    }

    /** An agent that stays and makes cycles by hand: what failed is tried again at once. */
    public Running byHand() {
        return new Running(agent(Set.of(), false, true));
    }

    /** An agent beside another one, which names what differs once it has stood for so many cycles. */
    public Shadowing shadow(int patience) {
        return new Shadowing(patience);
    }

    /** See {@link #shadow}. */
    public final class Shadowing implements AutoCloseable {
        private final Shadow shadow;

        private Shadowing(int patience) {
            try {
                Settings settings = settings(Set.of(), true, true);
                shadow = new Shadow(out -> options().agent(settings, out), clock, patience);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** What is printed of one cycle. */
        public String look(Mode mode) {
            try {
                return String.join("\n", shadow.lines(mode, shadow.look(mode), false));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            shadow.close();
        }
    }

    /** See {@link #serveHere}. */
    public static final class Running implements AutoCloseable {
        private final Agent agent;

        private Running(Agent agent) {
            this.agent = agent;
            try {
                agent.start();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        public void cycle(String job) {
            try {
                agent.cycle(job);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            agent.stop();
        }
    }

    /** The service itself, with all that it has around it, in this process. */
    public Serving service(Mode... modes) {
        return new Serving(agent(Set.of(modes), false, false));
    }

    /** See {@link #service}. */
    public static final class Serving implements AutoCloseable {
        private final Agent agent;
        private final CompletableFuture<Integer> end = new CompletableFuture<>();

        private Serving(Agent agent) {
            this.agent = agent;
            Thread thread = new Thread(() -> {
                try {
                    end.complete(agent.run());
                } catch (Exception e) {
                    end.completeExceptionally(e);
                }
            }, "service");
            thread.start();
        }

        /** Where its status is, once it has started. */
        public URI status() {
            for (long since = System.nanoTime(); agent.listens().isEmpty();) {
                assertThat(end).as("the service").isNotDone();
                assertThat(Duration.ofNanos(System.nanoTime() - since)).as("a start").isLessThan(Duration.ofMinutes(1));
                Thread.onSpinWait();
            }
            return URI.create("http://127.0.0.1:" + agent.listens().get().getPort() + "/");
        }

        @Override
        public void close() {
            agent.stop();
            assertThat(end).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    /** One cycle of any job at the moment that it is here, in a process of its own, which can be killed. */
    public Process start(String job) {
        List<String> words = new ArrayList<>(List.of(config().toString(), routes.toAbsolutePath().toString(), job, clock.instant().toString()));
        properties.forEach((name, value) -> words.add(name + "=" + value));
        return process(AgentProcess.class, words);
    }

    /** A cycle of orders in a process of its own, which can be killed. */
    public Process start() {
        return process("--once");
    }

    /** The service, in a process of its own, with a cycle every 1.2 s. */
    public Process serve() {
        return process("-m", "order_process");
    }

    /** A command in a process of its own, with the config and the routes of this site. */
    public Process commandProcess(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-c", config().toString(), "--routes", routes.toAbsolutePath().toString()));
        return process(Main.class, all);
    }

    private Process process(String... options) {
        List<String> words = new ArrayList<>(List.of("-c", config().toString(), "--routes", routes.toAbsolutePath().toString()));
        words.addAll(List.of(options));
        return process(Main.class, words);
    }

    private Process process(Class<?> program, List<String> words) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Dtest.log=INFO", "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(words);
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        process.environment().put("WALDUR_SITE_AGENT_ORDER_PROCESS_PERIOD_MINUTES", "0.02");
        process.environment().putAll(environment);
        try {
            return process.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process says. */
    public Path log() {
        return folder.resolve("agent.log");
    }

    /**
     * What a run leaves: all orders, resources, accounts, limits, users, and who has no default account. Two runs that end alike give
     * the same text; which of his accounts is a user's default depends on which order was served first.
     */
    public String world() {
        List<String> lines = new ArrayList<>();
        slurm.associations().forEach(a -> lines.add(a.parent() + "/" + a.account() + "/" + a.user() + " " + a.share() + " " + a.grpTresMins() + " "
                + a.grpSubmitJobs()));
        slurm.users().stream().filter(u -> u.defaultAccount().isEmpty()).forEach(u -> lines.add("no default account: " + u.name()));
        slurm.jobs().forEach(job -> lines.add("job of " + job));
        lines.sort(null);
        return waldur.state() + String.join("\n", lines);
    }

    /** Associations as {@code account|user|limits}. */
    public List<String> associations() {
        return slurm.associations().stream().map(a -> a.account() + "|" + a.user() + "|"
                + org.waldur.siteagent.slurm.TresLimits.format(a.grpTresMins())).toList();
    }

    /** Names of the dead letters that are there. */
    public List<String> deadLetters() {
        Path letters = stateDir().resolve("dead-letters");
        if (!Files.isDirectory(letters)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(letters)) {
            return files.map(file -> {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        waldur.close();
        slurm.close();
        assertThat(waldur.breaches()).as("what Waldur's contract does not have").isEmpty();
    }
}
