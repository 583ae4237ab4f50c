package org.waldur.siteagent.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.helper.HttpMethodHelper;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.http.common.HttpHelper;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Text;

/**
 * The audit file: one JSON line before each write to Slurm or Waldur, and one after it, with who, why and what. A line "before"
 * without its "after" is where a run died. It hears of them from Camel itself, so no edit of a route can leave one out.
 */
public final class Audit extends EventNotifierSupport implements CommandListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Property of an exchange: its last request, as it was sent. */
    static final String REQUEST = "audited-request";
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
    public void notify(CamelEvent event) throws URISyntaxException {
        if (event instanceof ExchangeSendingEvent sending && sending.getEndpoint() instanceof HttpEndpoint endpoint) {
            String request = request(sending.getExchange(), endpoint);
            // the answer takes the place of what the request was made of
            sending.getExchange().setProperty(REQUEST, request);
            request(sending.getExchange(), request, "before", Map.of());
        } else if (event instanceof ExchangeSentEvent sent && sent.getEndpoint() instanceof HttpEndpoint) {
            request(sent.getExchange(), sent.getExchange().getProperty(REQUEST, String.class), "after",
                    Map.of("result", result(sent.getExchange()), "milliseconds", sent.getTimeTaken()));
        }
    }

    /** Method, host and path, as the http component is going to send them. The query may hold what is nobody's business. */
    private static String request(Exchange exchange, HttpEndpoint endpoint) throws URISyntaxException {
        URI uri = HttpHelper.createURI(exchange, HttpHelper.createURL(exchange, endpoint), endpoint);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return HttpMethodHelper.createMethod(exchange, endpoint) + " " + uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }

    private static String result(Exchange exchange) {
        Throwable failure = Refusal.cause(exchange.getException());
        if (failure instanceof HttpOperationFailedException answer) {
            return String.valueOf(answer.getStatusCode());
        }
        return failure == null ? String.valueOf(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)) : Text.oneLine(failure.toString(), 300);
    }

    private void request(Exchange exchange, String request, String when, Map<String, ?> result) {
        if (request.startsWith("GET ") || request.startsWith("HEAD ")) {
            return;
        }
        Map<String, Object> line = line(exchange, when);
        line.put("request", request);
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
