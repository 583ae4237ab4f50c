package org.waldur.siteagent.simulator;

/**
 * Where a node of the association tree stands: what is below it has numbers between its own. Root begins with 1.
 *
 * @param lft of its left side, which is smaller
 * @param rgt of its right side
 */
record NestedSet(int lft, int rgt) {
    boolean contains(NestedSet other) {
        return lft <= other.lft && other.lft <= rgt;
    }
}
