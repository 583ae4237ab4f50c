package org.waldur.siteagent.usage;

/** What sacct printed cannot be the whole truth. Unknown is not zero: nothing that depends on it is told to Waldur. */
public final class UsageUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageUnknown(String message) {
        super(message, null, false, false);
    }
}
