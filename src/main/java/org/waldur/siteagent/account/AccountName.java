package org.waldur.siteagent.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.waldur.siteagent.waldur.Text;

/** Account names made of a prefix and a slug of Waldur. */
public final class AccountName {
    /** Slurm compares account names no further than this (measured on 22.05). */
    public static final int DISTINCT = 42;

    private static final Pattern VALID = Pattern.compile("[a-z0-9_][a-z0-9_.-]*");
    private static final int HASH = 8;

    private AccountName() {
    }

    /**
     * Prefix and slug in lower case, as slurmdbd stores names. A name longer than {@code max} is cut, and ends in a hash of the
     * whole so that it stays distinct.
     *
     * @throws InvalidName if Slurm could read the name as something else than one name
     */
    public static String of(String prefix, String slug, int max) {
        String name = (prefix + slug).toLowerCase(Locale.ROOT);
        if (slug.isBlank() || !VALID.matcher(name).matches()) {
            throw new InvalidName("'" + Text.oneLine(prefix + slug, 60) + "' cannot be the name of an account: letters, digits,"
                    + " '_', '.' and '-' are allowed, and no dash in front");
        }
        int most = Math.min(max, DISTINCT);
        return name.length() <= most ? name : name.substring(0, most - HASH - 1) + "-" + hash(name);
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a text of Waldur can be given to sacctmgr as the name of one user. */
    public static boolean isUser(String username) {
        return username.length() <= DISTINCT && VALID.matcher(username.toLowerCase(Locale.ROOT)).matches();
    }

    /** A slug or a prefix that no account can be named after. */
    public static final class InvalidName extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        InvalidName(String message) {
            super(message);
        }
    }
}
