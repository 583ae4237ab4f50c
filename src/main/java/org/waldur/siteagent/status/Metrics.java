package org.waldur.siteagent.status;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.record.Audit;
import org.waldur.siteagent.record.SendNotifier;

/**
 * What this process does, in figures for Prometheus. All names begin with {@code waldur_agent_}; README, "Look at it", has the list. No
 * account, user or order is in any of them, so their number does not grow with the cluster.
 */
public final class Metrics extends SendNotifier implements CommandListener {
    private static final Pattern API = Pattern.compile("([A-Z]+) https?://[^/]+/(?:.*/)?api/(.*)");
    private static final Pattern NAME = Pattern.compile("[a-z_-]+");
    private static final int LONGEST = 6;
    private static final String GOOD = "good";
    private static final String FAILED = "failed";
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge changes = MultiGauge.builder("waldur.agent.plan.changes").description("Changes of the last plan, by kind").register(registry);
    private final MultiGauge held = MultiGauge.builder("waldur.agent.plan.held").description("What an operator has to do something about, in the last plan").register(registry);
    private final MultiGauge waiting = MultiGauge.builder("waldur.agent.plan.waiting").description("Orders, accounts or figures whose changes could not be made").register(registry);
    private final Counter rows = Counter.builder("waldur.agent.usage.rows").description("Rows of sacct that were read").register(registry);
    private final Counter lockWaits = Counter.builder("waldur.agent.lock.waits").description("Commands that had to wait for the lock of all that write to slurmdbd").register(registry);
    private final Map<Mode, List<CycleStatus.PlanStatus>> plans = new ConcurrentHashMap<>();

    /** @param status read when somebody asks for it */
    public Metrics(Supplier<Status> status) {
        // a failure that has never happened is a 0, and no gap
        for (Mode mode : Mode.values()) {
            cycle(mode, GOOD);
            cycle(mode, FAILED);
            Gauge.builder("waldur.agent.last.success", () -> lastSuccess(status.get(), mode)).tags("mode", mode.key()).baseUnit("timestamp.seconds")
                    .description("When a cycle last ended in which nothing failed, in seconds since 1970; 0: never").register(registry);
        }
        Gauge.builder("waldur.agent.dead.letters", () -> status.get().letters().size()).description("Dead letters that are there").register(registry);
    }

    private Timer cycle(Mode mode, String result) {
        return timer("waldur.agent.cycle", "Cycles", "mode", mode.key(), "result", result);
    }

    private Timer timer(String name, String description, String... tags) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    private static double lastSuccess(Status status, Mode mode) {
        return status.modes().stream().filter(m -> m.mode() == mode).flatMap(m -> m.last().stream()).flatMap(last -> Status.moment(last.lastSuccess()).stream())
                .mapToDouble(Instant::getEpochSecond).findFirst().orElse(0);
    }

    /** A cycle has ended. */
    public void ended(Mode mode, CycleStatus.Outcome outcome) {
        cycle(mode, outcome.isGood() ? GOOD : FAILED).record(Duration.between(Instant.parse(outcome.began()),
                Instant.parse(outcome.ended())));
        plans.put(mode, outcome.plans());
        List<MultiGauge.Row<?>> changed = new ArrayList<>();
        List<MultiGauge.Row<?>> stopped = new ArrayList<>();
        List<MultiGauge.Row<?>> left = new ArrayList<>();
        plans.forEach((of, all) -> all.forEach(plan -> {
            Tags tags = Tags.of("mode", of.key(), "offering", plan.offering());
            plan.changes().forEach((kind, number) -> changed.add(MultiGauge.Row.of(tags.and("kind", kind), number)));
            stopped.add(MultiGauge.Row.of(tags, plan.held().stream().filter(CycleStatus.Held::operator).count()));
            left.add(MultiGauge.Row.of(tags, plan.waiting()));
        }));
        changes.register(changed, true);
        held.register(stopped, true);
        waiting.register(left, true);
    }

    /** Rows of sacct were read. */
    public void read(long number) {
        rows.increment(number);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSentEvent sent && sent.getEndpoint() instanceof HttpEndpoint) {
            String status = Audit.resultOf(sent.getExchange());
            timer("waldur.agent.request", "Requests to Waldur", "request", name(Audit.requestOf(sent.getExchange())), "status", status.matches("\\d{3}") ? status : "none")
                    .record(Duration.ofMillis(sent.getTimeTaken()));
        }
    }

    /** Like {@code POST marketplace-orders/x/set_state_done}: what stands for one order or resource is left out. */
    static String name(String request) {
        Matcher api = API.matcher(request);
        if (!api.matches()) {
            return "other";
        }
        List<String> words = Stream.of(api.group(2).split("/")).filter(word -> !word.isEmpty()).limit(LONGEST).map(word -> NAME.matcher(word).matches() ? word : "x").toList();
        return (api.group(1) + " " + String.join("/", words)).strip();
    }

    @Override
    public void before(Exchange exchange, Argv argv) {
        if (argv.waitsForLock()) {
            lockWaits.increment();
        }
    }

    @Override
    public void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr) {
        timer("waldur.agent.command", "Commands, the wait for the lock included", "command", argv.kind(), "exit", Integer.toString(exit)).record(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** The text that Prometheus reads. */
    public String scrape() {
        return registry.scrape();
    }
}
