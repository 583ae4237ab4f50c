package org.waldur.siteagent.waldur;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.config.Offering;

/** What a server has, by the endpoints that the root of its API names. Asked once in the life of a process. Bean {@code features}. */
public final class Features {
    private static final int TRIES = 3;
    private static final List<String> LATER_THAN_DATES = List.of("personal-access-tokens", "event-consumers", "marketplace-site-agent-logs");
    private static final List<Integer> WITH_DATES = List.of(8, 0, 5);
    private static final Pattern VERSION = Pattern.compile("^v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");
    private final Map<URI, String> versions = new ConcurrentHashMap<>();
    private final Map<URI, Set<String>> known = new ConcurrentHashMap<>();
    private final Map<URI, Integer> unreadable = new ConcurrentHashMap<>();
    private final Set<Offering> seen = ConcurrentHashMap.newKeySet();

    public boolean unknown(Offering offering) {
        return !known.containsKey(offering.apiUrl());
    }

    /**
     * Throws {@link AnswerUnreadable} for what is no list of endpoints: it may be a page of something in front of Waldur that goes away.
     * What is there the third time may be this server's answer: from then on it has no features while it gives that, and is asked in each cycle.
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
            return;
        }
        known.put(offering.apiUrl(), endpoints);
    }

    /** Whether the server has not yet shown this offering itself. */
    public boolean unseen(Offering offering) {
        return !seen.contains(offering);
    }

    public void see(Offering offering) {
        seen.add(offering);
    }

    /** @param body of {@code GET /api/version/}; a server that does not tell its version has none */
    public void rememberVersion(Offering offering, String body) {
        String text = "";
        try {
            text = new Rows().object(body).path("version").asText("");
        } catch (AnswerUnreadable e) {
            // it only helps to tell what a server can do
        }
        versions.put(offering.apiUrl(), text);
    }

    /** What the server says of its version; empty if it does not tell, or was not asked. */
    public String version(Offering offering) {
        return versions.getOrDefault(offering.apiUrl(), "");
    }

    public boolean versionUnknown(Offering offering) {
        return !versions.containsKey(offering.apiUrl());
    }

    /** Whether it is a Waldur 7, whose plugin has allocations of its own besides the resources. */
    public boolean hasPlugin(Offering offering) {
        return has(offering, "marketplace-slurm-remote");
    }

    /**
     * Whether usage may carry a date. Servers since the end of 2025 heed it; older ones ignore it without a word. Nobody says it outright: it is
     * taken from an endpoint that came later, or from the version.
     */
    public boolean dates(Offering offering) {
        return LATER_THAN_DATES.stream().anyMatch(endpoint -> has(offering, endpoint)) || isAtLeast(versions.getOrDefault(offering.apiUrl(), ""), WITH_DATES);
    }

    private static boolean isAtLeast(String version, List<Integer> least) {
        Matcher numbers = VERSION.matcher(version);
        if (!numbers.find()) {
            return false;
        }
        for (int i = 0; i < least.size(); i++) {
            int compared = Integer.compare(Integer.parseInt(numbers.group(i + 1)), least.get(i));
            if (compared != 0) {
                return compared > 0;
            }
        }
        return true;
    }

    public boolean has(Offering offering, String endpoint) {
        return known.getOrDefault(offering.apiUrl(), Set.of()).contains(endpoint);
    }
}
