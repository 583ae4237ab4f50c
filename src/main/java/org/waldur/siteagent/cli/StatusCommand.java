package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.status.CycleStatus;
import org.waldur.siteagent.status.CycleStatus.PlanStatus;
import org.waldur.siteagent.status.Status;
import org.waldur.siteagent.status.Status.ModeStatus;
import org.waldur.siteagent.status.StatusJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "status", mixinStandardHelpOptions = true,
        description = {"How the agent is: the last cycle of each mode, its plan, what is held for you and how to let it go, and dead letters.",
            "It reads the state directory only, so it asks neither Waldur nor Slurm, and a service need not run."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:something failed, a mode is overdue, or none has ever ended a cycle", "3:something is held for you, and nothing is wrong otherwise", "78:wrong config, or a state directory that we may not read"})
final class StatusCommand implements Callable<Integer> {
    /** More than this nobody reads. */
    private static final int MOST = 20;

    private enum As { TEXT, JSON }

    @Mixin
    private ConfigOptions options;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text, or json: moments are UTC, ages are seconds. Default: ${DEFAULT-VALUE}")
    private As format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Settings settings = options.loadWithoutSecrets(spec.commandLine());
        StateDir.look(settings.config().stateDir());
        DeadLetters letters = new DeadLetters(settings.config().stateDir(), options.clock(), Duration.ZERO, true);
        Status status = Status.read(settings.config().stateDir(), settings.periods(settings.servedModes()), letters.all(), options.clock().instant());
        PrintWriter out = spec.commandLine().getOut();
        if (format == As.JSON) {
            out.print(StatusJson.of(status));
            out.flush();
        } else {
            print(status, out);
        }
        return switch (status.state()) {
            case GOOD -> ExitCode.GOOD;
            case HELD -> ExitCode.HELD;
            case NEVER, FAILED, OVERDUE -> ExitCode.FAILED;
        };
    }

    private static void print(Status status, PrintWriter out) {
        new Sheet(List.of("mode", "state", "last cycle", "age", "plan", "changes", "held", "waiting", "offering"), List.of("changes", "held", "waiting"),
                () -> status.modes().stream().flatMap(StatusCommand::rows)).text(out);
        status.modes().stream().flatMap(mode -> mode.cycles().stream()).filter(cycles -> !cycles.running().isEmpty())
                .forEach(cycles -> out.println(cycles.mode() + ": a cycle runs since " + cycles.running() + " (process " + cycles.pid() + ")"));
        for (ModeStatus mode : status.modes()) {
            mode.last().stream().flatMap(last -> last.plans().stream()).forEach(plan -> plan.held().stream().filter(CycleStatus.Held::operator)
                    .forEach(held -> out.println("held for you: " + held.what() + "\n    because " + held.reason())));
        }
        status.letters().stream().limit(MOST).forEach(letter -> out.println("dead letter " + letter.id() + ", " + times(letter) + ": " + letter.doing() + ": " + letter.why() + "\n    " + letter.howToGoOn()));
        if (status.letters().size() > MOST) {
            out.println("and " + (status.letters().size() - MOST) + " more dead letters: waldur-site-agent dead-letters list");
        }
    }

    private static String times(DeadLetter letter) {
        return letter.count() + (letter.count() == 1 ? " time" : " times, the last at " + letter.last());
    }

    private static Stream<List<String>> rows(ModeStatus mode) {
        String ended = mode.last().map(CycleStatus.Outcome::ended).orElse("");
        String age = mode.age().map(Status::age).orElse("");
        List<PlanStatus> plans = mode.last().map(CycleStatus.Outcome::plans).orElse(List.of());
        return plans.isEmpty() ? Stream.of(List.of(mode.mode().key(), mode.state().toString(), ended, age, "", "", "", "", ""))
                : plans.stream().map(plan -> List.of(mode.mode().key(), mode.state().toString(), ended, age, plan.checksum(), changes(plan),
                        Long.toString(plan.held().stream().filter(CycleStatus.Held::operator).count()), Integer.toString(plan.waiting()), plan.offering()));
    }

    private static String changes(PlanStatus plan) {
        return plan.changes().entrySet().stream().map(kind -> kind.getValue() + " " + kind.getKey()).collect(Collectors.joining(", "));
    }
}
