package org.waldur.siteagent.status;

import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.slf4j.MDC;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.record.SendNotifier;

/**
 * Writes down what becomes of each cycle. It hears from Camel when a cycle ({@code direct:MODE-cycle}) begins and ends, so no edit of a route
 * can leave it out; a cycle and all that it calls run in one thread.
 */
public final class Cycles extends SendNotifier {
    private static final Map<String, Mode> JOBS = Arrays.stream(Mode.values()).collect(Collectors.toMap(mode -> "direct://" + mode.job() + "-cycle", Function.identity()));

    /** What stands in each line of the log and of the audit that a cycle writes, like {@code order_process-3fa91c}. */
    public static final String ID = "cycle";
    private static final int ID_DIGITS = 6;
    private final CycleFiles files;
    private final boolean whole;
    private final Clock clock;
    private volatile Listener listener = new Listener() {
    };
    private final ThreadLocal<Running> current = new ThreadLocal<>();

    private record Running(Mode mode, String began, List<Execution> plans, AtomicInteger failures) {
    }

    /** Hears of what cycles do, in their thread. */
    public interface Listener {
        /** A cycle has begun or ended, or a request or a command in it has ended. */
        default void progress(Mode mode) {
        }

        default void ended(Mode mode, CycleStatus.Outcome outcome) {
        }
    }

    /** @param whole false: only a part of each plan is carried out, which says nothing about the mode, so nothing is written down */
    public Cycles(Path stateDir, Clock clock, boolean whole) {
        this.files = new CycleFiles(stateDir);
        this.whole = whole;
        this.clock = clock;
    }

    /** Tells somebody from now on. */
    public void tell(Listener somebody) {
        listener = somebody;
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSendingEvent sending) {
            mode(sending.getEndpoint()).ifPresent(this::begin);
        } else if (event instanceof ExchangeSentEvent sent) {
            mode(sent.getEndpoint()).ifPresentOrElse(mode -> end(), () -> step(sent.getEndpoint()));
        }
    }

    private void step(Endpoint endpoint) {
        Running running = current.get();
        if (running != null && !(endpoint instanceof DirectEndpoint)) {
            listener.progress(running.mode());
        }
    }

    private static Optional<Mode> mode(Endpoint endpoint) {
        return Optional.ofNullable(JOBS.get(endpoint.getEndpointUri()));
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void begin(Mode mode) {
        Running running = new Running(mode, now(), new CopyOnWriteArrayList<>(), new AtomicInteger());
        current.set(running);
        MDC.put(ID, mode.key() + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), ID_DIGITS));
        CycleStatus.Outcome last = files.read(mode).map(CycleStatus::last).orElse(null);
        write(mode, running.began(), last);
        listener.progress(mode);
    }

    private void write(Mode mode, String running, CycleStatus.Outcome last) {
        if (whole) {
            files.write(mode, new CycleStatus(mode.key(), ProcessHandle.current().pid(), running, last));
        }
    }

    /** A plan that the cycle in hand is going to carry out. */
    public void planned(Execution plan) {
        Optional.ofNullable(current.get()).ifPresent(running -> running.plans().add(plan));
    }

    /** Something failed for good in the cycle in hand. */
    public void failed() {
        Optional.ofNullable(current.get()).ifPresent(running -> running.failures().incrementAndGet());
    }

    private void end() {
        Running running = current.get();
        if (running == null) {
            return;
        }
        current.remove();
        MDC.remove(ID);
        Mode mode = running.mode();
        String now = now();
        int failures = running.failures().get();
        String success = failures == 0 ? now : files.read(mode).map(CycleStatus::last).map(CycleStatus.Outcome::lastSuccess).orElse("");
        CycleStatus.Outcome outcome = new CycleStatus.Outcome(running.began(), now, failures, success, running.plans().stream().map(CycleStatus.PlanStatus::of).toList());
        write(mode, "", outcome);
        listener.ended(mode, outcome);
        listener.progress(mode);
    }
}
