package org.waldur.siteagent.membership;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * What {@code create-homedirs} has found out about one offering.
 *
 * @param offering its name
 * @param missing  users whose home directory is to be made, and where
 * @param there    users who have one
 * @param unknown  users whom the machine does not know: they get none until it does
 * @param remark   what is to be said beside; empty: nothing
 */
public record HomePlan(String offering, SortedMap<String, Path> missing, int there, List<String> unknown, String remark) {

    /** As it is shown, one line for each user who has no home directory. */
    public String text() {
        StringBuilder text = new StringBuilder("Home directories of offering " + offering + ": " + (missing.isEmpty() ? "nothing to do" : missing.size() + " to make")
                + ", " + there + (there == 1 ? " is" : " are") + " there\n");
        missing.forEach((user, home) -> text.append("  + ").append(user).append(": ").append(home).append('\n'));
        unknown.forEach(user -> text.append("  - ").append(user).append(": none, because this machine does not know him (getent passwd)\n"));
        return text.append(remark.isEmpty() ? "" : "  " + remark + "\n").toString();
    }
}
