package org.waldur.siteagent.order;

/**
 * An order with everything that the routes decide about it before anything is planned.
 *
 * @param resource what the order is about
 * @param names    what its accounts are to be called, by the rule that stands in the routes
 * @param verdict  what the site says: accept it, hold it, or refuse it
 * @param message  why, for the operator (held) or for the customer (refused); empty if accepted
 */
public record PreparedOrder(Order order, Resource resource, Names names, Verdict verdict, String message) {

    /** Names with their prefixes, in any case. {@code numbered}: if the allocation's name is taken, -0, -1 ... may follow it. */
    public record Names(String customer, String project, String allocation, boolean numbered) {
    }

    public enum Verdict { ACCEPT, HOLD, REFUSE }
}
