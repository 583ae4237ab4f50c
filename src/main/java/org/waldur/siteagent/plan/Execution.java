package org.waldur.siteagent.plan;

import java.util.Set;

/** A plan while it is carried out, as far as those who record it need it. */
public interface Execution {
    Plan getPlan();

    /** What it is made of, for people. */
    default String noun() {
        return "orders";
    }

    /** What is made of a change of the plan: the change itself, or, of one that is held and that an operator has released, what it held. */
    default Change made(Change change) {
        return change;
    }

    /** What has changes that are not made, see {@link Change#orders()}: it waits for another cycle once this one is over. */
    Set<String> waiting();

    /** These orders (uuids with commas between) wait for another cycle. */
    void leave(String orders, String why);

    /** All orders that have neither ended nor been left yet wait for another cycle. Gives how many these are. */
    int leaveAll(String why);
}
