package org.waldur.siteagent.exec;

/** The agent stops: what has not begun is not begun any more. */
public final class Stopping extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Stopping() {
        super("the agent stops", null, false, false);
    }
}
