package org.waldur.siteagent.plan;

import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.TresLimits;

/** What a look at the cluster says about a change: nobody is told that it was made before it shows. */
final class ReadBack {
    private ReadBack() {
    }

    /** Whether it is one that the cluster has to show. */
    static boolean isStructural(Change change) {
        return change instanceof Change.CreateAccount || change instanceof Change.SetLimits
                || change instanceof Change.AllowSubmission || change instanceof Change.RemoveAllocation;
    }

    static boolean shows(Cluster now, Change change) {
        if (change instanceof Change.CreateAccount c) {
            boolean ours = c.level() < 2 || now.marker(c.name()).filter(c.marker()::equals).isPresent();
            return ours && now.parent(c.name()).equals(c.parent())
                    && TresLimits.difference(c.grpTresMins(), now.account(c.name()).orElseThrow().grpTresMins()).isEmpty();
        }
        if (change instanceof Change.SetLimits c) {
            return now.account(c.account()).filter(a -> TresLimits.difference(c.grpTresMins(), a.grpTresMins()).isEmpty()).isPresent();
        }
        if (change instanceof Change.AllowSubmission c) {
            return now.account(c.account()).filter(a -> a.grpSubmitJobs().isEmpty()).isPresent();
        }
        return change instanceof Change.RemoveAllocation c && !now.exists(c.account());
    }
}
