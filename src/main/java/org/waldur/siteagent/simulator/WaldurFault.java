package org.waldur.siteagent.simulator;

import java.util.function.Predicate;

/**
 * Something that goes wrong with a request.
 *
 * @param request  which ones
 * @param times    how often, then it is over
 * @param effect   whether the request is handled all the same, before the answer goes wrong
 * @param cut      the connection is closed without an answer
 * @param reply    the answer, if it is not cut
 */
public record WaldurFault(Predicate<WaldurRequest> request, int times, boolean effect, boolean cut, int code, String body, String retryAfter) {

    /** The server answers with this code and text instead of handling the request. */
    public static WaldurFault answer(Predicate<WaldurRequest> request, int code, String body) {
        return new WaldurFault(request, 1, false, false, code, body, null);
    }

    /** The request is handled, and the answer is lost. */
    public static WaldurFault lost(Predicate<WaldurRequest> request) {
        return new WaldurFault(request, 1, true, true, 0, "", null);
    }

    /** The connection is cut before the request is handled. */
    public static WaldurFault cutOff(Predicate<WaldurRequest> request) {
        return new WaldurFault(request, 1, false, true, 0, "", null);
    }

    public WaldurFault times(int number) {
        return new WaldurFault(request, number, effect, cut, code, body, retryAfter);
    }

    public WaldurFault retryAfter(String value) {
        return new WaldurFault(request, times, effect, cut, code, body, value);
    }
}
