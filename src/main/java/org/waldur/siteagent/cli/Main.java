package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.plan.Plan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code waldur-site-agent}: without a command it runs as a service. */
@Command(name = "waldur-site-agent", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        subcommands = {Check.class, Diagnostics.class, StatusCommand.class, DeadLettersCommand.class, ShowPlan.class, ApplyPlan.class, Explain.class, OrphansCommand.class,
            ImportCommand.class, ShadowCommand.class, Usage.class, LoadComponents.class, CreateHomedirs.class, SchemaCommand.class, Rehearse.class, Demo.class},
        description = {"Connects a Slurm cluster to the Waldur marketplace.",
            "Without a command it runs until it is told to stop (SIGTERM): each period it does what its modes are for. order_process carries out the orders of customers,"
                + " membership_sync keeps the users of accounts in step with teams, report tells Waldur what was used."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:good", "1:something failed; it is in the log and in a dead letter (a dry run writes none)",
            "2:there is a difference, or there are changes (dry run)", "3:held by a brake, or until an operator acts, and nothing else to do (dry run)",
            "64:wrong usage", "78:wrong config, routes or state directory"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent --dry-run -c /etc/waldur/waldur-site-agent-config.yaml",
            "  waldur-site-agent --once",
            "  waldur-site-agent -m order_process,report,membership_sync",
            "  waldur-site-agent -m report --once --release 0f3a5b7c9d1e",
            "",
            "Files:",
            "  waldur-site-agent-config.yaml   the config, see examples/waldur-site-agent-config.yaml.example",
            "  STATE_DIR/dead-letters/         what failed for good, one file per order and cause",
            "  STATE_DIR/status/               what became of the last cycle of each mode",
            "  STATE_DIR/audit.jsonl           every write, before and after",
            "  STATE_DIR/slurm.lock            held by whatever writes to Slurm",
            "  STATE_DIR/usage/                what is finished of the usage; may be deleted"})
public final class Main implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = {"-m", "--mode"}, paramLabel = "MODE", defaultValue = "order_process", completionCandidates = ModeNames.class,
            description = "order_process, report, membership_sync: one, or several with commas between. Default: ${DEFAULT-VALUE}")
    private String mode;

    @Option(names = "--once", description = "One cycle, then end. Nothing backs off.")
    private boolean once;

    @Option(names = "--dry-run", description = {"Read everything, write nothing anywhere, print the plan, end.",
        "Exit code 2 if there are changes, 3 if all that is left is held for you."})
    private boolean dryRun;

    @Option(names = "--listen", paramLabel = "[HOST:]PORT", defaultValue = "${env:WALDUR_SITE_AGENT_LISTEN:-}",
            description = {"The service answers at this address: a page with its status at /, the same at /status.json, /healthz, /readyz, and /metrics for Prometheus.",
                "Without a host it is 127.0.0.1, where any user of this machine can read it. Default: the environment WALDUR_SITE_AGENT_LISTEN, or nowhere"})
    private String listen;

    @Mixin
    private ReleaseOption release;

    @Spec
    private CommandSpec spec;

    /** Starts the program and ends it with one of its exit codes. */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0 || !Thread.currentThread().isInterrupted()) {
            System.exit(code);
        }
    }

    static CommandLine commandLine() {
        return commandLine(CommandLine.defaultFactory());
    }

    /** @param parts makes what commands are made of */
    static CommandLine commandLine(IFactory parts) {
        CommandLine commandLine = new CommandLine(new Main(), parts).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(Main::execute);
        // --config will do there
        commandLine.getSubcommands().get("rehearse").setAbbreviatedOptionsAllowed(true);
        commandLine.setParameterExceptionHandler((e, args) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("waldur-site-agent: " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
            err.println("Try 'waldur-site-agent --help'.");
            return ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((e, line, parsed) -> {
            if (e instanceof WrongConfig) {
                line.getErr().println(e.getMessage());
                return ExitCode.CONFIG;
            }
            Throwable root = e;
            while (root.getCause() != null && root.getCause() != root) {
                root = root.getCause();
            }
            line.getErr().println("waldur-site-agent: " + root);
            return ExitCode.FAILED;
        });
        return commandLine;
    }

    /** An option before the name of a command is one of another command, and would do nothing. */
    private static int execute(ParseResult parsed) {
        for (ParseResult above = parsed; above.hasSubcommand() && !above.isUsageHelpRequested() && !above.isVersionHelpRequested(); above = above.subcommand()) {
            ParseResult command = above.subcommand();
            above.matchedOptions().stream().findFirst().ifPresent(option -> {
                throw new CommandLine.ParameterException(command.commandSpec().commandLine(), option.longestName() + " stands before '" + command.commandSpec().name()
                        + "', and has no effect there; right would be: after it");
            });
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } finally {
            // what ends without the end of a line would go with the process
            parsed.asCommandLineList().forEach(command -> command.getOut().flush());
        }
    }

    @Override
    public Integer call() throws Exception {
        Set<Mode> modes = ModeNames.parse(spec.commandLine(), mode);
        boolean byHand = once || dryRun;
        if (release.isGiven() && !(byHand && modes.contains(Mode.REPORT))) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--release lets figures of one report through; right would be: -m report --once --release TOKEN");
        }
        Settings settings = options.load(spec.commandLine(), byHand ? Set.of() : modes, byHand, dryRun).with(release.properties(spec.commandLine()));
        settings.needOfferings(modes);
        if (!byHand) {
            return options.agent(settings.with(Map.of("agent.listen", address())), Agent::log).run();
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Plan> plans = new ArrayList<>();
        Agent agent = options.agent(settings, dryRun ? out::println : Agent::log).onPlan(plans::add);
        int code = agent.once(modes.stream().map(Mode::job).toArray(String[]::new));
        if (dryRun) {
            ShowPlan.sayNothingToDo(modes, plans, code, out);
        }
        ReleaseOption.warn(spec.commandLine(), agent);
        return code;
    }

    private String address() {
        try {
            ListenAddress.parse(listen).filter(address -> !address.getAddress().isLoopbackAddress()).ifPresent(address -> spec.commandLine().getErr()
                    .println("warning: --listen " + listen + " is no loopback address: whoever can reach it reads names of accounts and of people"));
            return listen;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--listen: " + e.getMessage());
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"waldur-site-agent " + Agent.VERSION};
        }
    }
}
