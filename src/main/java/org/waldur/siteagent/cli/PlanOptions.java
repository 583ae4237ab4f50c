package org.waldur.siteagent.cli;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.plan.Selection;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which plans a command is about. */
final class PlanOptions {
    @Option(names = {"-m", "--mode"}, paramLabel = "MODE", completionCandidates = ModeNames.class,
            description = "order_process, report, membership_sync: one, or several with commas between. Default: all; with --only, those that it can choose from")
    private String mode;

    @Option(names = "--only", split = ",", paramLabel = "WHAT",
            description = {"account=NAME or kind=KIND (as --format json names it, like add-users): only this part of the plan, with a checksum of its own. Several with"
                + " commas between. Orders can be chosen by account only, and usage not at all"})
    private List<String> only = new ArrayList<>();

    @Option(names = "--recreate", description = "Accounts that Waldur has and the cluster has not are created again, whatever the config says")
    private boolean recreate;

    /** Throws a mistake of the command line. */
    Set<Mode> modes(CommandLine line) {
        Selection selection = selection(line);
        Set<Mode> possible = !selection.kinds().isEmpty() ? EnumSet.of(Mode.MEMBERSHIP_SYNC)
                : !selection.accounts().isEmpty() ? EnumSet.of(Mode.ORDER_PROCESS, Mode.MEMBERSHIP_SYNC) : EnumSet.allOf(Mode.class);
        if (mode == null) {
            return possible;
        }
        Set<Mode> modes = ModeNames.parse(line, mode);
        if (!possible.containsAll(modes)) {
            throw new CommandLine.ParameterException(line, "-m " + mode + ": --only " + String.join(",", only) + " chooses from "
                    + possible.stream().map(Mode::key).collect(Collectors.joining(" and ")) + " only");
        }
        return modes;
    }

    private Selection selection(CommandLine line) {
        try {
            return Selection.parse(String.join(",", only));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line, "--only " + String.join(",", only) + ": " + e.getMessage());
        }
    }

    /** For the agent. Throws a mistake of the command line. */
    Map<String, String> properties(CommandLine line) {
        selection(line);
        return Map.of("agent.only", String.join(",", only), "membership_sync.recreate", String.valueOf(recreate));
    }
}
