package org.waldur.siteagent.plan;

import java.util.Optional;
import org.waldur.siteagent.slurm.Association;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.TresLimits;

/** What a look at the cluster says about a change: nobody is told that it was made before it shows. */
final class ReadBack {
    private ReadBack() {
    }

    /** Whether it is one that the cluster has to show. */
    static boolean isStructural(Change change) {
        return change instanceof Change.CreateAccount || change instanceof Change.SetLimits
                || change instanceof Change.AllowSubmission || change instanceof Change.RemoveAllocation
                || change instanceof Change.AddUsers || change instanceof MembershipChange.MoveAccount || change instanceof MembershipChange.SetQos
                || change instanceof MembershipChange.SetSubmitLimit || change instanceof MembershipChange.SetUserLimits
                || change instanceof MembershipChange.RemoveUsers || change instanceof ImportChange.MarkAccount;
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
        if (change instanceof Change.RemoveAllocation c) {
            return !now.exists(c.account());
        }
        if (change instanceof Change.AddUsers c) {
            return now.users(c.account()).containsAll(c.users());
        }
        if (change instanceof Change.SetDefaultAccount c) {
            return now.knowsDefaults() && now.defaultAccount(c.user()).isPresent();
        }
        if (change instanceof ImportChange.MarkAccount c) {
            return now.exists(c.account()) && now.marker(c.account()).filter(c.resource()::equals).isPresent();
        }
        return change instanceof MembershipChange c && shows(now, c);
    }

    private static boolean shows(Cluster now, MembershipChange change) {
        Optional<Association> account = now.account(change.account());
        if (change instanceof MembershipChange.MoveAccount c) {
            return now.parent(c.account()).equals(c.parent());
        }
        if (change instanceof MembershipChange.SetQos c) {
            return account.filter(a -> a.qos().equals(c.qos()) && a.defaultQos().equals(c.defaultQos())).isPresent();
        }
        if (change instanceof MembershipChange.SetSubmitLimit c) {
            return account.filter(a -> a.grpSubmitJobs().equals(c.jobs())).isPresent();
        }
        if (change instanceof MembershipChange.SetUserLimits c) {
            return now.users(c.account()).contains(c.user()) && TresLimits.difference(c.grpTresMins(), now.userLimits(c.account(), c.user())).isEmpty();
        }
        return change instanceof MembershipChange.RemoveUsers c && c.users().stream().noneMatch(now.users(c.account())::contains);
    }
}
