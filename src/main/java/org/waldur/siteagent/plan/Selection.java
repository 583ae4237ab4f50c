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
 * @param orders   uuids of orders without dashes; none: all
 */
public record Selection(Set<String> accounts, Set<String> kinds, Set<String> orders) {
    public static final Selection ALL = new Selection(Set.of(), Set.of(), Set.of());
    private static final Set<String> WORDS = Set.of("account", "kind", "order");

    /** @param text {@code account=NAME,kind=KIND,order=UUID,...}; empty: everything. Throws {@link IllegalArgumentException} for anything else */
    public static Selection parse(String text) {
        SortedSet<String> accounts = new TreeSet<>();
        SortedSet<String> kinds = new TreeSet<>();
        SortedSet<String> orders = new TreeSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            List<String> words = List.of(part.strip().split("=", 2));
            if (words.size() < 2 || words.get(1).isBlank() || !WORDS.contains(words.get(0))) {
                throw new IllegalArgumentException("'" + part + "' selects nothing; right would be account=NAME, kind=KIND or order=UUID");
            }
            if (words.get(0).equals("kind") && !Change.kinds().contains(words.get(1))) {
                throw new IllegalArgumentException("there is no kind '" + words.get(1) + "'; the kinds are " + String.join(", ", Change.kinds()));
            }
            String value = words.get(1).toLowerCase(Locale.ROOT);
            switch (words.get(0)) {
                case "account" -> accounts.add(value);
                case "kind" -> kinds.add(value);
                default -> orders.add(value.replace("-", ""));
            }
        }
        return new Selection(accounts, kinds, orders);
    }

    /** The changes of a plan that belong to it. */
    public Plan of(Plan plan) {
        return this.equals(ALL) ? plan : new Plan(plan.mode(), plan.offering(), plan.changes().stream().filter(this::has).toList());
    }

    private boolean has(Change change) {
        boolean account = accounts.isEmpty() || accounts.stream().anyMatch(a -> change.orders().contains("account " + a)
                || change instanceof UsageChange usage && usage.account().equals(a) || change instanceof ImportChange imported && imported.account().equals(a));
        boolean order = orders.isEmpty() || change.orders().stream().anyMatch(orders::contains);
        return account && order && (kinds.isEmpty() || kinds.contains(change.kind()));
    }
}
