package org.waldur.siteagent.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a command does to lists of QoS: {@code qos=a,b}, {@code qos+=a}, {@code qos-=b}.
 *
 * @param list    the new list, by name, where empty is inherited; null: not named
 * @param changes what is added (true) and taken away
 */
record QosWords(List<String> list, Map<String, Boolean> changes) {
    static final QosWords NONE = new QosWords(null, Map.of());

    /** Reads one option more; empty if it has a QoS that is not known, and then the reason is on stderr. */
    Optional<QosWords> and(Option option, List<String> known, Output output) {
        String sign = option.key().replaceAll("[^+-]", "");
        List<String> named = list;
        Map<String, Boolean> changed = new LinkedHashMap<>(changes);
        for (String word : Names.list(option.value())) {
            boolean signed = word.startsWith("+") || word.startsWith("-");
            String how = signed ? word.substring(0, 1) : sign;
            String name = signed ? word.substring(1) : word;
            if (!name.isEmpty() && !known.contains(name)) {
                output.err("sacctmgr: error: You gave a bad qos '%s'. Valid QOS's are %s", name, String.join(",", known));
                return Optional.empty();
            }
            if (how.isEmpty()) {
                named = Stream.concat(Stream.ofNullable(named).flatMap(List::stream), Stream.of(name)).filter(text -> !text.isEmpty()).sorted()
                        .distinct().toList();
            } else if (!name.isEmpty()) {
                changed.put(name, how.equals("+"));
            }
        }
        if (named != null && !changed.isEmpty()) {
            throw new UnknownArgument(option.word(), "qos= without qos+= and qos-=");
        }
        return Optional.of(new QosWords(named, changed));
    }

    boolean isEmpty() {
        return list == null && changes.isEmpty();
    }

    /** Where there is no list, the changes are kept, and what is above counts as before: the real one keeps a delta. */
    void applyTo(Association node) {
        if (list != null) {
            node.qos = list;
            node.qosChanges = Map.of();
        }
        changes.forEach((name, added) -> {
            if (node.qos.isEmpty()) {
                Map<String, Boolean> kept = new LinkedHashMap<>(node.qosChanges);
                kept.put(name, added);
                node.qosChanges = kept;
            } else {
                TreeSet<String> names = new TreeSet<>(node.qos);
                if (added) {
                    names.add(name);
                } else {
                    names.remove(name);
                }
                node.qos = List.copyOf(names);
                // the one that is taken out of a list last is taken from what is inherited, too
                node.qosChanges = names.isEmpty() ? Map.of(name, false) : Map.of();
            }
        });
    }

    /** As add prints them. */
    String text() {
        List<String> words = new ArrayList<>(list == null ? List.of() : list);
        changes.forEach((name, added) -> words.add((added ? "+" : "-") + name));
        return String.join(",", words);
    }
}
