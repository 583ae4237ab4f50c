package org.waldur.siteagent.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.waldur.Text;

/**
 * The audit file: one JSON line before each write to Slurm or Waldur, and one after it, with who, why and what. A line "before"
 * without its "after" is where a run died. It hears of them from Camel itself, so no edit of a route can leave one out.
 */
public final class Audit extends EventNotifierSupport implements CommandListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path file;
    private final Clock clock;

    public Audit(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeSendingEvent sending && writes(sending.getExchange(), sending.getEndpoint().getEndpointUri())) {
            request(sending.getExchange(), "before", Map.of());
        } else if (event instanceof ExchangeSentEvent sent && writes(sent.getExchange(), sent.getEndpoint().getEndpointUri())) {
            Exception failure = sent.getExchange().getException();
            Object code = sent.getExchange().getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE);
            request(sent.getExchange(), "after", Map.of("result", failure == null ? String.valueOf(code) : Text.oneLine(failure.getMessage(), 300),
                    "milliseconds", sent.getTimeTaken()));
        }
    }

    private static boolean writes(Exchange exchange, String uri) {
        return uri.startsWith("http") && !exchange.getVariable("request", "GET", String.class).startsWith("GET ");
    }

    private void request(Exchange exchange, String when, Map<String, ?> result) {
        Map<String, Object> line = line(exchange, when);
        line.put("request", exchange.getVariable("request", String.class));
        line.putAll(result);
        append(line);
    }

    @Override
    public void before(Exchange exchange, Argv argv) {
        if (writes(argv)) {
            Map<String, Object> line = line(exchange, "before");
            line.put("argv", argv.words());
            append(line);
        }
    }

    @Override
    public void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr) {
        if (writes(argv)) {
            Map<String, Object> line = line(exchange, "after");
            line.put("argv", argv.words());
            line.put("result", exit);
            line.put("milliseconds", Math.round(seconds * 1000));
            line.put("stderr", Text.oneLine(stderr, 300));
            append(line);
        }
    }

    /** What only looks is not audited; everything else is, site scripts as well. */
    private static boolean writes(Argv argv) {
        String program = argv.program();
        return !argv.words().contains("show") && !program.endsWith("/squeue") && !program.endsWith("/getent");
    }

    private Map<String, Object> line(Exchange exchange, String when) {
        Map<String, Object> line = new LinkedHashMap<>();
        Offering offering = exchange.getVariable("offering", Offering.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        line.put("time", clock.instant().toString());
        line.put("when", when);
        line.put("offering", offering == null ? "-" : offering.name());
        line.put("orders", exchange.getVariable("orderIds", "-", String.class));
        line.put("plan", cycle == null ? "-" : cycle.getPlan().checksum());
        line.put("route", exchange.getFromRouteId());
        return line;
    }

    private synchronized void append(Map<String, Object> line) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the audit file " + file + ": " + e.getMessage(), e);
        }
    }
}
