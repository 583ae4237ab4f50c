package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
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
        List<Finding> findings = new ArrayList<>(Host.of(settings.config().file(), settings.config().stateDir(), Settings.user()));
        findings.addAll(Prefixes.of(settings.offerings()));
        boolean root = Boolean.parseBoolean(settings.properties().getProperty("agent.root"));
        settings.homedirUnit(options.clock()).warnings(settings.homedirOfferings(), root).forEach(warning -> findings.add(Finding.warning("home directories", warning, "see README, Install")));
        Agent agent = options.agent(settings, plan -> { });
        agent.start();
        try {
            for (Offering offering : settings.offerings()) {
                findings.addAll(new Probe(agent, offering, options.clock()).findings());
            }
        } finally {
            agent.stop();
        }
        print(settings, findings);
        return switch (findings.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Level.GOOD)) {
            case GOOD -> ExitCode.GOOD;
            case WARNING -> ExitCode.CHANGES;
            case WRONG -> ExitCode.FAILED;
        };
    }

    private void print(Settings settings, List<Finding> findings) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> effective = Effective.of(settings.config());
        if (format == As.JSON) {
            ObjectNode json = JSON.createObjectNode().put("version", Agent.VERSION);
            ObjectNode all = json.putObject("config");
            effective.forEach(all::put);
            ArrayNode list = json.putArray("findings");
            findings.forEach(finding -> list.addObject().put("level", finding.level().toString()).put("area", finding.area()).put("what", finding.what())
                    .put("advice", finding.advice().isEmpty() ? null : finding.advice()));
            out.println(JSON.writeValueAsString(json));
            return;
        }
        if (config) {
            effective.forEach((key, value) -> out.println(key + " = " + value));
            out.println();
        }
        out.println("waldur-site-agent " + Agent.VERSION + ", " + settings.config().file() + ", modes "
                + String.join(", ", settings.servedModes().stream().map(Mode::key).toList()));
        int width = findings.stream().mapToInt(finding -> finding.area().length()).max().orElse(0);
        findings.forEach(finding -> out.println(line(finding, width)));
    }

    private static String line(Finding finding, int width) {
        return String.format("%-7s  %-" + width + "s  %s%s", finding.level(), finding.area(), finding.what(), finding.advice().isEmpty() ? "" : System.lineSeparator() + " ".repeat(width + 11) + "-> " + finding.advice());
    }
}
