package org.waldur.siteagent.record;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandFailed;
import org.waldur.siteagent.exec.Stopping;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.NotAsPlanned;
import org.waldur.siteagent.plan.NotReviewed;
import org.waldur.siteagent.plan.OrderHeld;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.GivenUp;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Text;

/** Turns a step that failed into a dead letter, and leaves its orders for another cycle. Bean {@code failedStep}. */
public final class FailedStep {
    private static final Logger LOG = LoggerFactory.getLogger("orders");
    private static final int LONG = 2_000;
    private static final Pattern CONCERNS = Pattern.compile("((import of )?account [^,]+|[0-9a-f]{32})(,(account [^,]+|[0-9a-f]{32}))*");
    private final DeadLetters deadLetters;

    public FailedStep(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * Whether nothing went wrong but everything ends here, because the agent stops, a server is given up for this cycle, or the plan
     * is not the one that an operator has reviewed. Then all
     * orders of the cycle are left, which is said once, and no letter is written.
     */
    public boolean leaves(Exchange exchange) {
        Throwable cause = Refusal.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        boolean stops = cause instanceof Stopping || cause instanceof RejectedExecutionException && exchange.getContext().isStopping();
        if (!stops && !(cause instanceof GivenUp) && !(cause instanceof NotReviewed)) {
            return false;
        }
        String why = stops ? Stopping.WHY : Text.oneLine(cause.getMessage(), 500);
        Offering offering = exchange.getVariable("offering", Offering.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        int left = cycle == null ? 0 : cycle.leaveAll(why);
        if (cycle == null || left > 0) {
            LOG.info("Offering {}: {} left for the next {}: {}", offering == null ? "-" : offering.name(),
                    cycle == null ? "all is" : left + " " + cycle.noun() + " are", stops ? "run" : "cycle", why);
        }
        return true;
    }

    /** The letter as JSON. Reads the variables offering, orderIds and cycle, which a failure at the very start may not have. */
    public String letter(Exchange exchange) {
        Throwable cause = Refusal.cause(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        Offering offering = exchange.getVariable("offering", Offering.class);
        String orders = exchange.getVariable("orderIds", "-", String.class);
        Execution cycle = exchange.getVariable("cycle", Execution.class);
        String why = hidden(why(cause), offering);
        if (cycle != null && CONCERNS.matcher(orders).matches()) {
            cycle.leave(orders, why);
        }
        return deadLetters.write(new Failure(offering == null ? "-" : offering.name(), orders, doing(exchange, cause), why,
                hidden(command(exchange, cause), offering), hidden(answer(cause), offering), Advice.about(cause, orders), cause instanceof OrderHeld));
    }

    /** A server may give back what it was sent, the token included. */
    private static String hidden(String text, Offering offering) {
        return offering == null ? text : text.replace(offering.token().reveal(), "***");
    }

    private static String why(Throwable cause) {
        if (cause instanceof HttpOperationFailedException refusal) {
            return Refusal.text(refusal);
        }
        // "waldur.example.com" alone would be all that Java says of a name that cannot be looked up
        boolean bare = cause == null || cause.getMessage() == null || cause instanceof IOException;
        return Text.oneLine(bare ? String.valueOf(cause).replaceFirst("^[\\w.]+\\.(?=\\w)", "") : cause.getMessage(), 500);
    }

    /** The route whose step failed, and where it led to. What a route throws by itself happened in the route; Camel still names its last step. */
    private static String doing(Exchange exchange, Throwable cause) {
        String step = exchange.getProperty(Exchange.FAILURE_ENDPOINT, "", String.class).replaceFirst("^direct://", "").replaceFirst("^exec:.*", "command")
                .replaceFirst("^https?:.*", "request");
        boolean thrown = cause instanceof OrderHeld || cause instanceof NotAsPlanned;
        return Text.oneLine(exchange.getProperty(Exchange.FAILURE_ROUTE_ID, "a route", String.class) + (step.isEmpty() || thrown ? "" : ", " + step), 200);
    }

    private static String command(Exchange exchange, Throwable cause) {
        if (cause instanceof CommandFailed failed) {
            return Text.oneLine(failed.commandLine(), LONG);
        }
        boolean asked = cause instanceof HttpOperationFailedException || cause instanceof IOException || cause instanceof AnswerUnreadable;
        return asked ? Text.oneLine(exchange.getProperty(Audit.REQUEST, "", String.class), LONG) : "";
    }

    private static String answer(Throwable cause) {
        if (cause instanceof CommandFailed failed) {
            return Text.oneLine(failed.output(), LONG);
        }
        return cause instanceof HttpOperationFailedException refusal ? Text.oneLine(refusal.getResponseBody(), LONG) : "";
    }
}
