package org.waldur.siteagent.plan;

import java.util.List;

/** Accounts that get the same limits. */
public record LimitBatch(String limits, List<Change.SetLimits> changes) {
    public List<String> accounts() {
        return changes.stream().map(Change.SetLimits::account).toList();
    }

    /** The batch as batches of one, to find the one that was refused. */
    public List<LimitBatch> alone() {
        return changes.stream().map(c -> new LimitBatch(limits, List.of(c))).toList();
    }

    /** The orders of all of them, as the routes name them. */
    public String orders() {
        return Cycle.join(changes);
    }
}
