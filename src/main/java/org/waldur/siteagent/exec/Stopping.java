package org.waldur.siteagent.exec;

/** The agent stops: what has not begun is not begun any more. */
public final class Stopping extends RuntimeException {
    /** What is said of it, wherever only the text is known. */
    public static final String WHY = "the agent stops";
    private static final long serialVersionUID = 1L;

    public Stopping() {
        super(WHY, null, false, false);
    }
}
