package org.waldur.siteagent.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.helper.HttpMethodHelper;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.http.common.HttpHelper;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSendingEvent;
import org.apache.camel.spi.CamelEvent.ExchangeSentEvent;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandListener;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.PlanJson;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Text;

/**
 * The audit file: one JSON line before each write to Slurm or Waldur, and one after it, with who, why and what. A line "before"
 * without its "after" is where a run died. It hears of them from Camel itself, so no edit of a route can leave one out. What cannot
 * be written down first is not done: {@link NotAudited}.
 */
public final class Audit extends SendNotifier implements CommandListener, HttpRequestInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger("audit");
    private static final Logger WRITES = LoggerFactory.getLogger("writes");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Property of an exchange: its last request, as it was sent. */
    static final String REQUEST = "audited-request";
    private final Path file;
    private final Clock clock;
    /** Camel ignores what a notifier throws; so the request itself is refused, in the same thread. */
    private final ThreadLocal<NotAudited> missing = new ThreadLocal<>();
    private final String who;
    private boolean torn;

    /** @param who the user that we run as, and behind whom somebody may stand (sudo) */
    public Audit(Path file, Clock clock, String who) {
        this.who = who;
        this.file = file;
        this.clock = clock;
    }

    @Override
    public void notify(CamelEvent event) throws URISyntaxException {
        if (event instanceof ExchangeSendingEvent sending && sending.getEndpoint() instanceof HttpEndpoint endpoint) {
            missing.remove();
            String request = request(sending.getExchange(), endpoint);
            // the answer takes the place of what the request was made of
            sending.getExchange().setProperty(REQUEST, request);
            try {
                request(sending.getExchange(), request, "before", Map.of());
            } catch (NotAudited e) {
                missing.set(e);
            }
        } else if (event instanceof ExchangeSentEvent sent && sent.getEndpoint() instanceof HttpEndpoint && missing.get() == null) {
            String request = sent.getExchange().getProperty(REQUEST, String.class);
            try {
                request(sent.getExchange(), request, "after", Map.of("result", result(sent.getExchange()), "milliseconds", sent.getTimeTaken()));
            } catch (NotAudited e) {
                LOG.error("How {} ended is not recorded: {}", request, e.getMessage());
            }
        }
    }

    /** The last request of an exchange, as {@code POST https://HOST/api/marketplace-orders/UUID/set_state_done/}; empty if it made none. */
    public static String requestOf(Exchange exchange) {
        return exchange.getProperty(REQUEST, "", String.class);
    }

    /** What its answer was: a status code, or why there is none. */
    public static String resultOf(Exchange exchange) {
        return result(exchange);
    }

    /** A plan that is going to be carried out, with all of its changes. Throws {@link NotAudited}; then it is not carried out. */
    public void planned(Plan plan) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", clock.instant().toString());
        line.put("when", "plan");
        line.put("who", who);
        line.put("cycle", Objects.requireNonNullElse(MDC.get("cycle"), "-"));
        line.put("plan", PlanJson.of(plan));
        append(line);
    }

    /** Right before a request leaves. */
    @Override
    public void process(HttpRequest request, EntityDetails entity, HttpContext context) {
        NotAudited gap = missing.get();
        if (gap != null) {
            throw gap;
        }
    }

    /** Method, host and path, as the http component is going to send them. The query, or a site's own path, may hold what is nobody's business. */
    private static String request(Exchange exchange, HttpEndpoint endpoint) throws URISyntaxException {
        URI uri = HttpHelper.createURI(exchange, HttpHelper.createURL(exchange, endpoint), endpoint);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        Offering offering = exchange.getVariable("offering", Offering.class);
        boolean isWaldur = offering != null && offering.apiUrl().getAuthority().equalsIgnoreCase(uri.getAuthority());
        return HttpMethodHelper.createMethod(exchange, endpoint) + " " + uri.getScheme() + "://" + uri.getHost() + port + (isWaldur ? uri.getRawPath() : "/...");
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
        say(line, request);
    }

    @Override
    public void before(Exchange exchange, Argv argv) {
        if (!argv.onlyLooks()) {
            Map<String, Object> line = line(exchange, "before");
            line.put("argv", argv.words());
            append(line);
        }
    }

    @Override
    public void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr) {
        if (!argv.onlyLooks()) {
            Map<String, Object> line = line(exchange, "after");
            line.put("argv", argv.words());
            line.put("result", exit);
            line.put("milliseconds", Math.round(seconds * 1000));
            line.put("stderr", Text.oneLine(stderr, 300));
            append(line);
            say(line, argv.toString());
        }
    }

    /** One line of the log for each write that has ended, with what it was for. */
    private static void say(Map<String, Object> line, String what) {
        if (line.containsKey("result")) {
            WRITES.atInfo().addKeyValue("orders", line.get("orders")).addKeyValue("plan", line.get("plan"))
                    .log("{}: {}, {} ms, for {} of plan {}", what, line.get("result"), line.get("milliseconds"), line.get("orders"), line.get("plan"));
        }
    }

    /** The reasons of the changes in the plan that these orders need; all of them stand in the line of the plan. */
    private static String why(Exchange exchange, Execution cycle) {
        Change change = exchange.getVariable("change", Change.class);
        return cycle == null || change == null || !cycle.getPlan().changes().contains(change) ? "-" : Text.oneLine(change.reason(), 300);
    }

    private Map<String, Object> line(Exchange exchange, String when) {
        Map<String, Object> line = new LinkedHashMap<>();
        Offering offering = exchange.getVariable("offering", Offering.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        line.put("time", clock.instant().toString());
        line.put("when", when);
        line.put("who", who);
        line.put("offering", offering == null ? "-" : offering.name());
        line.put("orders", exchange.getVariable("orderIds", "-", String.class));
        line.put("plan", cycle == null ? "-" : cycle.getPlan().checksum());
        line.put("why", why(exchange, cycle));
        line.put("cycle", Objects.requireNonNullElse(MDC.get("cycle"), "-"));
        line.put("route", exchange.getFromRouteId());
        return line;
    }

    /** One call a line, so that lines of two processes do not mix; a line that was cut because the disk was full is ended first. */
    private synchronized void append(Map<String, Object> line) {
        try {
            byte[] text = ((torn ? "\n" : "") + JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
            StateFile.folder(file.getParent());
            try (SeekableByteChannel channel = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND), StateFile.mode("rw-r-----"))) {
                int written = channel.write(ByteBuffer.wrap(text));
                torn = written < text.length && (torn || written > 0);
                if (written < text.length) {
                    throw new IOException("no room for a whole line");
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is JSON", e);
        } catch (IOException e) {
            throw new NotAudited(file, e);
        }
    }
}
