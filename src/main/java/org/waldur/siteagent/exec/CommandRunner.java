package org.waldur.siteagent.exec;

/** A bean of this type runs every command instead of this machine: a rehearsal, which must be without effect outside. */
public interface CommandRunner {
    /** What the command does and prints. The listeners hear of it as of any other. */
    Ran run(Argv argv);

    /**
     * How it ended.
     *
     * @param exit as {@link CommandFailed#exitCode()}
     */
    record Ran(int exit, String stdout, String stderr) {
    }
}
