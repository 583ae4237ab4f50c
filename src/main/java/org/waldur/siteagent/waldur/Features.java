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
    private static final int TRIES = 3;
    private final Map<URI, Set<String>> known = new ConcurrentHashMap<>();
    private final Map<URI, Integer> unreadable = new ConcurrentHashMap<>();

    public boolean unknown(Offering offering) {
        return !known.containsKey(offering.apiUrl());
    }

    /**
     * Throws {@link AnswerUnreadable} for what is no list of endpoints: it may be a page of something in front of Waldur that goes away.
     * What is there the third time is this server's answer, and then it has no features.
     *
     * @param body of {@code GET /api/}: endpoint to url
     */
    public void remember(Offering offering, String body) {
        Set<String> endpoints = new HashSet<>();
        try {
            JsonNode root = new Rows().object(body);
            root.fieldNames().forEachRemaining(endpoints::add);
        } catch (AnswerUnreadable e) {
            if (unreadable.merge(offering.apiUrl(), 1, Integer::sum) < TRIES) {
                throw e;
            }
        }
        known.put(offering.apiUrl(), endpoints);
    }

    public boolean has(Offering offering, String endpoint) {
        return known.getOrDefault(offering.apiUrl(), Set.of()).contains(endpoint);
    }
}
