package org.waldur.siteagent.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A job of the agent. Each has a route file of its own, and a timer that only runs if the mode is chosen. */
public enum Mode {
    ORDER_PROCESS("order_processing_backend"),
    REPORT("reporting_backend"),
    MEMBERSHIP_SYNC("membership_sync_backend");

    /** A mode of the Python agent. */
    private static final String EVENTS = "event_process";

    private final String backendKey;

    Mode(String backendKey) {
        this.backendKey = backendKey;
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

    /** One mode or several with commas between. Throws {@link IllegalArgumentException} for what is none. */
    public static Set<Mode> parse(String text) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        for (String name : text.split(",", -1)) {
            modes.add(of(name.strip()));
        }
        return modes;
    }

    /** The mode with this key. Throws {@link IllegalArgumentException} if there is none. */
    public static Mode of(String key) {
        return Arrays.stream(values()).filter(m -> m.key().equals(key.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no mode '" + key + "'; the modes are "
                        + Arrays.stream(values()).map(Mode::key).collect(Collectors.joining(", "))
                        + (key.equalsIgnoreCase(EVENTS) ? ". What the Python agent hears as events this one finds by polling: -m order_process,membership_sync" : "")));
    }
}
