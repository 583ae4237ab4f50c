package org.waldur.siteagent.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

    /** Those that are alike together, in the order of the first of each kind, and no more than {@link #MOST} in each list. @param same what has to be equal */
    public static <T> List<List<T>> alike(Collection<T> all, Function<T, ?> same) {
        Map<Object, List<T>> equal = new LinkedHashMap<>();
        all.forEach(one -> equal.computeIfAbsent(same.apply(one), k -> new ArrayList<>()).add(one));
        return equal.values().stream().flatMap(some -> of(some).stream()).toList();
    }
}
