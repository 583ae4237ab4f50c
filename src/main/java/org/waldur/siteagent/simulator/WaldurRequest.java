package org.waldur.siteagent.simulator;

import java.util.List;
import java.util.Map;

/**
 * A request that reached the simulated Waldur.
 *
 * @param path   beneath the API, like {@code marketplace-orders/}
 * @param query  parameters in the order in which they came
 * @param status what was answered; 0 if the connection was cut
 */
public record WaldurRequest(String method, String path, Map<String, List<String>> query, String body, Map<String, String> headers, int status) {

    /** One line for people: method, path, and the filters without the list of fields. */
    public String line() {
        StringBuilder line = new StringBuilder(method).append(' ').append(path);
        query.forEach((name, values) -> {
            if (!name.equals("field") && !name.startsWith("page")) {
                values.forEach(value -> line.append(line.indexOf("?") < 0 ? '?' : '&').append(name).append('=').append(value));
            }
        });
        return body.isBlank() || body.equals("{}") ? line.toString() : line + "  " + body;
    }

    /** The address of the API as the client knows it, which is what Waldur writes into its answers. */
    String api() {
        return "http://" + headers.getOrDefault("Host", "localhost") + "/api/";
    }
}
