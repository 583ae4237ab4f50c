package org.waldur.siteagent.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All changes that one job wants to make for one offering, in the order in which they are made. A value: nothing is done yet.
 *
 * @param checksum twelve hex digits over every change, its reason and its facts: the same plan on the same facts has the same one. It stands in
 *                 each line of the audit, so it is computed once
 */
public record Plan(String mode, String offering, List<Change> changes, String checksum) {

    public Plan(String mode, String offering, List<Change> changes) {
        this(mode, offering, List.copyOf(changes), checksum(mode + " " + offering + " " + changes));
    }

    /** The changes of one kind. */
    public <C extends Change> List<C> of(Class<C> kind) {
        return changes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether nothing would be written. */
    public boolean isEmpty() {
        return changes.stream().allMatch(Change::isHeld);
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** For people: a line per change, then why, then the facts. */
    public String text() {
        String head = "Plan " + checksum + " of " + mode + " for offering " + offering + ": "
                + (changes.isEmpty() ? "nothing to do" : changes.size() + " changes") + "\n";
        return head + changes.stream()
                .map(c -> "  " + (c.isHeld() ? "= " : "+ ") + c.what() + "\n" + (c.reason().isEmpty() ? "" : "      because " + c.reason() + "\n")
                        + c.facts().stream().map(f -> "      fact: " + f + "\n").collect(Collectors.joining()))
                .collect(Collectors.joining());
    }
}
