package org.waldur.siteagent.waldur;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.waldur.siteagent.config.Offering;

/** What a server has, by the endpoints that the root of its API names. Asked once in the life of a process. Bean {@code features}. */
public final class Features {
    private final Map<URI, Set<String>> known = new ConcurrentHashMap<>();

    public boolean unknown(Offering offering) {
        return !known.containsKey(offering.apiUrl());
    }

    /** @param body of {@code GET /api/}: endpoint to url */
    public void remember(Offering offering, String body) {
        JsonNode root = new Rows().object(body);
        Set<String> endpoints = new HashSet<>();
        root.fieldNames().forEachRemaining(endpoints::add);
        known.put(offering.apiUrl(), endpoints);
    }

    public boolean has(Offering offering, String endpoint) {
        return known.getOrDefault(offering.apiUrl(), Set.of()).contains(endpoint);
    }
}
