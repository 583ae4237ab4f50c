package org.waldur.siteagent.cli;

import java.util.Locale;

/** How a command prints what it has found. */
enum Format {
    /** Aligned columns, for people. */
    TEXT,
    /** RFC 4180, with a header. */
    CSV,
    /** One object; every value is a text, or null. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
