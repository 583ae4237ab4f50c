package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of a program with their values: {@code --key=value}, {@code -k value} or a flag. */
final class ProgramOptions {
    private final Map<String, String> values = new LinkedHashMap<>();

    private ProgramOptions() {
    }

    /**
     * @param keys  spellings to canonical keys
     * @param flags canonical keys that have no value
     * @param lists canonical keys whose values add up, when they are given again
     */
    static ProgramOptions parse(List<String> args, Map<String, String> keys, Set<String> flags, Set<String> lists) {
        ProgramOptions options = new ProgramOptions();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            int equals = arg.indexOf('=');
            boolean isLong = arg.startsWith("--");
            String name = isLong ? arg.substring(2, equals < 0 ? arg.length() : equals) : arg.startsWith("-") ? arg.substring(1) : "";
            String key = keys.get(name);
            boolean flag = key != null && flags.contains(key);
            if (key == null || isLong && flag == equals >= 0 || !isLong && !flag && i + 1 == args.size()) {
                throw new UnknownArgument(arg, String.join(", ", keys.keySet()));
            }
            String value = flag ? "" : isLong ? arg.substring(equals + 1) : args.get(++i);
            options.values.merge(key, value, (old, added) -> lists.contains(key) ? old + "," + added : added);
        }
        return options;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Value of the option; null if it was not given. */
    String get(String key) {
        return values.get(key);
    }

    /** Fails unless all of these options were given: what the program does without them is not known here. */
    void demand(String program, List<String> keys) {
        if (!values.keySet().containsAll(keys)) {
            throw new UnknownArgument(program + " with " + values.keySet(), "always with --" + String.join(", --", keys));
        }
    }
}
