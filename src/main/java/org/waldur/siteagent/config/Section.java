package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A map of the config whose keys are known. Reads a key as what it should be, or adds a mistake and gives a stand-in. */
final class Section {
    private static final int DIGITS = 30;

    private final Located where;
    private final Keys keys;
    private final Map<String, Located> entries;

    Section(Located where, Keys keys) {
        this(where, keys, Optional.empty());
    }

    /** @param other another backend that reads this map, too: a key that is unlike all of ours may be one of its keys */
    Section(Located where, Keys keys, Optional<String> other) {
        this.where = where;
        this.keys = keys;
        this.entries = where.map();
        Map<String, List<String>> unused = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (keys.knows(key)) {
                keys.consequence(key, value).ifPresent(c -> unused.computeIfAbsent(c, none -> new ArrayList<>()).add(key));
            } else if (other.isPresent() && !keys.isSlip(key)) {
                unused.computeIfAbsent("no key of slurm, so perhaps of the backend '" + other.get() + "'", none -> new ArrayList<>()).add(key);
            } else if (keys != Keys.GLOBAL || !value.isAnchored()) {
                value.wrong("there is no such key", keys.instead(key));
            }
        });
        unused.forEach((consequence, names) -> warn(names.get(0), String.join(", ", names) + (names.size() == 1 ? " is" : " are")
                + " not used by this version: " + consequence));
    }

    Optional<Located> get(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> !value.isNull());
    }

    /** Whether the key is there, be it without a value. */
    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** A mistake about a key; about the whole map if the key is not there. */
    void wrong(String key, String wrong, String right) {
        entries.getOrDefault(key, where).wrong(wrong, right);
    }

    void wrong(String wrong, String right) {
        where.wrong(wrong, right);
    }

    /** A warning about a key that is there. */
    void warn(String key, String text) {
        entries.get(key).warn(where.path(), text);
    }

    /** Whether the key has a value, of the right kind or not. */
    boolean hasValue(String key) {
        return get(key).filter(value -> !value.isScalar() || !value.text().isBlank()).isPresent();
    }

    /** A text of at least one character; empty if the key is absent. */
    Optional<String> text(String key) {
        Optional<Located> value = get(key);
        if (value.isPresent() && !value.get().isScalar()) {
            wrong(key, "one value belongs here, and no list or map", key + ": VALUE");
            return Optional.empty();
        }
        Optional<String> text = value.map(v -> v.text().strip()).filter(t -> !t.isEmpty());
        if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            wrong(key, "line breaks and control characters are not possible here", key + ": VALUE on one line");
            return Optional.empty();
        }
        return text;
    }

    String needed(String key) {
        return text(key).orElseGet(() -> {
            missing(key, keys.get(key).example());
            return "missing";
        });
    }

    /** Says that a key is missing, unless something else is wrong with it, which has been said. */
    void missing(String key, String example) {
        if (!hasValue(key)) {
            wrong(key, "the key " + key + " is missing or empty", key + ": " + example);
        }
    }

    /** A text that matches its kind; empty if the key is absent, or has no such text. */
    Optional<String> matching(String key) {
        Kind kind = keys.get(key).kind().orElseThrow();
        Optional<String> text = text(key);
        Optional<String> matching = text.filter(t -> kind.pattern().orElseThrow().matcher(t).matches());
        if (text.isPresent() && matching.isEmpty()) {
            impossible(key, kind.right(keys.get(key).example()));
        }
        return matching;
    }

    /** What holds where a key is absent, or wrong. */
    String fallback(String key) {
        return keys.get(key).fallback().orElseThrow();
    }

    private void impossible(String key, String right) {
        wrong(key, "'" + entries.get(key).text() + "' is not possible here", right);
    }

    boolean flag(String key) {
        return flag(key, Boolean.parseBoolean(fallback(key)));
    }

    boolean flag(String key, boolean fallback) {
        Optional<String> text = text(key).map(t -> t.toLowerCase(Locale.ROOT));
        if (text.isPresent() && !Located.ON.contains(text.get()) && !Located.OFF.contains(text.get())) {
            wrong(key, "'" + text.get() + "' is neither true nor false", key + ": " + fallback);
        }
        return text.map(Located.ON::contains).orElse(fallback);
    }

    Optional<BigDecimal> number(String key) {
        return text(key).flatMap(text -> {
            Optional<BigDecimal> number = amount(text);
            if (number.isEmpty()) {
                wrong(key, "'" + text + "' is not a number that is possible here", key + ": 1.5, with a point and without a unit");
            }
            Optional<BigDecimal> possible = number.filter(keys.get(key)::allows);
            if (number.isPresent() && possible.isEmpty()) {
                impossible(key, keys.get(key).bounds());
            }
            return possible;
        });
    }

    /** Empty for what is no number, or has so many digits that it cannot be meant. */
    static Optional<BigDecimal> amount(String text) {
        try {
            BigDecimal number = new BigDecimal(text.replace("_", ""));
            boolean meant = number.precision() <= DIGITS && Math.abs((long) number.scale()) <= DIGITS;
            return Optional.of(number).filter(n -> meant);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    Optional<Integer> wholeIfAny(String key) {
        return number(key).map(BigDecimal::intValueExact);
    }

    int whole(String key) {
        return wholeIfAny(key).orElseGet(() -> Integer.valueOf(fallback(key)));
    }

    Optional<ZoneId> zone(String key) {
        return text(key).flatMap(name -> {
            try {
                return Optional.of(ZoneId.of(name));
            } catch (DateTimeException e) {
                wrong(key, "there is no time zone '" + name + "'", key + ": Europe/Tallinn");
                return Optional.empty();
            }
        });
    }

    <E extends Enum<E>> E choice(String key, Class<E> kind) {
        return choice(key).map(name -> Enum.valueOf(kind, name)).orElseGet(() -> Enum.valueOf(kind, fallback(key).toUpperCase(Locale.ROOT)));
    }

    <E extends Enum<E>> E choice(String key, Class<E> kind, E fallback) {
        return choice(key).map(name -> Enum.valueOf(kind, name)).orElse(fallback);
    }

    /** One of the key's choices, in capital letters. */
    Optional<String> choice(String key) {
        Optional<String> text = text(key);
        Optional<String> found = text.filter(t -> keys.get(key).choices().contains(t.toLowerCase(Locale.ROOT)));
        if (text.isPresent() && found.isEmpty()) {
            impossible(key, String.join(" or ", keys.get(key).choices()));
        }
        return found.map(name -> name.toUpperCase(Locale.ROOT));
    }
}
