package org.waldur.siteagent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.waldur.siteagent.usage.History.Step;

/** Shows how far a load of history has come: a bar on a terminal, a line for each step elsewhere. */
final class Progress {
    private static final Path STDERR = Path.of("/proc/self/fd/2");
    private static final int WIDTH = 30;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final int steps;
    private int done;

    /** @param steps how many there will be, if nothing stops it */
    Progress(PrintWriter out, boolean terminal, int steps) {
        this.out = out;
        this.terminal = terminal;
        this.steps = steps;
    }

    /** Whether somebody sits before stderr. */
    static boolean isTerminal() {
        try {
            String name = Files.readSymbolicLink(STDERR).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void step(Step step) {
        done++;
        if (terminal) {
            int full = WIDTH * Math.min(done, steps) / Math.max(1, steps);
            out.print(ERASE + "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + done + " of " + steps + "  " + text(step));
        } else {
            out.println(text(step));
        }
        out.flush();
    }

    private static String text(Step step) {
        return step.month() + " " + step.offering() + ": " + (step.before() ? "loaded before" : step.told() + " told, " + step.left() + " left, " + step.held() + " held");
    }

    /** No step comes any more. */
    void end() {
        if (terminal && done > 0) {
            out.println();
        }
    }
}
