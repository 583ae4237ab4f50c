package org.waldur.siteagent.plan;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.waldur.siteagent.slurm.Cluster;

/** What the routes that carry out a plan compute with, whichever job it is of. Bean {@code changes}; it keeps nothing between two calls. */
public final class Changes {
    private final Consumer<Execution> announce;

    /** @param announce who hears of each plan before it is carried out */
    public Changes(Consumer<Execution> announce) {
        this.announce = announce;
    }

    /** Names or numbers, as many at once as go into one command. */
    public List<List<String>> portions(Collection<String> all) {
        return Portions.of(all);
    }

    public void announce(Cycle cycle) {
        announce.accept(cycle);
    }

    /** What a change concerns, as the routes name it: see {@link Change#orders()}, with commas between. */
    public String concerns(Change change) {
        return String.join(",", change.orders());
    }

    /** Whether a change is not to be made any more, because it is made already, or all that needs it has failed meanwhile. */
    public boolean isOver(Cycle cycle, Change change) {
        return !cycle.isOpen(change);
    }

    public void done(Cycle cycle, Change change) {
        cycle.done(change);
    }

    public void allDone(Cycle cycle, List<? extends Change> changes) {
        changes.forEach(cycle::done);
    }

    /** Accounts still to be created that the cluster does not have; {@code sacctmgr load} would take over the others. */
    public List<Change.CreateAccount> absent(Cycle cycle, Cluster cluster) {
        return cycle.getAccounts().stream().filter(a -> !cluster.exists(a.name())).toList();
    }

    /** sacctmgr says that a change is made already. Throws {@link NotAsPlanned} if the cluster does not show it as it is to be. */
    public void mustShow(Cycle cycle, Change change, Cluster now) {
        cycle.observe(now);
        if (cycle.isOpen(change)) {
            throw new NotAsPlanned("it is there already, and not as it is to be: " + change.what());
        }
    }

    public List<Cycle.Unverified> unverified(Cycle cycle, Cluster now) {
        return cycle.unverified(now);
    }
}
