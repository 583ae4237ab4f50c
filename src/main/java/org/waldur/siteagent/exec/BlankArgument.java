package org.waldur.siteagent.exec;

/** A line of a command came out blank and is not marked as optional. The command is not run: without a name it might hit everything. */
public final class BlankArgument extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlankArgument(String line) {
        super("the command is not run, because its line '" + line + "' is blank; mark the line with '? ' if it may be left out", null, false, false);
    }
}
