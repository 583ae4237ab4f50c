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

    /** An account and what it spans: all that is beneath it lies between left and right. */
    record Node(String account, long left, long right) {
    }

    /** Account to the account above it, empty for root. {@link ClusterUnknown} if the set is broken. */
    static Map<String, String> parents(List<Node> accounts) {
        Map<String, String> parents = new HashMap<>();
        Deque<Node> above = new ArrayDeque<>();
        for (Node node : accounts.stream().sorted(Comparator.comparingLong(Node::left)).toList()) {
            while (!above.isEmpty() && above.peek().right() < node.left()) {
                above.pop();
            }
            boolean inside = above.isEmpty() ? parents.isEmpty() : node.right() < above.peek().right();
            if (!inside || node.right() <= node.left()) {
                throw new ClusterUnknown("the tree of accounts is broken at " + node.account()
                        + " (lft and rgt do not nest): compare `sacctmgr show association tree` and see slurmdbd -R");
            }
            parents.put(node.account(), above.isEmpty() ? "" : above.peek().account());
            above.push(node);
        }
        return parents;
    }
}
