package org.waldur.siteagent.membership;

import java.util.List;

/**
 * A resource and the account that is to be its own.
 *
 * @param mark   whether the account's description does not say so yet
 * @param tell   whether Waldur does not know it yet
 * @param facts  what speaks for it, and against
 */
record ImportMatch(Allocation allocation, String account, boolean mark, boolean tell, String reason, List<String> facts) {
    String uuid() {
        return allocation.uuid();
    }
}
