package org.waldur.siteagent.exec;

/** Another structural write on this host held the lock for too long. */
public final class LockBusy extends CommandFailed {
    private static final long serialVersionUID = 1L;
    /** What flock(1) is told to exit with. */
    static final int EXIT_CODE = 75;

    LockBusy(Argv argv, String holder) {
        super(argv, EXIT_CODE, "waited in vain for the lock, which is held by " + holder, "");
    }
}
