package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.Ownership;
import org.waldur.siteagent.plan.ImportChange.HoldImport;
import org.waldur.siteagent.plan.ImportChange.LeaveUnmatched;
import org.waldur.siteagent.slurm.Account;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.Text;

/** Finds accounts for the resources of an offering that have none. A pure function; what is not certain is held. */
final class AccountMatcher {
    private final ImportClaim claim;
    private final Cluster cluster;
    private final BackendSettings settings;
    private final Ownership ownership;
    /** Account to the resource that has it, by backend_id or marker. */
    private final Map<String, String> owners = new TreeMap<>();
    /** Account to the resource that has one of that name on another cluster of this slurmdbd, with which it shares its description. */
    private final Map<String, String> elsewhere = new TreeMap<>();
    private final List<ImportMatch> matched = new ArrayList<>();
    private final List<HoldImport> held = new ArrayList<>();
    /** Accounts that what is held speaks of. */
    private final Set<String> named = new HashSet<>();

    private AccountMatcher(ImportClaim claim, List<ImportClaim> beside, List<ImportClaim> all, Cluster cluster) {
        this.claim = claim;
        this.cluster = cluster;
        this.settings = claim.offering().backend();
        this.ownership = new Ownership(cluster, settings, claim.allocations().stream().map(Allocation::resource).toList());
        beside.stream().flatMap(c -> c.allocations().stream()).forEach(a -> {
            if (cluster.exists(a.resource().backendId())) {
                owners.put(a.resource().backendId(), a.uuid());
            }
            cluster.marked(a.uuid()).forEach(account -> owners.put(account, a.uuid()));
        });
        all.stream().filter(c -> !beside.contains(c) && c.sharesSlurmdbdWith(claim)).flatMap(c -> c.allocations().stream())
                .forEach(a -> elsewhere.put(a.resource().backendId(), a.uuid()));
    }

    /** @param all the claims of all offerings, because several may mean one account */
    static ImportMatches match(ImportClaim claim, List<ImportClaim> all, Cluster cluster) {
        List<ImportClaim> beside = all.stream().filter(claim::sharesClusterWith).toList();
        List<AccountMatcher> matchers = beside.stream().map(c -> new AccountMatcher(c, beside, all, cluster)).toList();
        matchers.forEach(AccountMatcher::findAll);
        SortedMap<String, List<ImportMatch>> wanted = new TreeMap<>();
        matchers.forEach(m -> m.matched.forEach(match -> wanted.computeIfAbsent(match.account(), a -> new ArrayList<>()).add(match)));
        AccountMatcher own = matchers.get(beside.indexOf(claim));
        own.settleDisputes(wanted);
        return new ImportMatches(claim, List.copyOf(own.matched), List.copyOf(own.held), own.unmatched(wanted.keySet()));
    }

    private void findAll() {
        claim.allocations().stream().sorted(Comparator.comparing(Allocation::uuid)).forEach(this::find);
    }

    private void find(Allocation a) {
        List<String> marked = cluster.marked(a.uuid()).stream().filter(account -> !ownership.isProtected(account)).toList();
        String reported = a.resource().backendId();
        if (marked.size() > 1) {
            hold(a, "", "several accounts carry its uuid: " + String.join(", ", marked) + "; take it out of the descriptions of those that are not its own");
        } else if (!marked.isEmpty()) {
            marked(a, marked.get(0), reported);
        } else if (cluster.exists(reported)) {
            reported(a, reported);
        } else {
            named(a);
        }
    }

    private void marked(Allocation a, String account, String reported) {
        if (cluster.exists(reported) && !reported.equals(account)) {
            hold(a, account, "account " + account + " carries its uuid, and its backend_id is " + reported + ", which exists; mend the one that is wrong");
        } else if (!reported.equals(account)) {
            match(a, account, false, true, "the account carries its uuid, and Waldur has " + known(reported));
        }
    }

    /** By backend_id it is ours if it has our prefix; then there is nothing to do. */
    private void reported(Allocation a, String account) {
        if (Ownership.hasPrefix(account, settings.allocationPrefix())) {
            return;
        }
        Optional<String> marker = cluster.marker(account);
        if (ownership.isProtected(account) || marker.isPresent() || !owners.get(account).equals(a.uuid()) || !cluster.children(account).isEmpty()) {
            hold(a, account, "its backend_id is " + Text.oneLine(account, 60) + ", which " + (ownership.isProtected(account) ? "is never an allocation's"
                    : marker.isPresent() ? "says waldur:" + marker.get() + " in its description" : !cluster.children(account).isEmpty() ? "has accounts beneath it"
                    : "is that of another resource, too") + "; mend the backend_id in Waldur");
        } else {
            match(a, account, true, false, "Waldur has it as its backend_id. Without our prefix, the agent touches it only with the marker");
        }
    }

    private void named(Allocation a) {
        AccountCandidates candidates;
        try {
            candidates = AccountCandidates.of(claim.names().get(a.uuid()), settings, ownership, cluster, owners.keySet());
        } catch (AccountName.InvalidName e) {
            hold(a, "", e.getMessage());
            return;
        }
        SortedSet<String> free = candidates.free();
        named.addAll(free);
        named.addAll(candidates.doubts().keySet());
        SortedSet<String> described = candidates.described(a.resource().name(), cluster);
        if (free.size() > 1 && described.size() == 1) {
            free = described;
        }
        if (free.size() > 1) {
            hold(a, "", "several accounts may be its own by their names: " + String.join(", ", free) + ". If you know which, " + byHand("", a.uuid()));
        } else if (!free.isEmpty() && a.resource().state().equals("Terminating")) {
            hold(a, free.first(), "it is being terminated; with the account its jobs and users would go. If that is meant, " + byHand(free.first(), a.uuid()));
        } else if (!free.isEmpty()) {
            match(a, free.first(), true, true, "the account is called as the agent would call it, nobody else has it, and Waldur has " + known(a.resource().backendId()));
        } else if (!candidates.doubts().isEmpty()) {
            hold(a, "", String.join("; ", candidates.doubts().values()) + ". If it is its own all the same, " + byHand(candidates.doubts().size() == 1 ? candidates.doubts().firstKey() : "", a.uuid()));
        } else if (a.resource().state().equals("OK")) {
            hold(a, "", "cluster " + cluster.name() + " has no account that is called as one of it would be, " + wanted(a) + ". If it is called otherwise, " + byHand("", a.uuid())
                    + (a.resource().backendId().isEmpty() ? "" : "; if it is gone, waldur-site-agent plan --recreate shows how it comes back"));
        }
    }

    /** @param account empty if it is not known which */
    private static String byHand(String account, String uuid) {
        return "say so yourself, and look again: sacctmgr modify account where name=" + (account.isEmpty() ? "ACCOUNT" : account) + " set description=\"TEXT waldur:" + uuid + "\"";
    }

    private String wanted(Allocation a) {
        return AccountName.of("", claim.names().get(a.uuid()).allocation(), settings.allocationNameMaxLen());
    }

    private static String known(String reported) {
        return reported.isEmpty() ? "no backend_id of it" : "'" + Text.oneLine(reported, 60) + "' as its backend_id, which does not exist";
    }

    private void hold(Allocation a, String account, String why) {
        held.add(new HoldImport(account, a.uuid(), why, List.of(resource(a))));
    }

    private void match(Allocation a, String account, boolean mark, boolean tell, String why) {
        if (mark && elsewhere.containsKey(account)) {
            hold(a, account, "resource " + elsewhere.get(account) + " has an account of that name on another cluster, and all clusters of a slurmdbd share its description, which can carry one"
                    + " uuid only; tell Waldur its backend_id by hand, if it has our prefix");
            return;
        }
        List<String> facts = new ArrayList<>(List.of(resource(a)));
        Account row = cluster.row(account).orElse(new Account(account, "", ""));
        Optional<String> description = mark ? marked(row, a) : Optional.empty();
        if (mark && description.isEmpty()) {
            hold(a, account, "the description of account " + account + " has quotes in it, or other signs that sacctmgr might not write back as they are; " + byHand(account, a.uuid()));
            return;
        }
        facts.add("account " + account + " is called '" + Text.oneLine(row.description(), 200) + "' in its description" + (AccountCandidates.isDescribed(account, a.resource().name(), cluster)
                ? ", as the Python agent writes it" : "") + ", of organization '" + Text.oneLine(row.organization(), 60) + "'");
        String above = cluster.parent(account);
        String project = claim.names().get(a.uuid()).project().toLowerCase(Locale.ROOT);
        facts.add("it is beneath " + above + (above.equals(project) ? ", as an account of its project would be" : ", and an account of its project would be beneath " + Text.oneLine(project, 60)));
        facts.add("users in it: " + (cluster.users(account).isEmpty() ? "none" : String.join(", ", cluster.users(account))));
        matched.add(new ImportMatch(a, account, description, tell, why, facts));
    }

    /** What is there stays, because the site may have written it for itself; empty if that is not possible. */
    private static Optional<String> marked(Account row, Allocation a) {
        return row.description().isBlank() ? Optional.of(Account.describe(a.resource().name(), a.uuid())) : Account.mark(row.description(), a.uuid());
    }

    private static String resource(Allocation a) {
        return "resource " + a.uuid() + " is '" + Text.oneLine(a.resource().name(), 100) + "', " + a.resource().state() + ", of project '" + Text.oneLine(a.project().name(), 100) + "'";
    }

    /** An account that several resources may have is that of the one whose name its description is, or of none of them. */
    private void settleDisputes(Map<String, List<ImportMatch>> wanted) {
        for (ImportMatch match : List.copyOf(matched)) {
            List<ImportMatch> rivals = wanted.get(match.account());
            List<ImportMatch> described = rivals.stream().filter(r -> AccountCandidates.isDescribed(r.account(), r.allocation().resource().name(), cluster)).toList();
            if (rivals.size() > 1 && !described.equals(List.of(match))) {
                matched.remove(match);
                SortedSet<String> others = new TreeSet<>();
                rivals.stream().map(ImportMatch::uuid).filter(uuid -> !uuid.equals(match.uuid())).forEach(others::add);
                hold(match.allocation(), match.account(), "by its name the account may be that of " + String.join(", ", others) + ", too. If it is this one's, " + byHand(match.account(), match.uuid()));
            }
        }
    }

    /** Accounts with our prefix that no resource has or may have, and that are nothing above one. */
    private List<LeaveUnmatched> unmatched(Set<String> wanted) {
        Set<String> known = new HashSet<>();
        List<String> meant = new ArrayList<>(owners.keySet());
        meant.addAll(wanted);
        meant.addAll(named);
        claim.names().values().forEach(names -> {
            meant.add(names.project().toLowerCase(Locale.ROOT));
            meant.add(names.customer().toLowerCase(Locale.ROOT));
        });
        meant.forEach(account -> {
            for (String above = account; !above.isEmpty() && known.add(above); above = cluster.parent(above)) {
                // on to the next
            }
        });
        return cluster.accounts().stream().filter(account -> Ownership.hasPrefix(account, settings.allocationPrefix()) && !known.contains(account) && !ownership.isProtected(account))
                .map(account -> new LeaveUnmatched(account, cluster.marker(account).map(uuid -> "its description says waldur:" + uuid + ", and no live resource here has that uuid")
                        .orElse("no live resource here would have an account of that name"), List.of("it is beneath " + cluster.parent(account) + ", users in it: "
                                + (cluster.users(account).isEmpty() ? "none" : String.join(", ", cluster.users(account)))))).toList();
    }
}
