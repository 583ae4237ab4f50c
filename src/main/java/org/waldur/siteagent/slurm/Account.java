package org.waldur.siteagent.slurm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of {@code sacctmgr show account}. The row outlives the account's associations and is shared by all clusters of a
 * slurmdbd, so it says what an account is, never that it exists on our cluster.
 */
public record Account(String name, String description, String organization) {
    private static final Pattern MARKER = Pattern.compile("(?:^|\\s)waldur:([0-9a-f]{32})$");

    private static final Pattern AS_IT_IS_NOT = Pattern.compile("[\\p{Cntrl}\"'|\\\\]");

    /** The uuid of the resource, project or customer of Waldur that this account was made for; empty if it does not say. */
    public Optional<String> marker() {
        Matcher matcher = MARKER.matcher(description);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** A description that is there already, with the marker behind it; empty if sacctmgr might not write back every sign of it as it is. */
    public static Optional<String> mark(String description, String uuid) {
        return Optional.of(description.strip() + " waldur:" + uuid).filter(all -> !AS_IT_IS_NOT.matcher(all).find());
    }

    /** A description that carries the marker: one line, printable ASCII without what sacctmgr would read as a quote. */
    public static String describe(String name, String uuid) {
        String text = name.replaceAll("[^ -~]|[\"'`|\\\\]", " ").replaceAll("\\s+", " ").replaceFirst("^[ -]+", "").strip();
        return (text.length() > 100 ? text.substring(0, 100).strip() : text) + " waldur:" + uuid;
    }
}
