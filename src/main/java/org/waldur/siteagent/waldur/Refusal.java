package org.waldur.siteagent.waldur;

import java.io.IOException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Whether another try can help. Bean {@code refusal}. */
public final class Refusal {

    /** True for network trouble, 408, 429, every 5xx, and answers that are cut; false for what Waldur has refused. */
    public boolean mayPass(Exception exception) {
        if (exception instanceof HttpOperationFailedException answer) {
            int code = answer.getStatusCode();
            return code >= 500 || code == 429 || code == 408;
        }
        return exception instanceof IOException || exception instanceof AnswerUnreadable;
    }
}
