package org.waldur.siteagent.slurm;

/** What was read is not the whole cluster. Nothing may be planned on it. */
public final class ClusterUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterUnknown(String why) {
        super("the cluster is Unknown: " + why, null, false, false);
    }
}
