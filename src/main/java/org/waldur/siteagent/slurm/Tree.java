package org.waldur.siteagent.slurm;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is whose parent, from the nested set that slurmdbd keeps in the columns lft and rgt. Cheap: no look-up per row. */
final class Tree {
    private Tree() {
    }

    /** Account to the account above it, empty for root. {@link ClusterUnknown} if the set is broken or has holes. */
    static Map<String, String> parents(List<Table.Row> accountRows) {
        Map<String, String> parents = new HashMap<>();
        Deque<Table.Row> above = new ArrayDeque<>();
        for (Table.Row row : accountRows.stream().sorted(Comparator.comparingLong(r -> r.number("lft"))).toList()) {
            while (!above.isEmpty() && above.peek().number("rgt") < row.number("lft")) {
                above.pop();
            }
            boolean inside = above.isEmpty() ? parents.isEmpty() : row.number("rgt") < above.peek().number("rgt");
            if (!inside || row.number("rgt") <= row.number("lft")) {
                throw new ClusterUnknown("the tree of accounts is broken at " + row.get("account")
                        + " (lft and rgt do not nest): compare `sacctmgr show association tree` and see slurmdbd -R");
            }
            parents.put(row.lower("account"), above.isEmpty() ? "" : above.peek().lower("account"));
            above.push(row);
        }
        return parents;
    }
}
