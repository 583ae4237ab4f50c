package org.waldur.siteagent.rehearsal;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has come of a play. */
public final class Played {
    /** What happened and what is there at the end, part by part; a line each. */
    final Map<String, List<String>> parts = new LinkedHashMap<>();
    /** What failed: cycles, and dead letters that wait for nobody. */
    final Set<String> failures = new LinkedHashSet<>();
    /** Expectations that were not met. */
    final Set<String> unmet = new LinkedHashSet<>();
    /** Routes that an exchange has come to. */
    final Set<String> routes = new LinkedHashSet<>();
}
