package org.waldur.siteagent.plan;

/** An order that an operator has to look at before it can go on. */
public final class OrderHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OrderHeld(String message) {
        super(message);
    }
}
