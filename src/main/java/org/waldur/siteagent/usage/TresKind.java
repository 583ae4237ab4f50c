package org.waldur.siteagent.usage;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Numbers for the names of TRES, so that sums are kept in arrays. A site has a few dozen; a number is good as long as the process lives. */
final class TresKind {
    private static final Map<String, Integer> NUMBERS = new ConcurrentHashMap<>();
    private static final List<String> NAMES = new CopyOnWriteArrayList<>();

    private TresKind() {
    }

    static int of(String name) {
        Integer known = NUMBERS.get(name);
        if (known != null) {
            return known;
        }
        synchronized (NAMES) {
            return NUMBERS.computeIfAbsent(name, n -> {
                NAMES.add(n);
                return NAMES.size() - 1;
            });
        }
    }

    static String name(int kind) {
        return NAMES.get(kind);
    }
}
