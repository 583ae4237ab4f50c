package org.waldur.siteagent.cli;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.membership.Facts;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.rehearsal.Outside;
import org.waldur.siteagent.route.RouteCheck;
import org.waldur.siteagent.usage.Explanation;
import org.waldur.siteagent.usage.History;
import org.waldur.siteagent.usage.Sacct;
import org.waldur.siteagent.usage.UsageReport;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.WaldurClient;

/** A Camel that plays the routes: as a service, a cycle at a time, or asked for one thing. What they name is in {@link Bindings}. */
final class Agent {
    static final String VERSION = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Logger PLAN = LoggerFactory.getLogger("plan");
    private static final int SHUTDOWN_SECONDS = 300;

    private final Settings settings;
    private final Clock clock;
    private final Bindings bound;
    private final Announcements announcements;
    private final Main main = new Main();
    private volatile Service service;
    /** The routes are looked at from outside, and not played. */
    private boolean checking;
    private boolean trusting;

    /** @param out where plans are printed; a service has them in its log */
    Agent(Settings settings, Consumer<String> out) {
        this(settings, out, Clock.systemUTC());
    }

    /** @param clock what time it is for reports, dead letters and the audit */
    Agent(Settings settings, Consumer<String> out, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.bound = new Bindings(settings, out, clock);
        this.announcements = bound.announcements;
        main.bind("agent", this);
        bound.all().forEach(main::bind);
        main.setPropertyPlaceholderLocations("false");
        main.setOverrideProperties(settings.properties());
        main.configure().withName("waldur-site-agent").withRoutesIncludePattern("file:" + settings.routes() + "/*" + RouteCheck.EXTENSION)
                .withShutdownTimeout(SHUTDOWN_SECONDS).withJmxEnabled(false).withAutoConfigurationLogSummary(false)
                .withBasePackageScanEnabled(false);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                WaldurClient.configure(support.getCamelContext(), bound.waldur);
                if (!checking) {
                    prepare(support.getCamelContext());
                }
            }
        });
    }

    /** Tells somebody of every report, before it is told to Waldur. */
    Agent onReport(Consumer<UsageReport> listener) {
        announcements.onReport(listener);
        return this;
    }

    /** Tells somebody of all that a plan of membership_sync rests on. */
    Agent onFacts(Consumer<Facts> listener) {
        announcements.onFacts(listener);
        return this;
    }

    /** Tells somebody of every plan, before it is carried out. */
    Agent onPlan(Consumer<Plan> listener) {
        announcements.onPlan(listener);
        return this;
    }

    /** Tells somebody that something has failed for good. */
    Agent onFailure(Runnable listener) {
        bound.deadLetters.onFailure(() -> {
            bound.cycles.failed();
            listener.run();
        });
        return this;
    }

    /** Tells somebody of every month of history that is done with. */
    Agent onLoad(Consumer<History.Step> listener) {
        announcements.onMonth(listener);
        return this;
    }

    /** Tells somebody of every run of a job that is counted, and keeps nothing of what is read. */
    Agent explain(Explanation explanation) {
        main.bind("sacct", new Sacct(settings.config().stateDir(), clock, explanation));
        return this;
    }

    /** The accounts of all resources that were looked at. */
    Set<String> accounts() {
        return bound.reports.accounts();
    }

    /** Why a load of history has ended before its end; empty if it has not. */
    String stopped() {
        return bound.history.stopped();
    }

    /** What was to be released and is held by nothing, sorted. */
    List<String> releasedNothing() {
        Set<String> released = announcements.released();
        return bound.options.released().stream().filter(token -> !released.contains(token)).sorted().toList();
    }

    /** Tells somebody of every command, before and after it. */
    Agent listen(CommandListener listener) {
        main.bind("listener", listener);
        return this;
    }

    /** Nothing that the routes run or send reaches anybody outside. @param played is told the id of each route that an exchange comes to */
    Agent rehearse(Outside outside, Consumer<String> played) {
        main.bind("outside", outside);
        bound.waldur.answeredBy(outside);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                support.getCamelContext().getCamelContextExtension().registerEndpointCallback(new OnlyInside(outside));
                support.getCamelContext().addRoutePolicyFactory((context, id, route) -> new RoutePolicySupport() {
                    @Override
                    public void onExchangeBegin(Route begun, Exchange exchange) {
                        played.accept(begun.getRouteId());
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
        CheckedBefore before = CheckedBefore.of(settings);
        boolean known = trusting || before.holds();
        if (!known) {
            CheckedRoutes.read(settings, context);
        }
        if (!settings.dryRun()) {
            StateDir.prepare(settings.config().stateDir());
            if (!known) {
                before.remember();
            }
            ErrorReports.start(settings.config());
        }
    }

    /** Another agent of this process has checked the very same routes: a third of a start is spared, which tests have thousands of. */
    Agent trustRoutes() {
        trusting = true;
        return this;
    }

    /** Runs until it is told to stop. Gives the exit code. */
    int run() throws Exception {
        LOG.info("waldur-site-agent {} starts with {} and {}", VERSION, settings.config().file(), settings.routes());
        settings.modes().forEach(mode -> LOG.info("{} for {}", mode.key(), settings.offerings(mode).stream().map(Offering::name).toList()));
        Service around = new Service(settings, clock, bound.deadLetters);
        service = around;
        around.metrics().ifPresent(metrics -> {
            main.bind("metrics", metrics);
            bound.sacct.onRows(metrics::read);
        });
        bound.cycles.tell(around);
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
            runCamel();
        }
        return main.getExitCode();
    }

    private void runCamel() throws Exception {
        try {
            main.run();
        } catch (Exception e) {
            // Camel's hook waits for a Camel that has started until it has ended
            main.stop();
            throw explained(e);
        }
    }

    /** What Camel could not start is said as `check` says it, with file and line, as far as the routes are to blame. */
    private Exception explained(Exception e) throws Exception {
        CheckedRoutes.build(settings);
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
        return bound.serverClock.now(offering);
    }

    Features features() {
        return bound.features;
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
        if (bound.deadLetters.failed()) {
            return ExitCode.FAILED;
        }
        if (!settings.dryRun()) {
            return ExitCode.GOOD;
        }
        return announcements.isChanged() ? ExitCode.CHANGES : announcements.isHeld() ? ExitCode.HELD : ExitCode.GOOD;
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
