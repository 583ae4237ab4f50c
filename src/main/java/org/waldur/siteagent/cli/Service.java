package org.waldur.siteagent.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.status.CycleStatus;
import org.waldur.siteagent.status.Cycles;
import org.waldur.siteagent.status.Metrics;
import org.waldur.siteagent.status.Progress;
import org.waldur.siteagent.status.Status;
import org.waldur.siteagent.status.StatusServer;

/** What a service has around it that a run by hand has not: systemd with its watchdog, and, if it is wanted, the status page and metrics. */
final class Service implements Cycles.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("service");
    private static final int FEEDS = 4;
    private final Settings settings;
    private final Clock clock;
    private final DeadLetters deadLetters;
    private final Progress progress;
    private final Systemd systemd;
    private final Optional<InetSocketAddress> address;
    private final Optional<Metrics> metrics;
    private final Duration watchdog;
    private volatile long fed;
    private volatile boolean ready;
    private volatile StatusServer server;

    Service(Settings settings, Clock clock, DeadLetters deadLetters) {
        this.settings = settings;
        this.clock = clock;
        this.deadLetters = deadLetters;
        Map<Mode, Duration> running = settings.periods(settings.modes());
        this.progress = new Progress(running, System::nanoTime);
        this.watchdog = progress.gap().plus(progress.gap().dividedBy(FEEDS));
        this.address = ListenAddress.parse(settings.properties().getProperty("agent.listen"));
        this.metrics = address.map(any -> new Metrics(this::status));
        this.systemd = new Systemd(Path.of(settings.properties().getProperty("host.systemd_notify")), settings.properties().getProperty("host.notify_socket"));
    }

    /** Hears of requests and commands; empty if nobody wants to know. */
    Optional<Metrics> metrics() {
        return metrics;
    }

    private Status status() {
        return Status.read(settings.config().stateDir(), settings.periods(settings.servedModes()), deadLetters.all(), clock.instant());
    }

    /** Takes the address, before Camel starts: what is thrown once it has is only logged there. Throws {@link WrongConfig} if it is not to be had. */
    void listen() {
        if (address.isPresent()) {
            try {
                server = StatusServer.at(address.get(), this::status, progress::stuck, metrics.get()::scrape);
            } catch (IOException e) {
                throw new WrongConfig("--listen " + settings.properties().getProperty("agent.listen") + ": " + e.getMessage()
                        + "; right would be: an address of this machine, and a port that nobody else listens at");
            }
        }
    }

    /** The agent has begun its work, and answers who asks. */
    void started() {
        if (server != null) {
            server.start();
            // the port may be one that the system has chosen
            LOG.info("The status is at http://{}:{}/", server.address().getHostString(), server.address().getPort());
        }
        ready = true;
        systemd.say("READY=1", "STATUS=runs " + settings.modes().stream().map(Mode::key).collect(Collectors.joining(", ")), "WATCHDOG_USEC=" + watchdog.toMillis() * 1000);
    }

    @Override
    public void progress(Mode mode) {
        progress.made(mode);
        long now = System.nanoTime();
        if (ready && now - fed > watchdog.dividedBy(2 * FEEDS).toNanos() && progress.stuck().isEmpty()) {
            fed = now;
            // ready once more, because a systemd before 246 may not have heard it the first time
            systemd.say("READY=1", "WATCHDOG=1");
        }
    }

    @Override
    public void ended(Mode mode, CycleStatus.Outcome outcome) {
        metrics.ifPresent(all -> all.ended(mode, outcome));
        systemd.say("STATUS=" + mode.key() + " ended a cycle at " + outcome.ended() + (outcome.isGood() ? "" : ", in which " + outcome.failures() + " things failed"), "WATCHDOG=1");
    }

    Optional<InetSocketAddress> listens() {
        return Optional.ofNullable(server).map(StatusServer::address);
    }

    void stopping() {
        systemd.say("STOPPING=1");
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        systemd.close();
    }
}
