package org.waldur.siteagent.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the value of a key must be. Patterns are in the common part of Java's and JSON Schema's language, and are for the whole value. */
public enum Kind {
    /** One line. */
    TEXT,
    /** A token, or the environment variable that has it. */
    TOKEN("\\$\\{\\w+\\}|" + TokenSource.TOKEN_SIGNS, "the token alone, 40 letters and digits as a rule"),
    /** Waldur's API. The host is looked at by {@link OfferingReader}. */
    URL("https?://(?:\\[[0-9A-Fa-f:.]+\\]|[^\\[\\]/@\\s?#]+)(?:/[^?\\s]*)?/api/?", "https://HOST/api/"),
    PROXY("[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9._:\\[\\]-]+:[0-9]+/?", "http://HOST:PORT"),
    /** Of Sentry. */
    DSN("https?://\\S+", "https://KEY@HOST/NUMBER"),
    UUID("[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}", "the offering's uuid, 32 hex digits with or without dashes"),
    /** A name of Slurm, or the beginning of one. */
    ACCOUNT("[A-Za-z0-9_][A-Za-z0-9_.-]*", "letters, digits, '_', '.' and '-', and no dash in front"),
    /** A QoS or a partition. */
    NAME("[A-Za-z0-9_][A-Za-z0-9_.-]*", "the name of one, with letters, digits, '_', '.' and '-'"),
    PATH("/.*", "an absolute path, like EXAMPLE"),
    UMASK("0?[0-7]{3}", "four octal digits, like \"0077\""),
    /** A time zone, as Java knows them. */
    ZONE,
    /** The name of a backend: slurm, or another agent's. */
    BACKEND,
    FLAG("true, or false"),
    WHOLE("a whole number"),
    NUMBER("a number, with a point and without a unit"),
    CHOICE,
    /** TRES and factor. */
    FACTORS,
    /** Keys of their own. */
    MAP,
    /** A map with keys of their own under each of its names. */
    COMPONENTS,
    /** A list of maps with keys of their own. */
    LIST;

    /** A component, or a TRES. */
    static final Pattern COMPONENT_NAME = Pattern.compile("[a-zA-Z0-9_\\-/:]{1,50}");
    static final String COMPONENT_NAME_RULE = "letters, digits, '_', '-', '/' and ':', at most 50";

    private final Optional<Pattern> pattern;
    private final String right;

    Kind() {
        this("");
    }

    Kind(String right) {
        this.pattern = Optional.empty();
        this.right = right;
    }

    Kind(String pattern, String right) {
        this.pattern = Optional.of(Pattern.compile(pattern));
        this.right = right;
    }

    Optional<Pattern> pattern() {
        return pattern;
    }

    /** What would be right, for people. */
    String right(String example) {
        return right.replace("EXAMPLE", example);
    }
}
