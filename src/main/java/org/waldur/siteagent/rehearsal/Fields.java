package org.waldur.siteagent.rehearsal;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.waldur.siteagent.config.Located;
import org.waldur.siteagent.text.Nearest;

/** A map of a scenario whose keys are known. What is wrong is said, and a stand-in takes its place. */
final class Fields {
    private final Located where;
    private final Map<String, Located> entries;

    /** @param known keys that may be there */
    Fields(Located where, List<String> known) {
        this.where = where;
        this.entries = where.map();
        entries.forEach((key, value) -> {
            if (!known.contains(key)) {
                value.wrong("there is no such key here", Nearest.of(key, known) + " perhaps; possible are " + String.join(", ", known));
            }
        });
    }

    Optional<Located> get(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> !value.isNull());
    }

    Located where(String key) {
        return entries.getOrDefault(key, where);
    }

    Optional<String> text(String key) {
        return get(key).map(Fields::text);
    }

    String needed(String key, String example) {
        Optional<String> text = text(key).filter(t -> !t.isBlank());
        if (text.isEmpty()) {
            where(key).wrong("the key " + key + " is missing or empty", key + ": " + example);
        }
        return text.orElse("missing");
    }

    String choice(String key, List<String> words) {
        String text = needed(key, words.get(0));
        if (!words.contains(text) && get(key).isPresent()) {
            where(key).wrong("'" + text + "' is not possible here", String.join(" or ", words));
        }
        return text;
    }

    int whole(String key, int fallback) {
        return get(key).map(value -> number(value).filter(n -> n.stripTrailingZeros().scale() <= 0 && n.abs().compareTo(BigDecimal.valueOf(1_000_000)) <= 0).orElseGet(() -> {
            value.wrong("'" + value.text() + "' is no whole number", "a number like " + fallback);
            return BigDecimal.valueOf(fallback);
        }).intValue()).orElse(fallback);
    }

    Optional<Instant> moment(String key) {
        return get(key).map(Fields::moment);
    }

    List<String> texts(String key) {
        return get(key).map(Fields::texts).orElse(List.of());
    }

    List<Located> items(String key) {
        return get(key).map(Located::list).orElse(List.of());
    }

    /** The entries of a map in the order of the file. */
    <V> Map<String, V> map(String key, Function<Located, V> value) {
        return get(key).map(located -> entries(located, value)).orElse(Map.of());
    }

    static <V> Map<String, V> entries(Located located, Function<Located, V> value) {
        Map<String, V> all = new LinkedHashMap<>();
        located.map().forEach((key, entry) -> all.put(key, value.apply(entry)));
        return all;
    }

    static String text(Located value) {
        if (!value.isScalar()) {
            value.wrong("one value belongs here, and no list or map", "a text");
        }
        return value.text();
    }

    static List<String> texts(Located value) {
        return value.list().stream().map(Fields::text).toList();
    }

    static BigDecimal amount(Located value) {
        return number(value).orElseGet(() -> {
            value.wrong("'" + value.text() + "' is no number", "a number like 10 or 0.5");
            return BigDecimal.ZERO;
        });
    }

    static Instant moment(Located value) {
        try {
            return Instant.parse(value.text());
        } catch (DateTimeException e) {
            value.wrong("'" + value.text() + "' is no moment", "2026-11-20T12:00:00Z");
            return Instant.EPOCH;
        }
    }

    private static Optional<BigDecimal> number(Located value) {
        try {
            return Optional.of(new BigDecimal(value.text())).filter(n -> n.precision() <= 30 && Math.abs((long) n.scale()) <= 30);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
