package org.waldur.siteagent.plan;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A part of a plan that an operator asks for.
 *
 * @param accounts in lower case; none: all
 * @param kinds    see {@link Change#kind()}; none: all
 */
public record Selection(Set<String> accounts, Set<String> kinds) {
    public static final Selection ALL = new Selection(Set.of(), Set.of());

    /** @param text {@code account=NAME,kind=KIND,...}; empty: everything. Throws {@link IllegalArgumentException} for anything else */
    public static Selection parse(String text) {
        SortedSet<String> accounts = new TreeSet<>();
        SortedSet<String> kinds = new TreeSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            List<String> words = List.of(part.strip().split("=", 2));
            if (words.size() < 2 || words.get(1).isBlank() || !List.of("account", "kind").contains(words.get(0))) {
                throw new IllegalArgumentException("'" + part + "' selects nothing; right would be account=NAME or kind=KIND");
            }
            if (words.get(0).equals("kind") && !Change.kinds().contains(words.get(1))) {
                throw new IllegalArgumentException("there is no kind '" + words.get(1) + "'; the kinds are " + String.join(", ", Change.kinds()));
            }
            (words.get(0).equals("account") ? accounts : kinds).add(words.get(1).toLowerCase(Locale.ROOT));
        }
        return new Selection(accounts, kinds);
    }

    /** The changes of a plan that belong to it. */
    public Plan of(Plan plan) {
        return this.equals(ALL) ? plan : new Plan(plan.mode(), plan.offering(), plan.changes().stream().filter(this::has).toList());
    }

    private boolean has(Change change) {
        boolean account = accounts.isEmpty() || accounts.stream().anyMatch(a -> change.orders().contains("account " + a)
                || change instanceof UsageChange usage && usage.account().equals(a));
        return account && (kinds.isEmpty() || kinds.contains(change.kind()));
    }
}
