package org.waldur.siteagent.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.plan.Change.AddUsers;
import org.waldur.siteagent.plan.Change.SetDefaultAccount;
import org.waldur.siteagent.slurm.Cluster;

/** Default accounts of those who are added, by {@code default_account_policy}. */
final class DefaultAccounts {
    private final BackendSettings settings;
    private final Cluster cluster;
    private final String common;

    DefaultAccounts(BackendSettings settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
        this.common = settings.defaultAccount().toLowerCase(Locale.ROOT);
    }

    /** With policy {@code common}: who of them is not yet in the default account, which nobody but that policy opens to him. One, or none. */
    List<AddUsers> opened(Collection<AddUsers> additions) {
        boolean open = settings.defaultAccountPolicy() == DefaultAccountPolicy.COMMON && !common.equals("root")
                && !common.equalsIgnoreCase(settings.rootAccount()) && cluster.exists(common);
        SortedSet<String> users = new TreeSet<>();
        SortedSet<String> orders = new TreeSet<>();
        if (open) {
            additions.forEach(a -> {
                users.addAll(a.users());
                orders.addAll(a.orders());
            });
            users.removeAll(cluster.users(common));
        }
        return users.isEmpty() ? List.of() : List.of(new AddUsers(orders, common, users, "default_account_policy is common", List.of()));
    }

    /** The same for each addition alone, so that whoever cannot be added keeps back nobody of another account. Everybody is in one of them only. */
    List<AddUsers> openedByEach(Collection<AddUsers> additions) {
        List<AddUsers> opened = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        additions.forEach(addition -> opened(List.of(addition)).forEach(open -> {
            SortedSet<String> users = new TreeSet<>(open.users());
            users.removeIf(user -> !seen.add(user));
            if (!users.isEmpty()) {
                opened.add(new AddUsers(open.orders(), common, users, open.reason(), open.facts()));
            }
        }));
        return opened;
    }

    /** For those who have none, as far as that is known. Slurm gives a new user one by itself, and then nothing is left to be done. */
    List<SetDefaultAccount> set(Collection<AddUsers> additions) {
        List<SetDefaultAccount> defaults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        if (!cluster.knowsDefaults() || settings.defaultAccountPolicy() == DefaultAccountPolicy.NONE) {
            return defaults;
        }
        boolean isCommon = settings.defaultAccountPolicy() == DefaultAccountPolicy.COMMON;
        for (AddUsers addition : additions) {
            String account = isCommon ? common : addition.account();
            for (String user : addition.users()) {
                boolean there = !isCommon || cluster.users(common).contains(user) || !opened(List.of(addition)).isEmpty();
                if (there && cluster.defaultAccount(user).isEmpty() && seen.add(user)) {
                    defaults.add(new SetDefaultAccount(addition.orders(), user, account, "he has no default account"));
                }
            }
        }
        return defaults;
    }
}
