package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A map of the config whose keys are known. Reads a key as what it should be, or adds a mistake and gives a stand-in. */
final class Section {
    private final Located where;
    private final Map<String, Located> entries;

    Section(Located where, Keys keys, List<String> warnings) {
        this.where = where;
        this.entries = where.map();
        entries.forEach((key, value) -> {
            if (!keys.knows(key)) {
                value.wrong("there is no such key", keys.nearest(key));
            }
            keys.consequence(key).filter(c -> !value.isNull() && !value.text().equals("false"))
                    .ifPresent(c -> warnings.add("line " + value.line() + ": " + value.path() + " is not used by this version: " + c));
        });
    }

    Optional<Located> get(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> !value.isNull());
    }

    void wrong(String wrong, String right) {
        where.wrong(wrong, right);
    }

    /** A text of at least one character; empty if the key is absent. */
    Optional<String> text(String key) {
        Optional<Located> value = get(key);
        if (value.isPresent() && !value.get().isScalar()) {
            value.get().wrong("a text belongs here", key + ": TEXT");
            return Optional.empty();
        }
        return value.map(v -> v.text().strip()).filter(text -> !text.isEmpty());
    }

    String needed(String key, String example) {
        return text(key).orElseGet(() -> {
            where.wrong("the key " + key + " is missing or empty", key + ": " + example);
            return "missing";
        });
    }

    /** A text that must match; the fallback if the key is absent. */
    String matching(String key, Pattern pattern, String right, String fallback) {
        Optional<String> text = text(key);
        if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            entries.get(key).wrong("'" + text.get() + "' is not possible here", right);
            return fallback;
        }
        return text.orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        Optional<String> text = text(key).map(t -> t.toLowerCase(Locale.ROOT));
        if (text.isPresent() && !List.of("true", "false", "yes", "no").contains(text.get())) {
            entries.get(key).wrong("'" + text.get() + "' is neither true nor false", key + ": " + fallback);
        }
        return text.map(t -> t.equals("true") || t.equals("yes")).orElse(fallback);
    }

    Optional<BigDecimal> number(String key) {
        try {
            return text(key).map(t -> new BigDecimal(t.replace("_", "")));
        } catch (NumberFormatException e) {
            entries.get(key).wrong("'" + entries.get(key).text() + "' is not a number", key + ": 1");
            return Optional.empty();
        }
    }

    int whole(String key, int least, int most, int fallback) {
        Optional<BigDecimal> number = number(key);
        boolean good = number.filter(n -> n.stripTrailingZeros().scale() <= 0 && n.compareTo(BigDecimal.valueOf(least)) >= 0
                && n.compareTo(BigDecimal.valueOf(most)) <= 0).isPresent();
        if (number.isPresent() && !good) {
            entries.get(key).wrong("'" + entries.get(key).text() + "' is not possible here", "a whole number from " + least + " to " + most);
        }
        return good ? number.get().intValue() : fallback;
    }

    <E extends Enum<E>> E choice(String key, Class<E> kind, E fallback) {
        Optional<String> text = text(key);
        Optional<E> found = text.flatMap(t -> Arrays.stream(kind.getEnumConstants()).filter(e -> e.name().equalsIgnoreCase(t)).findFirst());
        if (text.isPresent() && found.isEmpty()) {
            entries.get(key).wrong("'" + text.get() + "' is not possible here", Arrays.stream(kind.getEnumConstants())
                    .map(e -> e.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" or ")));
        }
        return found.orElse(fallback);
    }
}
