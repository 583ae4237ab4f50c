package org.waldur.siteagent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Figures that would fall, and that an operator lets through. */
final class ReleaseOption {
    @Option(names = "--release", split = ",", paramLabel = "TOKEN",
            description = "Let exactly these held figures through, as the plan names them; several with commas between, or several times")
    private List<String> tokens = new ArrayList<>();

    boolean isGiven() {
        return !tokens.isEmpty();
    }

    /** For the reports. Throws a mistake of the command line for what is no token. */
    Map<String, String> properties(CommandLine line) {
        tokens.stream().filter(token -> !token.matches("[0-9a-f]{12}")).findFirst().ifPresent(token -> {
            throw new CommandLine.ParameterException(line, "--release " + token + ": is no token; right would be twelve digits from 0 to f, as the plan names them");
        });
        return Map.of("report.release", String.join(",", tokens));
    }

    /** Says which tokens have let nothing through. */
    static void warn(CommandLine line, Agent agent) {
        agent.releasedNothing().forEach(token -> line.getErr().println("warning: --release " + token
                + ": no figure is held under this token; if one was, it has been told already, or what would fall is something else by now"));
    }
}
