package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.PlanJson;
import org.waldur.siteagent.plan.Selection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "import", mixinStandardHelpOptions = true,
        description = {"Give accounts that exist on the cluster to the resources of Waldur that have none: those that the agent would call so, and nobody else has.",
            "Prints a plan and writes nothing; with --apply it carries out exactly the plan that was reviewed: it writes the resource's uuid into the description of the account,"
                + " and tells Waldur the account. Nothing else of it is changed: limits and members are for membership_sync, and the plan shows what that would do then.",
            "Ask for all offerings of a cluster at once, or an account of one may be taken for that of another."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to import, or carried out", "1:something failed, or could not be read, or no plan has this checksum any more", "2:there are accounts to import",
            "3:all that there is to do is held for you"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent import", "  waldur-site-agent import --only account=hpc_physics", "  waldur-site-agent import --apply --checksum 14fefbc7dc87"})
final class ImportCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private ConfigOptions options;

    @Option(names = "--apply", description = "Carry the plan out; needs --checksum")
    private boolean apply;

    @Option(names = "--checksum", paramLabel = "CHECKSUM", description = "That of the plan, as this command has printed it")
    private String checksum;

    @Option(names = "--only", split = ",", paramLabel = "account=NAME", description = "Only this part of the plan, with a checksum of its own. Several with commas between")
    private List<String> only = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text or json. Default: ${DEFAULT-VALUE}")
    private ShowPlan.Shape format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        checkUsage(line);
        Settings settings = options.load(line, Set.of(), true, !apply).with(Map.of("agent.only", String.join(",", only), "agent.reviewed", apply ? checksum : ""));
        if (settings.accountOfferings().isEmpty()) {
            throw new WrongConfig(settings.config().file() + ": offerings: none has accounts; right would be: order_processing_backend: slurm or membership_sync_backend: slurm in one at least");
        }
        List<Plan> found = new ArrayList<>();
        PrintWriter out = line.getOut();
        int code = options.agent(settings, !apply && format == ShowPlan.Shape.TEXT ? out::println : apply ? Agent::log : text -> { }).onPlan(found::add).once("import-accounts");
        if (apply) {
            return applied(found, code, line.getErr());
        }
        if (format == ShowPlan.Shape.JSON) {
            ArrayNode all = JSON.createArrayNode();
            found.forEach(plan -> all.add(PlanJson.of(plan)));
            out.println(all.toPrettyString());
        } else {
            found.stream().filter(plan -> !plan.isEmpty()).forEach(plan -> out.println("To carry it out: waldur-site-agent import --apply --checksum " + plan.checksum()
                    + only.stream().map(o -> " --only " + o).collect(Collectors.joining())));
        }
        return code;
    }

    private void checkUsage(CommandLine line) {
        if (apply && (checksum == null || !checksum.matches("[0-9a-f]{12}"))) {
            throw new CommandLine.ParameterException(line, "--apply carries out a plan that was reviewed; right would be: import --apply --checksum and twelve digits from 0 to f, as import prints them");
        }
        if (!apply && checksum != null) {
            throw new CommandLine.ParameterException(line, "--checksum does nothing without --apply; right would be: import --apply --checksum " + checksum);
        }
        only.stream().filter(part -> !part.matches("account=.+")).findFirst().ifPresent(part -> {
            throw new CommandLine.ParameterException(line, "--only " + part + ": an import is chosen by account; right would be: --only account=NAME");
        });
        Selection.parse(String.join(",", only));
    }

    private int applied(List<Plan> found, int code, PrintWriter err) {
        if (found.stream().anyMatch(plan -> plan.checksum().equals(checksum))) {
            return code;
        }
        err.println("waldur-site-agent: no plan is " + checksum + " now, so nothing was done; look at it again with waldur-site-agent import");
        found.forEach(plan -> err.println("  " + plan.checksum() + " of offering " + plan.offering() + (plan.isEmpty() ? ", nothing to import" : "")));
        return ExitCode.FAILED;
    }
}
