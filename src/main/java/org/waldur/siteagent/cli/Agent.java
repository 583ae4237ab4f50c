package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.component.ComponentChange;
import org.waldur.siteagent.component.Components;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandComponent;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.exec.DryRun;
import org.waldur.siteagent.exec.Snapshot;
import org.waldur.siteagent.membership.HomePlan;
import org.waldur.siteagent.membership.Facts;
import org.waldur.siteagent.membership.Homes;
import org.waldur.siteagent.membership.ImportClaim;
import org.waldur.siteagent.membership.Imports;
import org.waldur.siteagent.membership.Members;
import org.waldur.siteagent.membership.Membership;
import org.waldur.siteagent.membership.NameTable;
import org.waldur.siteagent.membership.Teams;
import org.waldur.siteagent.membership.UserLimits;
import org.waldur.siteagent.membership.Usernames;
import org.waldur.siteagent.order.Collect;
import org.waldur.siteagent.order.Orders;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Changes;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.NotReviewed;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.record.Audit;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.record.FailedStep;
import org.waldur.siteagent.record.NewAllocations;
import org.waldur.siteagent.rehearsal.Outside;
import org.waldur.siteagent.route.Mistake;
import org.waldur.siteagent.route.Needs;
import org.waldur.siteagent.route.RouteCheck;
import org.waldur.siteagent.slurm.Slurm;
import org.waldur.siteagent.status.Cycles;
import org.waldur.siteagent.usage.Bookings;
import org.waldur.siteagent.usage.Explanation;
import org.waldur.siteagent.usage.History;
import org.waldur.siteagent.usage.PlanSwitches;
import org.waldur.siteagent.usage.ReportOptions;
import org.waldur.siteagent.usage.ReportTimes;
import org.waldur.siteagent.usage.Reports;
import org.waldur.siteagent.usage.Sacct;
import org.waldur.siteagent.usage.UsageCycle;
import org.waldur.siteagent.usage.UsageReport;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.Patience;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Request;
import org.waldur.siteagent.waldur.RetryAfter;
import org.waldur.siteagent.waldur.Rows;
import org.waldur.siteagent.waldur.ServerClock;
import org.waldur.siteagent.waldur.WaldurClient;

/** A Camel that is ready to play the routes: everything that they name is bound here, and only here. */
final class Agent {
    static final String VERSION = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Logger PLAN = LoggerFactory.getLogger("plan");
    private static final int SHUTDOWN_SECONDS = 300;

    private final Settings settings;
    private final Clock clock;
    private final DeadLetters deadLetters;
    private final Audit audit;
    private final Cycles cycles;
    private volatile boolean changed;
    private volatile boolean held;
    private volatile Consumer<Plan> planned = plan -> { };
    private volatile Consumer<Facts> seen = facts -> { };
    private volatile Consumer<UsageReport> heard = report -> { };
    private volatile Consumer<History.Step> loaded = step -> { };
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final ReportOptions options;
    private final ServerClock serverClock;
    private final Features features = new Features();
    private Reports reports;
    private History history;
    private Sacct sacct;
    private volatile Service service;
    /** The routes are looked at from outside, and not played. */
    private boolean checking;
    private boolean trusting;
    private final Main main = new Main();
    private final WaldurClient waldur;

    /** @param out where plans are printed; a service has them in its log */
    Agent(Settings settings, Consumer<String> out) {
        this(settings, out, Clock.systemUTC());
    }

    /** @param clock what time it is for reports, dead letters and the audit */
    Agent(Settings settings, Consumer<String> out, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.serverClock = new ServerClock(clock);
        this.options = ReportOptions.of(settings.properties());
        Duration pause = settings.once() ? Duration.ZERO : settings.config().orderProcessPeriod();
        this.deadLetters = new DeadLetters(settings.config().stateDir(), clock, pause, settings.dryRun());
        this.audit = new Audit(settings.config().stateDir().resolve("audit.jsonl"), clock, Settings.who());
        this.cycles = new Cycles(settings.config().stateDir(), clock);
        deadLetters.onFailure(cycles::failed);
        this.waldur = new WaldurClient(settings.offerings(), "waldur-site-agent-order_process/" + VERSION + " (waldur-slurm-agent)").guardedBy(settings.dryRun() ? new DryRun() : audit);
        bind(out);
        main.setPropertyPlaceholderLocations("false");
        main.setOverrideProperties(settings.properties());
        main.configure().withName("waldur-site-agent").withRoutesIncludePattern("file:" + settings.routes() + "/*.camel.yaml")
                .withShutdownTimeout(SHUTDOWN_SECONDS).withJmxEnabled(false).withAutoConfigurationLogSummary(false)
                .withBasePackageScanEnabled(false);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                WaldurClient.configure(support.getCamelContext(), waldur);
                if (!checking) {
                    prepare(support.getCamelContext());
                }
            }
        });
    }

    private void bind(Consumer<String> out) {
        Slurm slurm = new Slurm(settings.properties().getProperty("agent.user"), settings.config().stateDir());
        Selection selection = Selection.parse(settings.properties().getProperty("agent.only"));
        main.bind("agent", this);
        Snapshot snapshot = new Snapshot();
        main.bind("snapshot", snapshot);
        main.bind("exec", new CommandComponent(snapshot));
        main.bind("audit", audit);
        if (settings.dryRun()) {
            main.bind("dryRun", new DryRun());
        } else {
            main.bind("cycles", cycles);
        }
        main.bind("waldurClient", waldur);
        main.bind("refusal", new Refusal());
        main.bind("patience", new Patience());
        main.bind("retryAfter", new RetryAfter());
        main.bind("serverClock", serverClock);
        main.bind("waldurRows", new Rows());
        main.bind("waldurRequest", new Request());
        main.bind("features", features);
        main.bind("slurm", slurm);
        Bookings bookings = new Bookings(clock, serverClock, features, deadLetters, options);
        reports = new Reports(clock, features, slurm, deadLetters, bookings, options, cycle -> announce(cycle, out));
        history = new History(settings.config().stateDir(), settings.dryRun(), deadLetters, step -> loaded.accept(step));
        boolean forgets = settings.dryRun() || !Boolean.parseBoolean(settings.properties().getProperty("report.remembers"));
        sacct = new Sacct(settings.config().stateDir(), clock, forgets);
        main.bind("sacct", sacct);
        main.bind("reports", reports);
        main.bind("bookings", bookings);
        main.bind("planSwitches", new PlanSwitches(clock, features, options));
        main.bind("history", history);
        main.bind("reportTimes", new ReportTimes(clock, settings.offerings(Mode.REPORT).stream().map(Offering::billingTimezone).collect(Collectors.toSet())));
        main.bind("homes", new Homes(deadLetters, plan -> announce(plan, out)));
        main.bind("homedirUnit", settings.homedirUnit(clock));
        main.bind("answers", new Collect(String.class));
        main.bind("members", new Members(new NewAllocations(settings.config().stateDir()), deadLetters, out));
        main.bind("components", new Components((offering, changes) -> announce(offering, changes, out)));
        main.bind("nameTable", new NameTable());
        boolean whole = settings.properties().getProperty("agent.reviewed").isEmpty() && settings.properties().getProperty("agent.only").isEmpty();
        main.bind("usernames", new Usernames(deadLetters, whole, text -> {
            changed = true;
            out.accept(text);
        }));
        main.bind("deadLetters", deadLetters);
        main.bind("failedStep", new FailedStep(deadLetters));
        main.bind("orders", new Orders(settings.config().exposeErrors(), deadLetters, selection, settings.properties().getProperty("order_process.refusal")));
        main.bind("changes", new Changes(cycle -> announce(cycle, out)));
        main.bind("preparedOrders", new Collect(PreparedOrder.class));
        main.bind("loadLines", new Collect(String.class));
        main.bind("additions", new Collect(Change.AddUsers.class));
        Properties properties = settings.properties();
        Teams teams = new Teams(features);
        main.bind("teams", teams);
        main.bind("membership", new Membership(teams, settings.config().stateDir(), deadLetters, clock, new Membership.Options(selection, properties.getProperty("agent.reviewed"),
                Boolean.parseBoolean(properties.getProperty("membership_sync.recreate"))), facts -> seen.accept(facts)));
        main.bind("imports", new Imports(teams, selection, deadLetters));
        main.bind("importClaims", new Collect(ImportClaim.class));
        main.bind("readTeams", new Collect(Teams.ReadTeam.class));
        main.bind("readAccounts", new Collect(Teams.ReadAccounts.class));
        main.bind("readLimits", new Collect(UserLimits.class));
        main.bind("namedAllocations", new Collect(Membership.NamedAllocation.class));
    }

    private void announce(UsageCycle cycle, Consumer<String> out) {
        announce((Execution) cycle, out);
        UsageReport report = cycle.report();
        released.addAll(report.released());
        heard.accept(report);
    }

    /** Tells somebody of every report, before it is told to Waldur. */
    Agent onReport(Consumer<UsageReport> listener) {
        heard = listener;
        return this;
    }

    /** Tells somebody of all that a plan of membership_sync rests on. */
    Agent onFacts(Consumer<Facts> listener) {
        seen = listener;
        return this;
    }

    /** Tells somebody of every plan, before it is carried out. */
    Agent onPlan(Consumer<Plan> listener) {
        planned = listener;
        return this;
    }

    /** Tells somebody that something has failed for good. */
    Agent onFailure(Runnable listener) {
        deadLetters.onFailure(() -> {
            cycles.failed();
            listener.run();
        });
        return this;
    }

    /** Tells somebody of every month of history that is done with. */
    Agent onLoad(Consumer<History.Step> listener) {
        loaded = listener;
        return this;
    }

    /** Tells somebody of every run of a job that is counted, and keeps nothing of what is read. */
    Agent explain(Explanation explanation) {
        main.bind("sacct", new Sacct(settings.config().stateDir(), clock, explanation));
        return this;
    }

    /** The accounts of all resources that were looked at. */
    Set<String> accounts() {
        return reports.accounts();
    }

    /** Why a load of history has ended before its end; empty if it has not. */
    String stopped() {
        return history.stopped();
    }

    /** What was to be released and is held by nothing, sorted. */
    List<String> releasedNothing() {
        return options.released().stream().filter(token -> !released.contains(token)).sorted().toList();
    }

    private void announce(Execution cycle, Consumer<String> out) {
        Plan plan = cycle.getPlan();
        String reviewed = settings.properties().getProperty("agent.reviewed");
        planned.accept(plan);
        if (!reviewed.isEmpty() && !plan.checksum().equals(reviewed)) {
            throw new NotReviewed(plan);
        }
        cycles.planned(cycle);
        if (!settings.dryRun() && !plan.isEmpty()) {
            audit.planned(plan);
        }
        changed |= !plan.isEmpty();
        held |= plan.changes().stream().anyMatch(Change::needsOperator);
        out.accept(plan.text());
    }

    private void announce(Offering offering, List<ComponentChange> changes, Consumer<String> out) {
        changed |= !changes.isEmpty();
        out.accept("Components of offering " + offering.name() + ": " + (changes.isEmpty() ? "nothing to do" : changes.size() + " to write") + "\n"
                + changes.stream().map(ComponentChange::text).collect(Collectors.joining()));
    }

    private void announce(HomePlan plan, Consumer<String> out) {
        changed |= !plan.missing().isEmpty();
        out.accept(plan.text());
    }

    /** Tells somebody of every command, before and after it. */
    Agent listen(CommandListener listener) {
        main.bind("listener", listener);
        return this;
    }

    /** Nothing that the routes run or send reaches anybody outside. Ids of the routes that an exchange comes to are added to the set. */
    Agent rehearse(Outside outside, Set<String> played) {
        main.bind("outside", outside);
        waldur.answeredBy(outside);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                support.getCamelContext().getCamelContextExtension().registerEndpointCallback(new OnlyInside(outside));
                support.getCamelContext().addRoutePolicyFactory((context, id, route) -> new RoutePolicySupport() {
                    @Override
                    public void onExchangeBegin(Route begun, Exchange exchange) {
                        played.add(begun.getRouteId());
                    }
                });
            }
        });
        return this;
    }

    static void log(String plan) {
        plan.lines().forEach(PLAN::info);
    }

    /** The offerings that a cycle of a mode serves, one after the other. Called by the routes. */
    public List<Offering> offerings(String mode) {
        return settings.offerings(Mode.of(mode));
    }

    /** All offerings, whichever modes they have. Called by the routes. */
    public List<Offering> allOfferings() {
        return settings.offerings();
    }

    /** Those that have accounts. Called by the routes. */
    public List<Offering> accountOfferings() {
        return settings.accountOfferings();
    }

    /** Those whose users get home directories. Called by the routes. */
    public List<Offering> homedirOfferings() {
        return settings.homedirOfferings();
    }

    /**
     * What comes before any route: all of them are checked, with the beans that they name, and if they are right, the state directory and the
     * reports to Sentry are made ready, unless nothing is to be written or sent. Throws {@link WrongConfig} with all mistakes.
     */
    private void prepare(CamelContext context) {
        if (!trusting) {
            check(context);
        }
        if (!settings.dryRun()) {
            StateDir.prepare(settings.config().stateDir());
            ErrorReports.start(settings.config());
        }
    }

    /** A method that is misspelt would otherwise be found when an order needs it. */
    private void check(CamelContext context) {
        try {
            refuse(RouteCheck.read(settings.routes(), needs(settings), context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another agent of this process has checked the very same routes: a third of a start is spared, which tests have thousands of. */
    Agent trustRoutes() {
        trusting = true;
        return this;
    }

    /** Throws {@link WrongConfig} with all mistakes of the routes, Camel's own view included. */
    static void buildRoutes(Settings settings) throws Exception {
        CamelContext context = new Agent(settings, plan -> { }).context();
        refuse(RouteCheck.build(settings.routes(), needs(settings), context));
    }

    /** What routes may name, and what the commands name of the routes. */
    static Needs needs(Settings settings) {
        Set<String> timed = Arrays.stream(Mode.values()).map(mode -> mode.job() + "-cycle").collect(Collectors.toSet());
        Set<String> needed = new HashSet<>(timed);
        needed.addAll(Set.of("load-components-cycle", "audit-usage-cycle", "load-usage-cycle", "create-homedirs-cycle", "import-accounts-cycle"));
        // those that diagnostics asks
        needed.addAll(Set.of("waldur-who-am-i", "waldur-get-offering", "waldur-read-version", "waldur-read-features", "read-slurm-version", "read-cluster", "list-live-jobs"));
        return new Needs(settings.properties().stringPropertyNames(), needed, timed);
    }

    private static void refuse(List<Mistake> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(mistakes.stream().map(Mistake::text).collect(Collectors.joining("\n")));
        }
    }

    /** Runs until it is told to stop. Gives the exit code. */
    int run() throws Exception {
        LOG.info("waldur-site-agent {} starts with {} and {}", VERSION, settings.config().file(), settings.routes());
        settings.modes().forEach(mode -> LOG.info("{} for {}", mode.key(), settings.offerings(mode).stream().map(Offering::name).toList()));
        Service around = new Service(settings, clock, deadLetters);
        service = around;
        around.metrics().ifPresent(metrics -> {
            main.bind("metrics", metrics);
            sacct.onRows(metrics::read);
        });
        cycles.tell(around);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport support) {
                around.started();
            }

            @Override
            public void beforeStop(BaseMainSupport support) {
                around.stopping();
                LOG.info("waldur-site-agent stops: the step in hand is finished, and no other is begun");
            }

            @Override
            public void afterStop(BaseMainSupport support) {
                LOG.info("waldur-site-agent has stopped");
            }
        });
        try (around) {
            around.listen();
            main.run();
        } catch (Exception e) {
            throw explained(e);
        }
        return main.getExitCode();
    }

    /** What Camel could not start is said as `check` says it, with file and line, as far as the routes are to blame. */
    private Exception explained(Exception e) throws Exception {
        buildRoutes(settings);
        return e;
    }

    /** One cycle of each job, and the end: a Camel that was stopped cannot be started again. Gives the exit code. */
    int once(String... jobs) throws Exception {
        start();
        Thread hook = new Thread(main::stop, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (String job : jobs) {
                cycle(job);
            }
        } finally {
            main.stop();
            forget(hook);
        }
        return exitCode();
    }

    /** Camel's own way to stop is a hook, which holds all of its Camel until the process ends. */
    private void stopsWithoutHook() {
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    }

    /** Starts without waiting for an end. No timer runs for a job that is none of the modes. */
    void start() throws Exception {
        stopsWithoutHook();
        try {
            main.start();
        } catch (Exception e) {
            throw explained(e);
        }
    }

    /** One cycle of one job ({@code direct:JOB-cycle}) of an agent that is started. */
    void cycle(String job) throws Exception {
        Exchange cycle = main.getCamelContext().createProducerTemplate().send("direct:" + job + "-cycle", e -> { });
        if (cycle.getException() != null) {
            throw cycle.getException();
        }
    }

    void stop() {
        main.stop();
    }

    /** What a route that only reads gives for an offering. Throws what it threw. */
    Exchange ask(String route, Offering offering) throws Exception {
        Exchange answer = main.getCamelContext().createProducerTemplate().send("direct:" + route, e -> e.setVariable("offering", offering));
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer;
    }

    /** What time it is for the server of an offering, once it has answered; empty if it has not said. */
    Optional<Instant> serverTime(Offering offering) {
        return serverClock.now(offering);
    }

    Features features() {
        return features;
    }

    /** Where a service shows its status, once it has started; empty if nowhere. */
    Optional<InetSocketAddress> listens() {
        return Optional.ofNullable(service).flatMap(Service::listens);
    }

    /** A hook holds its agent until the process ends; where many agents run in one process, as in tests, that is all memory soon. */
    static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is running already, because the process ends
        }
    }

    /** What has become of all cycles so far. */
    int exitCode() {
        if (deadLetters.failed()) {
            return ExitCode.FAILED;
        }
        if (!settings.dryRun()) {
            return ExitCode.GOOD;
        }
        return changed ? ExitCode.CHANGES : held ? ExitCode.HELD : ExitCode.GOOD;
    }

    /** A Camel with everything bound and nothing started, to check routes against. */
    CamelContext context() throws Exception {
        checking = true;
        stopsWithoutHook();
        main.configure().setRoutesIncludePattern(null);
        main.configure().setAutoStartup(false);
        main.init();
        return main.getCamelContext();
    }
}
