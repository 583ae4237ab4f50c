package org.waldur.siteagent.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.TokenFile;
import org.waldur.siteagent.usage.History.Step;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "load", mixinStandardHelpOptions = true,
        description = {"Tell Waldur the usage of past months, the oldest first, at most " + MonthOption.MOST + " months at once.",
            "Waldur takes usage of past months for components that are billed by usage from its staff only, so it needs the token of such a user.",
            "It stops at the first month that cannot be read or that Waldur does not take. Run again it goes on where it was: what Waldur has is not told again,"
                + " and months that are done (STATE_DIR/usage/loaded.json, which may be deleted) are not read again. Terminated resources are left out,"
                + " because Waldur takes no usage of them."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Waldur has all of it", "1:something failed, or Waldur does not take it", "2:there is something to tell (dry run)",
            "3:all that Waldur does not have is held"})
final class UsageLoad implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--from", required = true, paramLabel = "YYYY-MM", description = "The first month")
    private String from;

    @Option(names = "--to", required = true, paramLabel = "YYYY-MM", description = "The last month; the current one at the latest")
    private String to;

    @Option(names = "--dry-run", description = "Read everything, write nothing anywhere, print the plan of each month")
    private boolean dryRun;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "A file with nothing but a token in it, which takes the place of the one in the config. There is no option for the token itself, because all users"
                    + " of this machine could see it.")
    private Path tokenFile;

    @Mixin
    private ReleaseOption release;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        Settings settings = options.load(line, Set.of(), true, dryRun);
        settings.needOfferings(Set.of(Mode.REPORT));
        List<YearMonth> months = months(settings.offerings(Mode.REPORT));
        Map<String, String> history = new HashMap<>(release.properties(line));
        history.putAll(Map.of("report.months", MonthOption.property(months), "report.full_pass_hours", "0", "report.remembers", "false", "report.subject", "history", "report.compares_limits", "false",
                "report.released_by", "waldur-site-agent usage load --from " + from + " --to " + to + (tokenFile == null ? "" : " --token-file " + tokenFile)));
        Settings loaded = (tokenFile == null ? settings : withToken(settings)).with(history);
        PrintWriter out = line.getOut();
        boolean terminal = Progress.isTerminal();
        if (terminal) {
            // each figure that is told would tear the bar apart; the audit file has them all
            ((Logger) LoggerFactory.getLogger("usage")).setLevel(Level.WARN);
        }
        Progress progress = new Progress(line.getErr(), terminal, months.size() * loaded.offerings(Mode.REPORT).size());
        List<Step> steps = new ArrayList<>();
        Agent agent = options.agent(loaded, plan -> say(out, plan)).onLoad(step -> {
            steps.add(step);
            progress.step(step);
        });
        int code = agent.once("load-usage");
        progress.end();
        ReleaseOption.warn(line, agent);
        int before = (int) steps.stream().filter(Step::before).count();
        out.println(steps.size() - before + " months of offerings looked at, " + before + " loaded before; " + steps.stream().mapToInt(Step::told).sum()
                + (dryRun ? " changes to tell, " : " changes told, ") + steps.stream().mapToInt(Step::left).sum() + " left, " + steps.stream().mapToInt(Step::held).sum() + " held");
        if (!agent.stopped().isEmpty()) {
            line.getErr().println("waldur-site-agent: the load has stopped: " + agent.stopped());
            return ExitCode.FAILED;
        }
        boolean held = code == ExitCode.GOOD && steps.stream().anyMatch(step -> step.held() > 0);
        return held ? ExitCode.HELD : code;
    }

    /** What is told is in the log, and in the audit file; only a dry run has nothing else to show. */
    private void say(PrintWriter out, String plan) {
        if (dryRun) {
            out.println(plan);
        }
    }

    private List<YearMonth> months(List<Offering> offerings) {
        CommandLine line = spec.commandLine();
        YearMonth first = MonthOption.parse(line, "--from", from);
        YearMonth last = MonthOption.parse(line, "--to", to);
        MonthOption.mustHaveBegun(line, "--to", last, offerings, options.clock());
        if (first.isAfter(last)) {
            throw MonthOption.wrong(line, "--from " + first + ": is after --to " + last + "; right would be " + last + " or earlier");
        }
        if (first.plusMonths(MonthOption.MOST).compareTo(last) <= 0) {
            throw MonthOption.wrong(line, "--from " + first + " --to " + last + ": is more than " + MonthOption.MOST + " months, which is too much at once; right would be --to "
                    + first.plusMonths(MonthOption.MOST - 1) + ", and the rest afterwards");
        }
        return Stream.iterate(first, month -> !month.isAfter(last), month -> month.plusMonths(1)).toList();
    }

    /** A token is for one server, and no other may get it. */
    private Settings withToken(Settings settings) {
        CommandLine line = spec.commandLine();
        List<String> servers = settings.offerings().stream().map(offering -> offering.apiUrl().toString()).distinct().toList();
        if (servers.size() > 1) {
            throw MonthOption.wrong(line, "--token-file: the token is for one server, and the offerings have " + servers + "; right would be: --offering, for those of one server");
        }
        try {
            return settings.as(TokenFile.read(tokenFile, warning -> line.getErr().println("warning: " + warning)));
        } catch (IllegalArgumentException e) {
            throw MonthOption.wrong(line, "--token-file " + tokenFile + ": " + e.getMessage());
        }
    }
}
