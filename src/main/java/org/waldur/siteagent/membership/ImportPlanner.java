package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.ImportChange.MarkAccount;
import org.waldur.siteagent.plan.ImportChange.TellAccount;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.slurm.Cluster;

/** What is to be written so that accounts and resources that match belong together: a pure function, which looks ahead at what {@code membership_sync} makes of it. */
final class ImportPlanner {
    private ImportPlanner() {
    }

    /** @param facts with the teams of all that matches */
    static Plan plan(ImportMatches matches, Facts facts) {
        Map<String, String> descriptions = new HashMap<>();
        matches.matched().forEach(match -> match.mark().ifPresent(description -> descriptions.put(match.account(), description)));
        List<Change> after = consequences(matches, facts, facts.cluster().describing(descriptions));
        List<Change> changes = new ArrayList<>();
        for (ImportMatch match : matches.matched()) {
            List<String> why = new ArrayList<>(match.facts());
            why.addAll(consequences(match, facts.cluster(), after));
            boolean marks = match.mark().isPresent();
            match.mark().ifPresent(description -> changes.add(new MarkAccount(match.account(), match.uuid(), description, match.reason(), why)));
            if (match.tell()) {
                changes.add(new TellAccount(match.account(), match.uuid(), marks ? "the account is its own then" : match.reason(), marks ? List.of() : why));
            }
        }
        changes.addAll(matches.held());
        changes.addAll(matches.unmatched());
        return new Plan("import", matches.claim().offering().name(), changes);
    }

    /** The changes of a cycle of {@code membership_sync} after the import that one before it would not make. */
    private static List<Change> consequences(ImportMatches matches, Facts facts, Cluster then) {
        Map<String, String> accounts = new HashMap<>();
        matches.matched().forEach(match -> accounts.put(match.uuid(), match.account()));
        List<Allocation> imported = facts.allocations().stream().map(a -> accounts.containsKey(a.uuid()) ? a.at(accounts.get(a.uuid())) : a).toList();
        Set<String> anyhow = new HashSet<>();
        MembershipPlanner.plan(facts).plan().changes().forEach(c -> anyhow.add(c.what()));
        return MembershipPlanner.plan(facts.selling(imported).on(then)).plan().changes().stream().filter(c -> !anyhow.contains(c.what())).toList();
    }

    private static List<String> consequences(ImportMatch match, Cluster cluster, List<Change> after) {
        if (!match.allocation().isSettled()) {
            return List.of("it is " + match.allocation().resource().state() + ", so order_process goes on with it");
        }
        Set<String> concerns = Set.of("account " + match.account(), "account " + cluster.parent(match.account()));
        List<String> found = after.stream().filter(c -> c.orders().stream().anyMatch(concerns::contains))
                .map(c -> "membership_sync would then " + c.what() + (c.reason().isEmpty() ? "" : ": " + c.reason())).toList();
        return found.isEmpty() ? List.of("membership_sync would then change nothing of it") : found;
    }
}
