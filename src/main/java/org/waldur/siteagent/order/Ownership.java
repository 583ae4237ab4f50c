package org.waldur.siteagent.order;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.slurm.Cluster;

/**
 * What is ours. An allocation's account is, if a resource of this offering has it as its backend_id and it has our prefix, or
 * if its description carries the resource's uuid. A project's or customer's account is, if it carries theirs, or if it has our
 * prefix and stands above an allocation of ours. A name or a place in the tree is never evidence by itself.
 */
public final class Ownership {
    private final Cluster cluster;
    private final BackendSettings settings;
    private final Set<String> allocations = new HashSet<>();
    private final Set<String> projects = new HashSet<>();
    private final Set<String> customers = new HashSet<>();

    public Ownership(Cluster cluster, BackendSettings settings, List<Resource> resources) {
        this.cluster = cluster;
        this.settings = settings;
        Set<String> uuids = resources.stream().map(Resource::uuid).collect(Collectors.toSet());
        resources.stream().map(Resource::backendId)
                .filter(account -> hasPrefix(account, settings.allocationPrefix()) && !isProtected(account))
                .filter(account -> cluster.marker(account).filter(marker -> !uuids.contains(marker)).isEmpty())
                .forEach(allocations::add);
        cluster.accounts().stream()
                .filter(account -> !isProtected(account) && cluster.marker(account).filter(uuids::contains).isPresent())
                .forEach(allocations::add);
        for (String allocation : allocations) {
            String project = cluster.parent(allocation);
            if (isParent(project, settings.projectPrefix())) {
                projects.add(project);
                String customer = cluster.parent(project);
                if (settings.parentAccount().isEmpty() && isParent(customer, settings.customerPrefix())) {
                    customers.add(customer);
                }
            }
        }
    }

    /**
     * Whether an existing account is that of a project (level 1) or of a customer (level 0).
     *
     * @param uuid of the project or customer. An account that carries another uuid is something else, wherever it stands
     */
    public boolean ownsParent(String account, int level, String uuid) {
        Optional<String> marker = cluster.marker(account);
        return !isProtected(account) && !allocations.contains(account)
                && marker.map(uuid::equals).orElse((level == 0 ? customers : projects).contains(account));
    }

    /** Whether an account may be removed once it is empty: it is above an allocation of ours or carries this uuid, and has our prefix. */
    boolean mayRemoveParent(String account, int level, String uuid) {
        return isParent(account, level == 0 ? settings.customerPrefix() : settings.projectPrefix())
                && ((level == 0 ? customers : projects).contains(account) || cluster.marker(account).filter(uuid::equals).isPresent());
    }

    /** Accounts that are never the object of a change, whatever they are called. */
    public boolean isProtected(String account) {
        return account.isEmpty() || account.equals("root") || account.equalsIgnoreCase(settings.rootAccount())
                || account.equalsIgnoreCase(settings.defaultAccount())
                || settings.parentAccount().filter(account::equalsIgnoreCase).isPresent();
    }

    private boolean isParent(String account, String prefix) {
        return hasPrefix(account, prefix) && !isProtected(account) && !allocations.contains(account);
    }

    /** Account names are lower case, prefixes are as configured. */
    public static boolean hasPrefix(String account, String prefix) {
        return !account.isEmpty() && account.startsWith(prefix.toLowerCase(Locale.ROOT));
    }
}
