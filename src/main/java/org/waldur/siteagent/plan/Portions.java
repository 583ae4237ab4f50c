package org.waldur.siteagent.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * As many names as go into one command. Slurm's names have up to 255 characters, and Linux takes no argument of more than 131,071 bytes
 * (MAX_ARG_STRLEN in execve(2)).
 */
public final class Portions {
    public static final int MOST = 500;

    private Portions() {
    }

    /** These in their order, no more than {@link #MOST} in each list; none for none. */
    public static <T> List<List<T>> of(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> portions = new ArrayList<>();
        for (int i = 0; i < list.size(); i += MOST) {
            portions.add(list.subList(i, Math.min(list.size(), i + MOST)));
        }
        return portions;
    }
}
