package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who is to join and who is to leave one account.
 *
 * @param found    users who are in it
 * @param joining  users whom the machine knows
 * @param unknown  users who are to join as soon as the machine knows them
 * @param leaving  users who are on no list that could be read
 * @param ordered  whether everybody leaves because Waldur's flag and the config say so
 * @param emptied  whether nobody is on the team any more
 * @param doubt    why those who leave may be wanted after all; empty: nothing speaks for them
 */
record MemberPlan(String account, SortedSet<String> found, SortedSet<String> joining, SortedSet<String> unknown, SortedSet<String> leaving, boolean ordered,
        boolean emptied, Optional<String> doubt, List<String> facts) {

    /**
     * @param team    of its project
     * @param removed whether access is restricted, and that means removal
     * @param closed  whether access is restricted, and that means that nobody joins or leaves
     */
    static MemberPlan of(String account, SortedSet<String> found, Team.Known team, OtherAccounts others, String project, Set<String> strangers,
            boolean removed, boolean closed) {
        OtherAccounts.Known known = others instanceof OtherAccounts.Known k ? k : OtherAccounts.NONE;
        SortedSet<String> wanted = team.wanted();
        wanted.addAll(known.wanted(project));
        SortedSet<String> staying = team.staying();
        staying.addAll(known.staying(project));
        if (removed) {
            wanted.clear();
            staying.clear();
        }
        SortedSet<String> joining = closed ? new TreeSet<>() : minus(wanted, found);
        SortedSet<String> unknown = new TreeSet<>(joining);
        unknown.retainAll(strangers);
        joining.removeAll(strangers);
        List<String> facts = List.of("team with usernames: " + wanted, "in the account: " + found);
        SortedSet<String> leaving = closed ? new TreeSet<>() : minus(found, staying);
        return new MemberPlan(account, found, joining, unknown, leaving, removed, team.members().isEmpty() && !removed,
                removed ? Optional.empty() : doubt(leaving, team, others), facts);
    }

    private static Optional<String> doubt(SortedSet<String> leaving, Team.Known team, OtherAccounts others) {
        List<String> doubts = new ArrayList<>();
        if (!team.nameless().isEmpty() && !leaving.stream().allMatch(team::isNoneOfNameless)) {
            doubts.add("Waldur does not say how " + team.nameless().size() + " of the " + team.members().size() + " members are called here, and they may be those");
        }
        if (others instanceof OtherAccounts.Unknown unknown) {
            doubts.add("they may be service or course accounts, which could not be listed: " + unknown.why());
        }
        return doubts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", doubts));
    }

    private static SortedSet<String> minus(SortedSet<String> some, Set<String> others) {
        SortedSet<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }
}
