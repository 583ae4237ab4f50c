package org.waldur.siteagent.exec;

/** A command did not end with exit code 0: it failed, was killed, ran out of time, or could not be started. */
public class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Argv argv;
    private final int exitCode;
    private final String output;

    CommandFailed(Argv argv, int exitCode, String why, String output) {
        super(argv.name() + " " + why + (output.isBlank() ? "" : ": " + output), null, false, false);
        this.argv = argv;
        this.exitCode = exitCode;
        this.output = output;
    }

    /** The whole command, for people. */
    public String commandLine() {
        return argv.toString();
    }

    /** 128 and the number of the signal if it was killed by one; 127 if it could not be started. */
    public int exitCode() {
        return exitCode;
    }

    /** What it said, stderr first: one bounded line. */
    public String output() {
        return output;
    }
}
