package org.waldur.siteagent.membership;

import java.util.List;
import org.waldur.siteagent.plan.ImportChange.HoldImport;
import org.waldur.siteagent.plan.ImportChange.LeaveUnmatched;

/** Which accounts of a cluster are which resources' of an offering, as far as it can be said. */
public record ImportMatches(ImportClaim claim, List<ImportMatch> matched, List<HoldImport> held, List<LeaveUnmatched> unmatched) {
    /** The allocations that get an account, with it: their teams say what is going to happen to it. */
    List<Allocation> allocations() {
        return matched.stream().map(match -> match.allocation().at(match.account())).toList();
    }
}
