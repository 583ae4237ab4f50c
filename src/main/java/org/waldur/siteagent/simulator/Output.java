package org.waldur.siteagent.simulator;

/** What a simulated program has printed so far, and the code that it will exit with. */
final class Output {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private int rc;

    static Output of(int rc, String out, String err) {
        Output output = new Output();
        output.rc = rc;
        output.out.append(out);
        output.err.append(err);
        return output;
    }

    void out(String format, Object... values) {
        out.append(format.formatted(values)).append('\n');
    }

    void err(String format, Object... values) {
        err.append(format.formatted(values)).append('\n');
    }

    /** An error that lets the program go on: the exit code is kept, as sacctmgr's global exit_code is. */
    void fail(String format, Object... values) {
        err(format, values);
        rc = 1;
    }

    /** sacctmgr's answer when there was nothing to do, for example {@code Nothing modified}: exit code 1. */
    void nothing(String what) {
        out(" Nothing %s", what);
        rc = 1;
    }

    /** sacctmgr's answer to a change by somebody without rights. */
    void denied() {
        err("sacctmgr: error: Your user doesn't have privilege to perform this action");
        fail(" Error with request: Access/permission denied");
    }

    void rc(int value) {
        rc = value;
    }

    int rc() {
        return rc;
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
