package org.waldur.siteagent.diagnose;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A config as it is in effect, defaults included. Secrets are never in it. */
public final class Effective {
    private Effective() {
    }

    /** Path, like {@code offerings.Our cluster.backend.customerPrefix}, to value. A value that is not there is empty. */
    public static Map<String, String> of(Record config) {
        Map<String, String> lines = new LinkedHashMap<>();
        record(lines, "", config);
        return lines;
    }

    private static void record(Map<String, String> lines, String path, Record record) {
        for (RecordComponent part : record.getClass().getRecordComponents()) {
            try {
                put(lines, path + part.getName(), part.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the parts of a public record can be read", e);
            }
        }
    }

    private static void put(Map<String, String> lines, String path, Object value) {
        if (value instanceof Optional<?> maybe) {
            put(lines, path, maybe.orElse(null));
        } else if (value instanceof OptionalLong maybe) {
            lines.put(path, maybe.isPresent() ? Long.toString(maybe.getAsLong()) : "");
        } else if (value instanceof Record inner) {
            record(lines, path + ".", inner);
        } else if (value instanceof Collection<?> all && all.stream().anyMatch(Record.class::isInstance)) {
            int number = 0;
            for (Object each : all) {
                put(lines, path + "." + ++number, each);
            }
        } else if (value instanceof Collection<?> all) {
            lines.put(path, all.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> put(lines, path + "." + key, each));
        } else {
            // a secret says *** of itself; the key of a Sentry stands before its host
            lines.put(path, value == null ? "" : String.valueOf(value).replaceFirst("^(\\w+://)[^/@]*@", "$1***@"));
        }
    }
}
