package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Options of a sacctmgr command, by kind. What {@code keys} does not have is unknown to the simulator. */
final class Words {
    /** Values of list options, by canonical key. A bare word is a name. Repeated options accumulate. */
    private final Map<String, List<String>> lists = new LinkedHashMap<>();
    /** Other options in their order, by canonical key. */
    final Map<String, Option> values = new LinkedHashMap<>();
    /** Whether an option of names brought no new one: conditions of users then fail without a word. */
    boolean repeated;

    /** Spellings to canonical keys. Each group is blank-separated, the canonical spelling first. */
    static Map<String, String> keys(String... groups) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String group : groups) {
            String[] spellings = group.split(" ");
            for (String spelling : spellings) {
                keys.put(spelling, spellings[0]);
            }
        }
        return keys;
    }

    /** @param lists canonical keys whose values are lists of names */
    static Words parse(List<Option> options, Map<String, String> keys, Set<String> lists) {
        Words words = new Words();
        for (Option option : options) {
            String key = option.bare() ? "name" : keys.get(option.key());
            if (key == null) {
                throw new UnknownArgument(option.word(), String.join("=, ", keys.keySet()) + "=");
            }
            if (lists.contains(key)) {
                words.addNames(key, option.value());
            } else {
                words.values.put(key, option);
            }
        }
        return words;
    }

    private void addNames(String key, String value) {
        List<String> list = lists.computeIfAbsent(key, k -> new ArrayList<>());
        List<String> added = Names.list(value).stream().filter(Predicate.not(list::contains)).toList();
        list.addAll(added);
        repeated |= added.isEmpty();
    }

    boolean has(String key) {
        return lists.containsKey(key) || values.containsKey(key);
    }

    List<String> list(String key) {
        return lists.getOrDefault(key, List.of());
    }

    /** Whether the condition {@code key} is absent or names this one. */
    boolean matches(String key, String name) {
        return !lists.containsKey(key) || lists.get(key).contains(name);
    }

    String text(String key, String otherwise) {
        return values.containsKey(key) ? Names.unquote(values.get(key).value()) : otherwise;
    }

    /** Lower case of a word of the grammar. */
    static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
