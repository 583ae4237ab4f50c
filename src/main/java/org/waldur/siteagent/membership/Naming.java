package org.waldur.siteagent.membership;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.waldur.Text;

/** The offering users of one offering while they are served: whose each username is, and whether Waldur was written to. */
public final class Naming {
    /** Whoever is called so is somebody else on every machine. */
    private static final String ROOT = "root";
    private final List<OfferingUser> users;
    private final Map<String, String> holders = new HashMap<>();
    private final long begun = System.nanoTime();
    private final Duration longest;
    private boolean written;

    /** @param longest after this time nobody else is served in this cycle */
    Naming(List<OfferingUser> users, Duration longest) {
        this.users = users;
        this.longest = longest;
        users.stream().filter(user -> !user.username().isEmpty()).forEach(user -> holders.putIfAbsent(user.folded(), user.uuid()));
    }

    List<OfferingUser> users() {
        return users;
    }

    /** Whether Waldur was written to, or may have been. */
    public boolean isWritten() {
        return written;
    }

    /** Whether it is too late for another user: whoever gives names may be slow for each of a thousand. */
    public boolean isLate() {
        return System.nanoTime() - begun > longest.toNanos();
    }

    /** A request is going to be sent. */
    void begin(OfferingUserChange change) {
        written = true;
        if (change.action() == OfferingUserChange.Action.NAME) {
            holders.putIfAbsent(change.username().toLowerCase(Locale.ROOT), change.user().uuid());
        }
    }

    /** The name, if Slurm can have it and nobody else has it, those included who are deleted. Throws {@link UsernameRefused}. */
    String checked(OfferingUser user, String name) {
        if (!AccountName.isUser(name) || name.equalsIgnoreCase(ROOT)) {
            throw new UsernameRefused("'" + Text.oneLine(name, 60) + "' cannot be a username: letters, digits, '_', '.' and '-' are allowed, no dash in front,"
                    + " at most " + AccountName.DISTINCT + " of them, and not " + ROOT);
        }
        String holder = holders.getOrDefault(name.toLowerCase(Locale.ROOT), user.uuid());
        if (!holder.equals(user.uuid())) {
            throw new UsernameRefused("the username " + name + " is that of offering user " + holder + " already");
        }
        return name;
    }
}
