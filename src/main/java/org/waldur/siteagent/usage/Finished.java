package org.waldur.siteagent.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Windows of a month that are over and in which no run is open any more, so that they need not be read again.
 *
 * @param begun   when the first of them was read; what slurmdbd learns late about a finished day is found when all are read anew
 * @param windows whose runs are in {@code used}
 * @param filled  windows in which sacct once had runs that are over, also when all are read anew: there it must always have some
 * @param empty   windows that are over, and for which sacct printed no row in one reading; that is believed when it does so in another one, too
 * @param holders whose {@code used} is, see {@link Holders#turns}
 */
record Finished(Instant begun, Set<Window> windows, Consumption used, Set<Window> filled, Set<Window> empty, Map<String, String> holders) {

    static Finished none(Instant now) {
        return new Finished(now, Set.of(), Consumption.NONE, Set.of(), Set.of(), Map.of());
    }

    /** Whether it need not be read again yet. A moment that is still to come was written when the clock was wrong. */
    boolean isFresh(Instant now, Duration anew) {
        return !begun.isAfter(now) && now.isBefore(begun.plus(anew));
    }

    /** All is to be read once more. */
    Finished anew(Instant now) {
        return new Finished(now, Set.of(), Consumption.NONE, filled, Set.of(), Map.of());
    }

    Finished plus(Window window, Consumption more) {
        return new Finished(begun, with(windows, window), used.plus(more), filled, empty, holders);
    }

    Finished filled(Window window) {
        return new Finished(begun, windows, used, with(filled, window), empty, holders);
    }

    Finished empty(Window window) {
        return new Finished(begun, windows, used, filled, with(empty, window), holders);
    }

    Finished heldBy(Map<String, String> turns) {
        return turns.equals(holders) ? this : new Finished(begun, windows, used, filled, empty, turns);
    }

    private static Set<Window> with(Set<Window> some, Window window) {
        Set<Window> more = new HashSet<>(some);
        more.add(window);
        return more;
    }
}
