package org.waldur.siteagent.cli;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.text.Nearest;
import org.waldur.siteagent.usage.Explanation;
import org.waldur.siteagent.usage.Figure;
import org.waldur.siteagent.usage.Figure.State;
import org.waldur.siteagent.usage.UsageReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "explain", mixinStandardHelpOptions = true,
        description = {"List the runs of jobs that a figure is made of, each with the seconds that are counted in the month, what it held (mem in MB),"
                + " and what that is in Waldur's unit.",
            "The last line has the sum, the formula and the figure. All is read anew from sacct; nothing is written anywhere."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:good", "1:something could not be read"})
final class UsageExplain implements Callable<Integer> {
    /** A month at once is no more than an account has. */
    private static final String WINDOW_DAYS = "31";

    @Mixin
    private ConfigOptions options;

    @Parameters(paramLabel = "ACCOUNT", description = "The account of a resource, also of a terminated one")
    private String account;

    @Option(names = "--component", required = true, paramLabel = "COMPONENT", description = "One of backend_components")
    private String component;

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "Default: the current one")
    private String month;

    @Option(names = "--user", paramLabel = "USER", description = "Only what this user used")
    private String user = "";

    @Mixin
    private FormatOption format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        AccountOption.mustBePossible(line, "", account);
        Settings settings = options.load(line, Set.of(), true, true);
        settings.needOfferings(Set.of(Mode.REPORT));
        List<YearMonth> chosen = MonthOption.begun(line, "--month", month == null ? List.of() : List.of(month), settings.offerings(Mode.REPORT), options.clock());
        Map<String, String> audit = new HashMap<>(Map.of("report.audit", "true", "report.compares_limits", "false", "report.full_pass_hours", "0", "report.account", account.toLowerCase(Locale.ROOT), "report.window_days", WINDOW_DAYS));
        audit.put("report.months", chosen.isEmpty() ? "1" : MonthOption.property(chosen));
        Settings explained = settings.with(audit);
        List<UsageReport> reports = new ArrayList<>();
        Explanation explanation = new Explanation(account, user);
        Agent agent = options.agent(explained, plan -> { }).explain(explanation).onReport(reports::add);
        boolean failed = agent.once("audit-usage") == ExitCode.FAILED;
        if (!failed) {
            AccountOption.mustBeThere(line, "", account, agent.accounts());
        }
        if (reports.size() > 1) {
            throw wrong(account + ": several offerings have this account; right would be: --offering and one of " + reports.stream().map(UsageReport::offering).toList());
        }
        return reports.isEmpty() ? ExitCode.FAILED : print(reports.get(0), chosen, explanation, settings, failed);
    }

    private int print(UsageReport report, List<YearMonth> chosen, Explanation explanation, Settings settings, boolean failed) throws Exception {
        CommandLine line = spec.commandLine();
        if (!report.formulas().components().contains(component)) {
            throw wrong("--component " + component + ": offering " + report.offering() + " has " + report.formulas().components() + "; the nearest is "
                    + Nearest.of(component, report.formulas().components()));
        }
        List<Figure> figures = report.figures().stream().filter(figure -> figure.account().equalsIgnoreCase(account)).toList();
        Optional<Figure> unknown = figures.stream().filter(figure -> figure.state() == State.UNKNOWN).findFirst();
        if (failed || unknown.isPresent()) {
            unknown.ifPresent(figure -> line.getErr().println("waldur-site-agent: what " + account + " used in " + figure.month() + " is unknown: " + figure.why()));
            return ExitCode.FAILED;
        }
        mustHaveUsed(figures, explanation);
        Offering offering = settings.offerings().stream().filter(o -> o.name().equals(report.offering())).findFirst().orElseThrow();
        YearMonth explained = chosen.isEmpty() ? YearMonth.from(report.asOf().atZone(offering.billingTimezone())) : chosen.get(0);
        UsageRuns runs = new UsageRuns(report, explained, offering, account.toLowerCase(Locale.ROOT), component, user.toLowerCase(Locale.ROOT), explanation,
                figures.stream().filter(figure -> figure.component().equals(component) && figure.user().equalsIgnoreCase(user)).toList());
        runs.print(format.get(), line.getOut());
        return runs.isSound() ? ExitCode.GOOD : ExitCode.FAILED;
    }

    private void mustHaveUsed(List<Figure> figures, Explanation explanation) {
        Set<String> users = new TreeSet<>();
        figures.stream().filter(figure -> !figure.isTotal()).forEach(figure -> users.add(figure.user().toLowerCase(Locale.ROOT)));
        if (!user.isEmpty() && !users.contains(user.toLowerCase(Locale.ROOT)) && explanation.runs().findAny().isEmpty()) {
            throw wrong("--user " + user + ": has used nothing of " + account + " in this month" + (users.isEmpty() ? ", and neither has anybody else"
                    : "; the nearest is " + Nearest.of(user, users)));
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
