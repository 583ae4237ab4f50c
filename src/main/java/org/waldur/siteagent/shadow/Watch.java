package org.waldur.siteagent.shadow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers the differences of a mode from cycle to cycle, and tells those that stay from those that another agent settles a moment later. */
public final class Watch {
    private final int patience;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private long settled;

    private record Seen(Difference difference, int cycles) {
    }

    /** @param patience in how many cycles one after the other a difference must be there before it is named; at least 1 */
    public Watch(int patience) {
        this.patience = patience;
    }

    /**
     * What has become of the differences in a cycle.
     *
     * @param fresh   those that have stood for long enough now
     * @param gone    those that were named, and are not there any more
     * @param same    how many were named before, and are there still
     * @param waiting how many have not yet stood for long enough
     * @param settled how many have gone since the beginning before they were named
     * @param whole   whether everything could be read; if not, nothing is said to be gone
     */
    public record Cycle(List<Difference> fresh, List<Difference> gone, int same, int waiting, long settled, boolean whole) {
    }

    /** @param now all that is there. What Waldur has been told of meanwhile begins anew */
    public Cycle see(List<Difference> now, boolean whole) {
        List<Difference> fresh = new ArrayList<>();
        List<Difference> gone = new ArrayList<>();
        Map<String, Seen> before = new LinkedHashMap<>(seen);
        Map<String, Seen> after = new LinkedHashMap<>();
        int same = 0;
        int waiting = 0;
        for (Difference difference : now) {
            Seen was = before.remove(difference.key());
            if (was != null && difference.isServedSince(was.difference())) {
                end(was, gone);
                was = null;
            }
            int cycles = was == null ? 1 : Math.min(was.cycles() + 1, patience + 1);
            if (after.putIfAbsent(difference.key(), new Seen(difference, cycles)) != null) {
                continue;
            }
            if (cycles == patience) {
                fresh.add(difference);
            } else if (cycles > patience) {
                same++;
            } else {
                waiting++;
            }
        }
        if (whole) {
            before.values().forEach(was -> end(was, gone));
        } else {
            for (Map.Entry<String, Seen> unread : before.entrySet()) {
                after.put(unread.getKey(), unread.getValue());
                if (unread.getValue().cycles() >= patience) {
                    same++;
                } else {
                    waiting++;
                }
            }
        }
        seen.clear();
        seen.putAll(after);
        return new Cycle(List.copyOf(fresh), List.copyOf(gone), same, waiting, settled, whole);
    }

    private void end(Seen was, List<Difference> gone) {
        if (was.cycles() >= patience) {
            gone.add(was.difference());
        } else {
            settled++;
        }
    }
}
