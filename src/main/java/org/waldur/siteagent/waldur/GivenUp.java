package org.waldur.siteagent.waldur;

/** A server has failed so often in this cycle that it is left alone until the next one. Thrown by the routes. */
public final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GivenUp(String message) {
        super(message, null, false, false);
    }
}
