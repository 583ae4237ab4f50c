package org.waldur.siteagent.waldur;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.waldur.siteagent.config.Offering;

/**
 * How long a cycle goes on with a server that is in trouble: who is hanging or gone is hanging for each of 200 orders, a minute a try.
 * Bean {@code patience}; it counts, for each server, what failed for good since the cycle began.
 */
public final class Patience {
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** A cycle begins: all is forgotten. */
    public void renew() {
        failures.clear();
    }

    /** Whether a request is tried once more: the first that fails as often as is allowed, all later ones of the cycle not at all. */
    public boolean lasts(String endpoint, int failed, int retries) {
        return !failures.containsKey(server(endpoint)) && failed <= retries;
    }

    /** A request to this endpoint has failed for good, although its cause may pass. */
    public void failed(String endpoint) {
        failures.merge(server(endpoint), 1, Integer::sum);
    }

    /** Whether no request to Waldur is begun any more in this cycle, because so many have failed. */
    public boolean isOver(Offering offering, int most) {
        return failures.getOrDefault(server(offering.apiUrl().toString()), 0) >= most;
    }

    /** HOST:PORT of an http endpoint as Camel names it; empty for another endpoint, or none. */
    private static String server(String endpoint) {
        String authority = endpoint == null || !endpoint.startsWith("http") ? null : URI.create(endpoint.replaceAll("[?#].*", "")).getAuthority();
        return authority == null ? "" : authority.replaceAll(":(80|443)$", "");
    }
}
