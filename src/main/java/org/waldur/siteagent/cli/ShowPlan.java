package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.PlanJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "plan", mixinStandardHelpOptions = true,
        description = {"Read everything, write nothing anywhere, and print what a cycle would do, why, and what it would leave to you.",
            "Each plan has a checksum over all its changes and the facts that it rests on; apply carries out exactly that plan."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing to do", "1:something could not be read", "2:there are changes", "3:all that there is to do is held for you"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent plan", "  waldur-site-agent plan -m membership_sync", "  waldur-site-agent plan --only account=hpc_physics --format json"})
final class ShowPlan implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private ConfigOptions options;

    @Mixin
    private PlanOptions plans;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text or json. Default: ${DEFAULT-VALUE}")
    private Shape format;

    @Spec
    private CommandSpec spec;

    /** How a plan is printed. */
    enum Shape {
        TEXT, JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws Exception {
        Set<Mode> modes = plans.modes(spec.commandLine());
        Settings settings = options.load(spec.commandLine(), Set.of(), true, true).with(plans.properties(spec.commandLine()));
        settings.needOfferings(modes);
        List<Plan> found = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        // usernames are no part of a plan, because nobody can say before how somebody is going to be called
        Consumer<String> said = format == Shape.TEXT ? out::println : text -> text.lines().filter(line -> !text.startsWith("Plan ")).forEach(err::println);
        int code = options.agent(settings, said).onPlan(found::add).once(modes.stream().map(Mode::job).toArray(String[]::new));
        if (format == Shape.JSON) {
            ArrayNode all = JSON.createArrayNode();
            found.forEach(plan -> all.add(PlanJson.of(plan)));
            out.println(all.toPrettyString());
        } else {
            sayNothingToDo(modes, found, code, out);
        }
        return code;
    }

    /** A mode in which nothing has changed may have made no plan at all; silence would leave open whether it has looked. */
    static void sayNothingToDo(Set<Mode> modes, List<Plan> found, int code, PrintWriter out) {
        modes.stream().filter(mode -> code != ExitCode.FAILED && found.stream().noneMatch(plan -> plan.mode().equals(mode.key())))
                .forEach(mode -> out.println(mode.key() + ": nothing to do"));
    }
}
