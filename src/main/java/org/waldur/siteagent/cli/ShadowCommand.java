package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.waldur.siteagent.config.Mode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "shadow", mixinStandardHelpOptions = true,
        description = {"Run beside another agent, write nothing at all, and print each cycle what this one would have done differently from what is there.",
            "Named is only what is new or gone since the last cycle, and what has stood for some cycles: what the other agent does by itself a moment later is only counted."
                + " Figures of usage are settled once Waldur has what this agent would have told it a cycle before.",
            "Runs until it is told to stop (Ctrl-C, SIGTERM)."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no difference (--once); told to stop, a shell shows 130 (Ctrl-C) or 143 (SIGTERM)", "1:something could not be read (--once)", "2:there are differences (--once)",
            "3:all that there is to do is held for you (--once)"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent shadow --once", "  waldur-site-agent shadow -m membership_sync --patience 3", "  waldur-site-agent shadow --format json >> shadow.jsonl"})
final class ShadowCommand implements Callable<Integer> {
    private static final int LONGEST = 100;

    @Mixin
    private ConfigOptions options;

    @Option(names = {"-m", "--mode"}, paramLabel = "MODE", completionCandidates = ModeNames.class,
            description = "order_process, report, membership_sync: one, or several with commas between. Default: all that the config has")
    private String mode;

    @Option(names = "--once", description = "One cycle of each mode, all its differences, then end")
    private boolean once;

    @Option(names = "--patience", paramLabel = "N", defaultValue = "2",
            description = "A difference is named once it has stood for so many cycles. Default: ${DEFAULT-VALUE}; with --once it is 1")
    private int patience;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text, or json: an object a line. Default: ${DEFAULT-VALUE}")
    private ShowPlan.Shape format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        if (patience < 1 || patience > LONGEST) {
            throw new CommandLine.ParameterException(line, "--patience " + patience + ": right would be a number of cycles from 1 to " + LONGEST);
        }
        Settings settings = options.load(line, Set.of(), true, true);
        Set<Mode> modes = modes(line, settings);
        settings.needOfferings(modes);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Shadow shadow = new Shadow(out -> options.agent(settings, out), options.clock(), once ? 1 : patience)) {
            Thread hook = new Thread(() -> {
                stopped.countDown();
                shadow.close();
            }, "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                return once ? once(shadow, modes) : watch(shadow, settings.periods(modes), stopped);
            } finally {
                Agent.forget(hook);
            }
        }
    }

    private Set<Mode> modes(CommandLine line, Settings settings) {
        if (mode == null) {
            // without any, the first one says what is missing
            return settings.servedModes().isEmpty() ? Set.of(Mode.ORDER_PROCESS) : settings.servedModes();
        }
        return ModeNames.parse(line, mode);
    }

    private int once(Shadow shadow, Set<Mode> modes) throws Exception {
        for (Mode each : modes) {
            print(shadow, each);
        }
        return shadow.exitCode();
    }

    private int watch(Shadow shadow, Map<Mode, Duration> periods, CountDownLatch stopped) throws Exception {
        Map<Mode, Long> due = new EnumMap<>(Mode.class);
        periods.keySet().forEach(each -> due.put(each, System.nanoTime()));
        while (true) {
            Mode next = due.entrySet().stream().min((a, b) -> Long.signum(a.getValue() - b.getValue())).orElseThrow().getKey();
            if (stopped.await(Math.max(0, due.get(next) - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return ExitCode.GOOD;
            }
            due.put(next, System.nanoTime() + periods.get(next).toNanos());
            print(shadow, next);
        }
    }

    private void print(Shadow shadow, Mode each) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        shadow.lines(each, shadow.look(each), format == ShowPlan.Shape.JSON).forEach(out::println);
        out.flush();
    }
}
