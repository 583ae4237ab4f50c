package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Optional;

/**
 * A resource and the account that is to be its own.
 *
 * @param mark   the description that says so; empty: the account has it already
 * @param tell   whether Waldur does not know it yet
 * @param facts  what speaks for it, and against
 */
record ImportMatch(Allocation allocation, String account, Optional<String> mark, boolean tell, String reason, List<String> facts) {
    String uuid() {
        return allocation.uuid();
    }
}
