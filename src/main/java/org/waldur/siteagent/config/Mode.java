package org.waldur.siteagent.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A job of the agent. Each has a route file of its own, and a timer that only runs if the mode is chosen. */
public enum Mode {
    ORDER_PROCESS("order_processing_backend", true),
    REPORT("reporting_backend", true),
    MEMBERSHIP_SYNC("membership_sync_backend", false);

    private final String backendKey;
    private final boolean built;

    Mode(String backendKey, boolean built) {
        this.backendKey = backendKey;
        this.built = built;
    }

    /** Its name on the command line, like {@code order_process}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The key of an offering that names the backend of this mode, see {@link Offering#modes}. */
    public String backendKey() {
        return backendKey;
    }

    /** The name of its routes. */
    public String job() {
        return key().replace('_', '-');
    }

    /** One mode or several with commas between. Throws {@link IllegalArgumentException} for what is none, or not there yet. */
    public static Set<Mode> parse(String text) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        for (String name : text.split(",", -1)) {
            Mode mode = of(name.strip());
            if (!mode.built) {
                throw new IllegalArgumentException("the mode " + mode.key() + " is not in this version yet");
            }
            modes.add(mode);
        }
        return modes;
    }

    /** The mode with this key. Throws {@link IllegalArgumentException} if there is none. */
    public static Mode of(String key) {
        return Arrays.stream(values()).filter(m -> m.key().equals(key.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no mode '" + key + "'; the modes are "
                        + Arrays.stream(values()).map(Mode::key).collect(Collectors.joining(", "))));
    }
}
