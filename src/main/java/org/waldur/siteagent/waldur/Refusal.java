package org.waldur.siteagent.waldur;

import java.io.IOException;
import java.net.URI;
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
        boolean forGood = exception instanceof AnswerTooLarge || exception instanceof CertificateRefused;
        return exception instanceof IOException && !forGood || exception instanceof AnswerUnreadable;
    }

    /** What a server answered instead of what was asked for, in one line; a redirect is explained, because none is followed. */
    public static String text(HttpOperationFailedException answer) {
        URI asked = URI.create(answer.getUri());
        String text = asked.getHost() + " answered " + answer.getStatusCode() + " " + Text.oneLine(answer.getResponseBody(), 300);
        String elsewhere = answer.getRedirectLocation();
        if (elsewhere == null) {
            return text.strip();
        }
        boolean slash = !asked.getPath().endsWith("/") && elsewhere.replaceAll("[?#].*", "").endsWith(asked.getPath() + "/");
        return text.strip() + " and points to " + Text.oneLine(elsewhere.replaceAll("[?#].*", ""), 200) + ". No redirect is followed: "
                + (slash ? "the path of this request lacks the slash at its end" : "waldur_api_url must be the address at which Waldur answers itself");
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
