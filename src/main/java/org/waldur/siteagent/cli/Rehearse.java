package org.waldur.siteagent.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.waldur.siteagent.config.ConfigException;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.rehearsal.Difference;
import org.waldur.siteagent.rehearsal.Played;
import org.waldur.siteagent.rehearsal.Rehearsal;
import org.waldur.siteagent.rehearsal.Scenario;
import org.waldur.siteagent.rehearsal.ScenarioFile;
import org.waldur.siteagent.simulator.SlurmSimulator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "rehearse", mixinStandardHelpOptions = true,
        description = {"What does my edit change? Play a scenario on a Waldur and a Slurm that exist in memory only, once with your routes and once with the shipped ones,"
                + " and say what differs: commands, requests, what failed, and both worlds at the end.",
            "Nothing outside is touched: no program is started, no request leaves, your state directory is not opened, and neither token nor certificate needs to be there."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no difference", "1:an expectation of a scenario is not met, or something failed that does not fail with the shipped routes", "2:there is a difference",
            "64:wrong usage", "78:mistakes in config, routes or a scenario"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent rehearse -c /etc/waldur/waldur-site-agent-config.yaml --routes /tmp/routes",
            "  waldur-site-agent rehearse -c /etc/waldur/waldur-site-agent-config.yaml --alone --scenario scenarios/*.yaml"})
final class Rehearse implements Callable<Integer> {
    /** How what is found is printed. */
    enum Output { TEXT, JSON }

    private static final Duration LONGEST_CYCLE = Duration.ofMinutes(1);

    @Mixin
    private ConfigOptions options;

    @Option(names = "--scenario", paramLabel = "FILE", arity = "1..*", description = {"What is played, see examples/scenarios; may be several. Of several one line each is said, and why one has failed.",
        "Default: a scenario that needs nothing of your config, with a cycle or more of each mode"})
    private List<Path> scenarios = new ArrayList<>();

    @Option(names = "--against", paramLabel = "DIR", description = "The routes to compare with. Default: routes/ of the installation")
    private Path against;

    @Option(names = "--alone", description = "Compare with nothing: what a scenario expects decides, with 0 or 1.")
    private boolean alone;

    @Option(names = "--log", description = "What the agents log is written to stderr.")
    private boolean log;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text or json. Default: ${DEFAULT-VALUE}")
    private Output format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.loadWithoutSecrets(spec.commandLine());
        Path shipped = RoutesOption.shippedOr(against);
        warn(settings);
        Path folder = Files.createTempDirectory("waldur-site-agent-rehearsal");
        TurboFilter silence = silence();
        try {
            List<RehearsalReport.Row> rows = play(settings, shipped, scenarios(folder), folder);
            new RehearsalReport(shipped, settings.routes(), alone, rows).print(spec.commandLine().getOut(), format);
            return code(rows.stream().map(row -> row.difference().verdict()).max(Comparator.naturalOrder()).orElseThrow());
        } finally {
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList().remove(silence);
            Folders.delete(folder);
        }
    }

    private static int code(Difference.Verdict verdict) {
        return switch (verdict) {
            case SAME -> ExitCode.GOOD;
            case DIFFERENT -> ExitCode.CHANGES;
            case FAILED -> ExitCode.FAILED;
        };
    }

    private List<RehearsalReport.Row> play(Settings settings, Path shipped, List<Scenario> all, Path folder) throws Exception {
        Rehearsal rehearsal = new Rehearsal(new RehearsalAgents(settings, LONGEST_CYCLE), settings.config(), shipped);
        List<RehearsalReport.Row> rows = new ArrayList<>();
        for (Scenario scenario : all) {
            for (Offering offering : settings.offerings()) {
                Played yours = rehearsal.play(scenario, offering, settings.routes(), folder.resolve(rows.size() + "-yours"));
                Difference difference = alone ? Difference.alone(yours)
                        : Difference.of(rehearsal.play(scenario, offering, shipped, folder.resolve(rows.size() + "-shipped")), shipped, yours, settings.routes());
                rows.add(new RehearsalReport.Row(scenario.name(), offering.name(), difference));
            }
        }
        return rows;
    }

    /** Throws {@link WrongConfig} with the mistakes of all files. */
    private List<Scenario> scenarios(Path folder) throws IOException {
        if (scenarios.isEmpty()) {
            return List.of(ScenarioFile.builtIn(folder));
        }
        List<Scenario> read = new ArrayList<>();
        List<String> mistakes = new ArrayList<>();
        for (Path file : scenarios) {
            try {
                read.add(ScenarioFile.read(file));
            } catch (ConfigException e) {
                mistakes.add(e.getMessage());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(String.join("\n", mistakes));
        }
        return read;
    }

    private void warn(Settings settings) {
        settings.offerings().forEach(offering -> offering.components().values().forEach(component -> component.tres().keySet().stream()
                .filter(tres -> !SlurmSimulator.tres().contains(tres)).forEach(tres -> spec.commandLine().getErr().println("warning: component " + component.type()
                        + ": the cluster of a rehearsal has no TRES " + tres + "; it has " + String.join(", ", SlurmSimulator.tres())))));
    }

    /** What agents log is about worlds that nobody has, and an operator could take it for his own. */
    private TurboFilter silence() {
        TurboFilter filter = new TurboFilter() {
            @Override
            public FilterReply decide(Marker marker, Logger logger, Level level, String text, Object[] values, Throwable cause) {
                return log ? FilterReply.NEUTRAL : FilterReply.DENY;
            }
        };
        ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(filter);
        return filter;
    }
}
