package org.waldur.siteagent.membership;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.slurm.Cluster;

/** What the routes of {@code import} compute with. Bean {@code imports}; it keeps nothing between two calls. */
public final class Imports {
    private static final Logger LOG = LoggerFactory.getLogger("import");
    private final Teams teams;
    private final Selection selection;
    private final DeadLetters deadLetters;

    /** @param selection the part of a plan that is carried out */
    public Imports(Teams teams, Selection selection, DeadLetters deadLetters) {
        this.teams = teams;
        this.selection = selection;
        this.deadLetters = deadLetters;
    }

    /** An import for this offering begins. */
    public void begin(Offering offering) {
        deadLetters.begin(offering.name(), DeadLetter.Topic.IMPORT);
    }

    /** What an offering may claim. @param named all of the allocations */
    public ImportClaim claim(Offering offering, List<Allocation> allocations, List<Membership.NamedAllocation> named) {
        Map<String, PreparedOrder.Names> names = new HashMap<>();
        named.forEach(n -> names.put(n.resource(), n.names()));
        List<String> unnamed = allocations.stream().map(Allocation::uuid).filter(uuid -> !names.containsKey(uuid)).toList();
        if (!unnamed.isEmpty()) {
            throw new IllegalStateException("the route name-accounts has not named the accounts of " + String.join(", ", unnamed));
        }
        return new ImportClaim(offering, List.copyOf(allocations), Map.copyOf(names));
    }

    /** Whether all offerings could be asked: an account may be that of one that could not. */
    public boolean whole(List<ImportClaim> claims, List<Offering> offerings) {
        return claims.size() == offerings.size();
    }

    /** The same, for a route that goes through them: it knows by this what they are. */
    public List<ImportClaim> claims(List<ImportClaim> claims) {
        return claims;
    }

    public ImportMatches match(ImportClaim claim, List<ImportClaim> all, Cluster cluster) {
        return AccountMatcher.match(claim, all, cluster);
    }

    /** One allocation of each project whose team says what is going to happen to an account. */
    public List<Allocation> projects(ImportMatches matches) {
        return teams.projects(matches.allocations());
    }

    /** @param facts with those teams */
    public ImportCycle plan(ImportMatches matches, Facts facts) {
        return new ImportCycle(selection.of(ImportPlanner.plan(matches, facts.named(matches.claim().names()))));
    }

    /** What Waldur was told and does not show. */
    public List<Cycle.Unverified> untold(ImportCycle cycle, List<Allocation> now) {
        return cycle.untold(now);
    }

    /** Says what became of it. Letters of earlier ones are of the past. */
    public void record(Offering offering, ImportCycle cycle) {
        long left = cycle.getLeft().size();
        LOG.info("Offering {}: {} accounts imported, {} left", offering.name(),
                cycle.getPlan().changes().stream().filter(c -> !c.isHeld()).flatMap(c -> c.orders().stream()).distinct().count() - left, left);
        cycle.getLeft().forEach((account, why) -> LOG.info("{} is left: {}", account, why));
        deadLetters.settle(offering.name(), DeadLetter.Topic.IMPORT);
    }
}
