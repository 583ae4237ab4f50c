package org.waldur.siteagent.waldur;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Waldur's uuids: servers write them with and without dashes; we compare and send 32 lower-case hex digits. */
public final class Uuid {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    private Uuid() {
    }

    /** Throws {@link IllegalArgumentException} for anything else than a uuid. */
    public static String hex(String text) {
        String hex = text == null ? "" : text.strip().replace("-", "").toLowerCase(Locale.ROOT);
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a uuid: '" + Text.oneLine(text, 60) + "'");
        }
        return hex;
    }

    /** The same for a field that a server may leave out; empty for anything else than a uuid. */
    public static Optional<String> optional(String text) {
        try {
            return Optional.of(hex(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
