package org.waldur.siteagent.usage;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.waldur.siteagent.order.Resource;

/**
 * Whose the runs in an account are. What ran before a resource was created is none of its business, because another one may have had an account
 * of that name: a run belongs to the resource that had the account when it began. (It cannot go on under the next one, because the account was
 * removed in between.)
 */
public final class Holders {
    static final Holders NONE = new Holders(Map.of());
    /** Stands in no name that sacct can print. */
    private static final String EARLIER = "|";

    /**
     * Whose one account is.
     *
     * @param current those that have it now, or had it last; one, if all is well
     * @param since   when the first of them was created, in epoch seconds; 0 if Waldur does not say
     * @param former  those that had it before, the oldest first
     */
    private record Account(List<Resource> current, long since, List<Resource> former) {
        static Account of(List<Resource> resources) {
            List<Resource> over = resources.stream().filter(resource -> resource.state().equals("Terminated")).sorted(Comparator.comparingLong(Account::created)).toList();
            List<Resource> alive = resources.stream().filter(resource -> !over.contains(resource)).toList();
            List<Resource> current = alive.isEmpty() ? over.subList(over.size() - 1, over.size()) : alive;
            return new Account(current, current.stream().mapToLong(Account::created).min().orElseThrow(), over.stream().filter(resource -> !current.contains(resource)).toList());
        }

        private static long created(Resource resource) {
            return resource.createdAt().map(created -> created.toInstant().getEpochSecond()).orElse(0L);
        }

        /** Who of the former ones had it; empty: none of them. */
        private String former(long moment) {
            return former.stream().filter(resource -> created(resource) <= moment).reduce((older, younger) -> younger).map(Resource::uuid).orElse("");
        }

        private String text() {
            return former.stream().map(resource -> resource.uuid() + " " + created(resource) + ", ").collect(Collectors.joining()) + since;
        }
    }

    private final Map<String, Account> accounts;

    private Holders(Map<String, Account> accounts) {
        this.accounts = accounts;
    }

    /** @param resources of all offerings on one cluster, as far as they are known; one that is being created has no account yet */
    public static Holders of(Collection<Resource> resources) {
        Map<String, List<Resource>> byAccount = resources.stream().filter(resource -> !resource.backendId().isEmpty() && !resource.state().equals("Creating"))
                .collect(Collectors.groupingBy(Resource::backendId));
        Map<String, Account> accounts = new HashMap<>();
        byAccount.forEach((account, some) -> accounts.put(account, Account.of(some)));
        return new Holders(accounts);
    }

    /** Where a run is added up: its account, or something else if it was an earlier resource's. @param start epoch seconds */
    String key(String account, long start) {
        Account one = accounts.get(account);
        return one == null || one.since <= start ? account : account + EARLIER + one.former(start);
    }

    /** Where the runs of a resource are added up. */
    String key(Resource resource) {
        Account one = accounts.get(resource.backendId());
        return resource.backendId() + (one != null && one.former.stream().anyMatch(former -> former.uuid().equals(resource.uuid())) ? EARLIER + resource.uuid() : "");
    }

    /** Account to the uuids of the resources that have it, where it is more than one of these. */
    SortedMap<String, List<String>> shared(Predicate<Resource> these) {
        SortedMap<String, List<String>> shared = new TreeMap<>();
        accounts.forEach((account, one) -> {
            List<String> uuids = one.current.stream().filter(these).map(Resource::uuid).sorted().toList();
            if (uuids.size() > 1) {
                shared.put(account, uuids);
            }
        });
        return shared;
    }

    /**
     * From when on runs are whose, for each account of which that matters from this moment on. Of accounts that no resource has by now, what
     * was so before is kept: a list of resources may have failed to come.
     *
     * @param from epoch seconds
     */
    Map<String, String> turns(long from, Map<String, String> before) {
        Map<String, String> turns = new TreeMap<>(before);
        turns.keySet().removeAll(accounts.keySet());
        accounts.forEach((account, one) -> {
            if (one.since > from) {
                turns.put(account, one.text());
            }
        });
        return turns;
    }

    /** Whether all that was added up under these turns would be added up in the same place under those. */
    static boolean agree(Map<String, String> turns, Map<String, String> those, Consumption used) {
        Set<String> accounts = new TreeSet<>(turns.keySet());
        accounts.addAll(those.keySet());
        return accounts.stream().allMatch(account -> Objects.equals(turns.get(account), those.get(account)) || !used.names(account, EARLIER));
    }
}
