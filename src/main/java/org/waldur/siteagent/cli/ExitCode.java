package org.waldur.siteagent.cli;

/** The exit codes of every command, for all time. */
final class ExitCode {
    static final int GOOD = 0;
    /** Something failed; it is in the log and in a dead letter, which a dry run does not write. */
    static final int FAILED = 1;
    /** There is a difference, or there are changes. */
    static final int CHANGES = 2;
    /** Held by a brake, or until an operator acts, and nothing else to do. */
    static final int HELD = 3;
    /** EX_USAGE of sysexits(3). */
    static final int USAGE = 64;
    /** EX_CONFIG of sysexits(3). */
    static final int CONFIG = 78;

    private ExitCode() {
    }
}
