package org.waldur.siteagent.plan;

/** A command said that it succeeded, and the cluster does not show it. */
public final class NotAsPlanned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotAsPlanned(String message) {
        super(message);
    }
}
