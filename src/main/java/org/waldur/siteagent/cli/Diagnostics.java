package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.diagnose.Effective;
import org.waldur.siteagent.diagnose.Finding;
import org.waldur.siteagent.diagnose.Finding.Level;
import org.waldur.siteagent.diagnose.Host;
import org.waldur.siteagent.diagnose.Prefixes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "diagnostics", mixinStandardHelpOptions = true,
        description = {"Look at all that the agent needs: config, token and its role, each offering and its components, Waldur, slurmdbd and slurmctld with version and latency, clocks,"
                + " rights, files, disk.",
            "Each finding says what to do. Nothing is written anywhere."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:something is wrong, and the agent cannot do its work", "2:there are warnings only", "78:wrong config or routes"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent diagnostics -c /etc/waldur/waldur-site-agent-config.yaml --routes /etc/waldur/routes"})
final class Diagnostics implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String HOMES = "home directories";
    private static final int ASKERS = 24;

    private enum As { TEXT, JSON }

    @Mixin
    private ConfigOptions options;

    @Option(names = "--config", description = "Show the config in effect as well, defaults included; secrets are masked. It is always in json")
    private boolean config;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", description = "text or json. Default: ${DEFAULT-VALUE}")
    private As format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = options.load(spec.commandLine(), Set.of(), true, true);
        Agent agent = options.agent(settings, plan -> { });
        agent.start();
        // what hangs has a deadline of minutes: so all are asked at once, and what is found out already is said
        ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
        try {
            List<Finding> findings = new ArrayList<>();
            List<Callable<List<Finding>>> looks = new ArrayList<>(List.of(() -> here(settings)));
            settings.offerings().forEach(offering -> looks.addAll(List.of(() -> new Probe(agent, offering, options.clock()).waldur(),
                    () -> new Probe(agent, offering, options.clock()).slurmdbd(), () -> new Probe(agent, offering, options.clock()).slurmctld())));
            begin(settings);
            for (Future<List<Finding>> look : looks.stream().map(askers::submit).toList()) {
                findings.addAll(look.get());
                look.get().forEach(finding -> say(settings, finding));
            }
            end(settings, findings);
            return switch (findings.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Level.GOOD)) {
                case GOOD -> ExitCode.GOOD;
                case WARNING -> ExitCode.CHANGES;
                case WRONG -> ExitCode.FAILED;
            };
        } finally {
            askers.shutdownNow();
            agent.stop();
        }
    }

    /** What can be seen without asking anybody. */
    private List<Finding> here(Settings settings) {
        List<Finding> findings = new ArrayList<>(Host.of(settings.config().file(), settings.config().stateDir(), Settings.user(), StateDir.mistake(settings.config().stateDir())));
        findings.addAll(Prefixes.of(settings.offerings()));
        boolean root = Boolean.parseBoolean(settings.properties().getProperty("agent.root"));
        settings.homedirUnit(options.clock()).warnings(settings.homedirOfferings(), root).forEach(warning -> findings.add(Finding.warning(HOMES, warning, "see README, Install")));
        return findings;
    }

    private void begin(Settings settings) {
        if (format == As.JSON) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (config) {
            Effective.of(settings.config()).forEach((key, value) -> out.println(key + " = " + value));
            out.println();
        }
        out.println("waldur-site-agent " + Agent.VERSION + ", " + settings.config().file() + ", modes "
                + String.join(", ", settings.servedModes().stream().map(Mode::key).toList()));
        out.flush();
    }

    private void say(Settings settings, Finding finding) {
        if (format == As.JSON) {
            return;
        }
        int width = settings.offerings().stream().mapToInt(offering -> (Probe.LONGEST_AREA + offering.name()).length()).reduce(HOMES.length(), Math::max);
        PrintWriter out = spec.commandLine().getOut();
        out.println(line(finding, width));
        out.flush();
    }

    private void end(Settings settings, List<Finding> findings) throws Exception {
        if (format == As.TEXT) {
            return;
        }
        ObjectNode json = JSON.createObjectNode().put("version", Agent.VERSION);
        ObjectNode all = json.putObject("config");
        Effective.of(settings.config()).forEach(all::put);
        ArrayNode list = json.putArray("findings");
        findings.forEach(finding -> list.addObject().put("level", finding.level().toString()).put("area", finding.area()).put("what", finding.what())
                .put("advice", finding.advice().isEmpty() ? null : finding.advice()));
        spec.commandLine().getOut().println(JSON.writeValueAsString(json));
    }

    private static String line(Finding finding, int width) {
        return String.format("%-7s  %-" + width + "s  %s%s", finding.level(), finding.area(), finding.what(), finding.advice().isEmpty() ? "" : System.lineSeparator() + " ".repeat(width + 11) + "-> " + finding.advice());
    }
}
