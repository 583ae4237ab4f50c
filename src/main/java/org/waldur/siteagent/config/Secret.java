package org.waldur.siteagent.config;

/** A value that must not be printed: {@link #toString()} hides it, {@link #reveal()} gives it. Never null, never blank. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("a secret must not be blank");
        }
        this.value = value;
    }

    /** The value itself, for the one place that sends it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
