package org.waldur.siteagent.membership;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Cycle;
import org.waldur.siteagent.plan.ImportChange.MarkAccount;
import org.waldur.siteagent.plan.ImportChange.TellAccount;
import org.waldur.siteagent.plan.Plan;

/** A plan of {@code import} while it is carried out. Waldur is told of no account that the cluster does not show as marked. */
public final class ImportCycle extends Cycle {
    ImportCycle(Plan plan) {
        super(plan);
    }

    @Override
    public String noun() {
        return "accounts";
    }

    /** Accounts that are still to be marked. */
    public List<MarkAccount> getMarks() {
        return open(MarkAccount.class);
    }

    /** Accounts that Waldur is still to be told of. */
    public List<TellAccount> getTellings() {
        return open(TellAccount.class);
    }

    /** Accounts that Waldur was told of, and that it does not show. */
    List<Unverified> untold(List<Allocation> now) {
        Map<String, String> known = now.stream().collect(Collectors.toMap(Allocation::uuid, a -> a.resource().backendId(), (one, other) -> one));
        return getTellings().stream().filter(t -> !t.account().equals(known.get(t.resource())))
                .map(t -> new Unverified(String.join(",", t.orders()), "read back, Waldur does not show: " + t.what())).toList();
    }
}
