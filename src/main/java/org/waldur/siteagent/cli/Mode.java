package org.waldur.siteagent.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A job of the agent. Each has a route file of its own, and a timer that only runs if the mode is chosen. */
enum Mode {
    ORDER_PROCESS(true), REPORT(false), MEMBERSHIP_SYNC(false);

    private final boolean built;

    Mode(boolean built) {
        this.built = built;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of its routes. */
    String job() {
        return key().replace('_', '-');
    }

    /** One mode or several with commas between. Throws {@link IllegalArgumentException} for what is none, or not there yet. */
    static Set<Mode> parse(String text) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        for (String name : text.split(",", -1)) {
            Mode mode = Arrays.stream(values()).filter(m -> m.key().equals(name.strip().toLowerCase(Locale.ROOT))).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no mode '" + name.strip() + "'; the modes are " + names()));
            if (!mode.built) {
                throw new IllegalArgumentException("the mode " + mode.key() + " is not in this version yet");
            }
            modes.add(mode);
        }
        return modes;
    }

    private static String names() {
        return Arrays.stream(values()).map(Mode::key).collect(Collectors.joining(", "));
    }
}
