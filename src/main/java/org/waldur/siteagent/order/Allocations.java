package org.waldur.siteagent.order;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.order.OrderPlanner.Taken;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.waldur.Text;

/** Which account a resource has, or may get. */
public final class Allocations {
    private static final int NUMBERS = 50;

    private final BackendSettings settings;
    private final Cluster cluster;
    private final Ownership ownership;
    private final Map<String, List<Resource>> byBackendId;
    private final Map<String, String> given = new HashMap<>();

    public Allocations(BackendSettings settings, Cluster cluster, Ownership ownership, List<Resource> resources) {
        this.settings = settings;
        this.cluster = cluster;
        this.ownership = ownership;
        this.byBackendId = resources.stream().filter(r -> !r.backendId().isEmpty()).collect(Collectors.groupingBy(Resource::backendId));
    }

    /**
     * The account of a resource that should have one: its backend_id, or what carries its uuid. It need not exist; empty if Waldur knows
     * none and none carries the uuid. Throws {@link Held} if it is not certain.
     */
    public String existing(Resource resource) {
        String reported = resource.backendId();
        Set<String> found = new TreeSet<>(cluster.marked(resource.uuid()));
        if (cluster.exists(reported)) {
            checkOwned(reported, resource);
            found.add(reported);
        }
        found.removeIf(ownership::isProtected);
        if (found.size() > 1) {
            throw new Held("several accounts are its resource's, by backend_id or by the uuid in the description: " + found, List.of());
        }
        return found.stream().findFirst().orElse(reported);
    }

    /** The account that the resource has, or else a free name for it; see {@link #give}. */
    String assign(PreparedOrder prepared, ParentAccounts parents) {
        String account = existing(prepared.resource());
        if (account.isEmpty()) {
            account = free(prepared, parents);
        } else if (!cluster.exists(account)) {
            checkOwned(account, prepared.resource());
            account = free(account, "backend_id", AccountName.DISTINCT, prepared, parents);
        }
        return account;
    }

    /** Nobody else gets this name any more. */
    void give(String account, PreparedOrder prepared) {
        given.put(account, prepared.resource().uuid());
    }

    /** Whether this name is, or is going to be, that of an allocation. */
    boolean has(String name) {
        return given.containsKey(name) || byBackendId.containsKey(name);
    }

    private void checkOwned(String reported, Resource resource) {
        Optional<String> marker = cluster.marker(reported);
        boolean marked = marker.filter(resource.uuid()::equals).isPresent();
        if (ownership.isProtected(reported) || !marked && !Ownership.hasPrefix(reported, settings.allocationPrefix())) {
            throw new Held("its backend_id '" + Text.oneLine(reported, 60) + "' is not an account of ours: it has neither our prefix"
                    + " nor the resource's uuid in its description", List.of());
        }
        if (cluster.exists(reported) && !marked && marker.isPresent()) {
            throw new Held("its backend_id '" + reported + "' is the account of something else, whose uuid is in its description: "
                    + marker.get(), List.of());
        }
        boolean claimed = byBackendId.getOrDefault(reported, List.of()).stream().anyMatch(r -> !r.uuid().equals(resource.uuid()));
        if (claimed && !marked) {
            throw new Held("its backend_id '" + Text.oneLine(reported, 60) + "' is that of another resource, too", List.of());
        }
    }

    private String free(PreparedOrder prepared, ParentAccounts parents) {
        String wanted = prepared.names().allocation();
        String slug = prepared.resource().slug();
        int max = settings.allocationNameMaxLen();
        for (int i = 0; prepared.names().numbered() && i <= NUMBERS; i++) {
            String name = OrderPlanner.name(i == 0 ? wanted : wanted + "-" + (i - 1), slug, "resource", max);
            if (isFree(name, prepared, parents)) {
                return name;
            }
        }
        return free(wanted, slug, max, prepared, parents);
    }

    private String free(String wanted, String slug, int max, PreparedOrder prepared, ParentAccounts parents) {
        String name = OrderPlanner.name(wanted, slug, "resource", max);
        if (!isFree(name, prepared, parents)) {
            throw new Taken(name, "this resource");
        }
        return name;
    }

    private boolean isFree(String name, PreparedOrder prepared, ParentAccounts parents) {
        String resource = prepared.resource().uuid();
        boolean foreignRow = cluster.row(name).isPresent() && cluster.marker(name).filter(resource::equals).isEmpty();
        boolean anothers = !given.getOrDefault(name, resource).equals(resource)
                || byBackendId.getOrDefault(name, List.of()).stream().anyMatch(r -> !r.uuid().equals(resource));
        return !cluster.occupied(name) && !foreignRow && !anothers && !ownership.isProtected(name) && !parents.wants(name, prepared);
    }
}
