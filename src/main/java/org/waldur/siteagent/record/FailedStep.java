package org.waldur.siteagent.record;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandFailed;
import org.waldur.siteagent.exec.Stopping;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.OrderHeld;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.GivenUp;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Text;

/** Turns a step that failed into a dead letter, and leaves its orders for another cycle. Bean {@code failedStep}. */
public final class FailedStep {
    private static final Logger LOG = LoggerFactory.getLogger("orders");
    private static final int LONG = 2_000;
    private final DeadLetters deadLetters;

    public FailedStep(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * Whether nothing went wrong but everything ends here, because the agent stops or a server is given up for this cycle. Then all
     * orders of the cycle are left, which is said once, and no letter is written.
     */
    public boolean leaves(Exchange exchange) {
        Throwable cause = Refusal.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        boolean stops = cause instanceof Stopping || cause instanceof RejectedExecutionException && exchange.getContext().isStopping();
        if (!stops && !(cause instanceof GivenUp)) {
            return false;
        }
        String why = stops ? "the agent stops" : Text.oneLine(cause.getMessage(), 500);
        Offering offering = exchange.getVariable("offering", Offering.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        int left = cycle == null ? 0 : cycle.leaveAll(why);
        if (cycle == null || left > 0) {
            LOG.info("Offering {}: {} left for the next {}: {}", offering == null ? "-" : offering.name(),
                    cycle == null ? "all orders are" : left + " orders are", stops ? "run" : "cycle", why);
        }
        return true;
    }

    /** The letter as JSON. Reads the variables offering, orderIds and cycle, which a failure at the very start may not have. */
    public String letter(Exchange exchange) {
        Throwable cause = Refusal.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        Offering offering = exchange.getVariable("offering", Offering.class);
        String orders = exchange.getVariable("orderIds", "-", String.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        String why = why(cause);
        if (cycle != null) {
            cycle.leave(orders, why);
        }
        return deadLetters.write(new Failure(offering == null ? "-" : offering.name(), orders, doing(exchange), why,
                command(exchange, cause), answer(cause), advice(cause)));
    }

    private static String why(Throwable cause) {
        if (cause instanceof HttpOperationFailedException refusal) {
            return Refusal.text(refusal);
        }
        String message = cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
        return Text.oneLine(message, 500);
    }

    private static String doing(Exchange exchange) {
        // the query of a site's own address may hold a key
        String step = exchange.getProperty(Exchange.FAILURE_ENDPOINT, "", String.class).replace("direct://", "").replaceAll("\\?.*", "");
        return Text.oneLine(exchange.getProperty(Exchange.FAILURE_ROUTE_ID, "a route", String.class) + (step.isEmpty() ? "" : ", " + step), 200);
    }

    private static String command(Exchange exchange, Throwable cause) {
        if (cause instanceof CommandFailed failed) {
            return Text.oneLine(failed.commandLine(), LONG);
        }
        boolean request = cause instanceof HttpOperationFailedException || cause instanceof IOException || cause instanceof AnswerUnreadable;
        return request ? Text.oneLine(exchange.getProperty(Audit.REQUEST, "", String.class), LONG) : "";
    }

    private static String answer(Throwable cause) {
        if (cause instanceof CommandFailed failed) {
            return Text.oneLine(failed.output(), LONG);
        }
        return cause instanceof HttpOperationFailedException refusal ? Text.oneLine(refusal.getResponseBody(), LONG) : "";
    }

    private static String advice(Throwable cause) {
        if (cause instanceof OrderHeld) {
            return "The order waits for you: mend what is said here, and the next cycle carries it on.";
        }
        if (cause instanceof HttpOperationFailedException refusal && Map.of(401, "", 403, "").containsKey(refusal.getStatusCode())) {
            return "Check the token of this offering and the role of its user; then the next cycle carries it on.";
        }
        return "Nothing is lost: it is tried again, later each time. To try at once: waldur-site-agent --once.";
    }
}
