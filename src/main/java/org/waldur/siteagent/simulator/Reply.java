package org.waldur.siteagent.simulator;

import java.util.Map;

/**
 * An answer of the simulated Waldur.
 *
 * @param body an object or a list, which becomes JSON; a text, which is sent as it is; null for an empty body
 */
record Reply(int code, Object body, Map<String, String> headers) {

    static Reply of(int code, Object body) {
        return new Reply(code, body, Map.of());
    }

    static Reply ok() {
        return of(200, null);
    }

    static Reply wrongState(String valid) {
        return of(409, Map.of("detail", "Valid states for operation: " + valid + "."));
    }

    static Reply notFound(String model) {
        return of(404, Map.of("detail", "No " + model + " matches the given query."));
    }

    /** What Django answers for an endpoint that it does not have. */
    static Reply notFoundPage() {
        return of(404, "<!doctype html><title>Not Found</title><h1>Not Found</h1>");
    }

    static Reply serverError() {
        return of(500, "<!doctype html><title>Server Error (500)</title>");
    }
}
