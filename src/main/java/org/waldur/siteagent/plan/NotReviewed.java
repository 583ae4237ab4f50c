package org.waldur.siteagent.plan;

/** The plan is not the one that an operator has reviewed, because the facts that it rests on have moved. Nothing of it is carried out. */
public final class NotReviewed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotReviewed(Plan plan) {
        super("the plan of " + plan.mode() + " for offering " + plan.offering() + " is " + plan.checksum() + " now");
    }
}
