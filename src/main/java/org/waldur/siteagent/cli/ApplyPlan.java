package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.plan.Plan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "apply", mixinStandardHelpOptions = true,
        description = {"Carry out exactly the plan that was reviewed, with the removals that its brake holds; or nothing, if the facts that it rests on have moved.",
            "Your review is the second look that removals wait for otherwise."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:carried out", "1:something failed, or no plan has this checksum any more"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent plan  -m membership_sync", "  waldur-site-agent apply -m membership_sync --checksum 14fefbc7dc87"})
final class ApplyPlan implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Mixin
    private PlanOptions plans;

    @Option(names = "--checksum", required = true, paramLabel = "CHECKSUM", description = "That of the plan, as `plan` and the log name it")
    private String checksum;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        if (!checksum.matches("[0-9a-f]{12}")) {
            throw new CommandLine.ParameterException(line, "--checksum " + checksum + ": is none; right would be twelve digits from 0 to f, as the plan names them");
        }
        Set<Mode> modes = plans.modes(line);
        Map<String, String> properties = new HashMap<>(plans.properties(line));
        properties.put("agent.reviewed", checksum);
        Settings settings = options.load(line, Set.of(), true, false).with(properties);
        settings.needOfferings(modes);
        List<Plan> found = new ArrayList<>();
        int code = options.agent(settings, Agent::log).onPlan(found::add).once(modes.stream().map(Mode::job).toArray(String[]::new));
        if (found.stream().anyMatch(plan -> plan.checksum().equals(checksum))) {
            return code;
        }
        PrintWriter err = line.getErr();
        err.println("waldur-site-agent: no plan is " + checksum + " now, so nothing was done; look at it again with waldur-site-agent plan");
        found.forEach(plan -> err.println("  " + plan.checksum() + " " + plan.mode() + " of offering " + plan.offering()
                + (plan.changes().isEmpty() ? ", nothing to do" : "")));
        return ExitCode.FAILED;
    }
}
