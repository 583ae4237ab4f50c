package org.waldur.siteagent.waldur;

import java.io.IOException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Whether another try can help. Bean {@code refusal}. */
public final class Refusal {

    /** True for network trouble, 408, 429, every 5xx, and answers that are cut; false for what Waldur has refused. */
    public boolean mayPass(Exception caught) {
        Throwable exception = cause(caught);
        if (exception instanceof HttpOperationFailedException answer) {
            int code = answer.getStatusCode();
            return code >= 500 || code == 429 || code == 408;
        }
        return exception instanceof IOException && !(exception instanceof AnswerTooLarge) || exception instanceof AnswerUnreadable;
    }

    /** What really happened, without what Camel has wrapped around it; null for null. */
    public static Throwable cause(Throwable caught) {
        Throwable cause = caught;
        while (cause != null && cause.getCause() != null && cause.getClass().getName().startsWith("org.apache.camel.")) {
            cause = cause.getCause();
        }
        return cause;
    }
}
