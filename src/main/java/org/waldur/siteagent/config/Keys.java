package org.waldur.siteagent.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.waldur.siteagent.text.Nearest;

/**
 * The places of the config where keys may stand, each with every key that it may have: those that we use, and those of the Python agent
 * with what follows from our not using them. They come from {@code keys.yaml}.
 */
public enum Keys {
    GLOBAL("top", "at the top of the file"),
    OFFERING("offering", "in an offering"),
    BACKEND("backend_settings", "in backend_settings"),
    BRAKE("removal_brake", "in removal_brake"),
    BRAKE_OF_ACCOUNT("account of removal_brake", "in account of removal_brake"),
    BRAKE_OF_OFFERING("offering of removal_brake", "in offering of removal_brake"),
    COMPONENT("component", "in one of backend_components");

    private final String name;
    private final String place;
    private final Map<String, Key> keys;

    Keys(String name, String place) {
        this.name = name;
        this.place = place;
        this.keys = KeysFile.keys(name);
    }

    static Keys named(String name) {
        return Arrays.stream(values()).filter(keys -> keys.name.equals(name)).findFirst().orElseThrow();
    }

    /** The environment variables, with meaning and default. */
    public static Map<String, Key> environment() {
        return KeysFile.keys("environment");
    }

    /** Where these keys stand, after words like "a key". */
    public String place() {
        return place;
    }

    /** All of them, in the order of the example, those that are not used last. */
    public Collection<Key> all() {
        return keys.values();
    }

    boolean knows(String key) {
        return keys.containsKey(key);
    }

    Key get(String key) {
        return keys.get(key);
    }

    /** Those that we use. */
    public List<Key> used() {
        return all().stream().filter(key -> key.unused().isEmpty()).toList();
    }

    /** Those that we know and do not use. */
    public List<Key> unused() {
        return all().stream().filter(key -> key.unused().isPresent()).toList();
    }

    /** What follows from our not using this value of a key; empty if nothing does. */
    Optional<String> consequence(String key, Located value) {
        return keys.get(key).consequence(value);
    }

    /** Whether a word is one of these keys with a slip in it. */
    boolean isSlip(String word) {
        return keys.keySet().stream().anyMatch(key -> Nearest.isSlip(word, key));
    }

    /** What somebody may have meant who wrote a key that is none of these: it has a slip in it, or is a key elsewhere, or is like the nearest one. */
    String instead(String word) {
        return isSlip(word) ? Nearest.of(word, keys.keySet()) : Arrays.stream(values()).filter(other -> other.knows(word)).findFirst().map(other -> "the same key " + other.place)
                .orElseGet(() -> Nearest.of(word, keys.keySet()));
    }
}
