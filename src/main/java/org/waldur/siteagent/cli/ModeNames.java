package org.waldur.siteagent.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import org.waldur.siteagent.config.Mode;
import picocli.CommandLine;

/** What stands after {@code -m}, and what a shell offers there. */
final class ModeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(Mode.values()).map(Mode::key).iterator();
    }

    /** Throws a mistake of the command line for what is no list of modes. */
    static Set<Mode> parse(CommandLine line, String modes) {
        try {
            return Mode.parse(modes);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line, "-m " + modes + ": " + e.getMessage());
        }
    }
}
