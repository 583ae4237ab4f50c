package org.waldur.siteagent.usage;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Windows of a month that are over and in which no run is open any more, so that they need not be read again.
 *
 * @param begun   when the first of them was read; what slurmdbd learns late about a finished day is found when all are read anew
 * @param windows whose runs are in {@code used}
 */
record Finished(Instant begun, Set<Window> windows, Consumption used) {

    static Finished none(Instant now) {
        return new Finished(now, Set.of(), Consumption.NONE);
    }

    Finished plus(Window window, Consumption more) {
        Set<Window> all = new HashSet<>(windows);
        all.add(window);
        return new Finished(begun, all, used.plus(more));
    }
}
