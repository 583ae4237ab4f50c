package org.waldur.siteagent.membership;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What an account had before we took it away, to be brought back, and which limits of users we have set. Each part is empty where we have
 * changed nothing.
 *
 * @param submit     GrpSubmitJobs; no number in it: there was no limit
 * @param userLimits user to TRES to minutes
 */
public record Before(String account, Optional<Qos> qos, Optional<OptionalLong> submit, SortedMap<String, SortedMap<String, Long>> userLimits) {

    /** @param names none: inherited @param byDefault empty: inherited */
    public record Qos(SortedSet<String> names, String byDefault) {
    }

    /** Whether there is nothing to remember. */
    boolean isNothing() {
        return qos.isEmpty() && submit.isEmpty() && userLimits.isEmpty();
    }

    static Before nothing(String account) {
        return new Before(account, Optional.empty(), Optional.empty(), java.util.Collections.emptySortedMap());
    }

    Before with(Map<String, SortedMap<String, Long>> limits) {
        return new Before(account, qos, submit, new java.util.TreeMap<>(limits));
    }
}
