package org.waldur.siteagent.cli;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.usage.UsageReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "usage", mixinStandardHelpOptions = true, subcommands = {UsageExplain.class, UsageAudit.class, UsageLoad.class},
        description = {"Show what was used, what Waldur has of it, and what a report would do. Nothing is written anywhere.",
            "A figure is the same, new (it would be told), held (it would fall), closed (it differs, and its month cannot be booked now), or unknown."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Waldur has all of it", "1:something could not be read", "2:figures differ", "3:figures differ, and all of them are held"},
        footerHeading = "%nExamples:%n",
        footer = {"  waldur-site-agent usage", "  waldur-site-agent usage --month 2026-10 --account hpc_physics --format csv",
            "  waldur-site-agent usage explain hpc_physics --component cpu", "  waldur-site-agent usage audit --month 2026-10"})
final class Usage implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--month", paramLabel = "YYYY-MM", split = ",",
            description = "This month; several with commas between, or several times. Default: those of reporting_periods")
    private List<String> months = new ArrayList<>();

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only the resource with this account")
    private String account;

    @Option(names = "--totals", description = "Leave out what each of the people used")
    private boolean totals;

    @Mixin
    private FormatOption format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        Settings settings = options.load(line, Set.of(), true, true);
        settings.needOfferings(Set.of(Mode.REPORT));
        List<YearMonth> chosen = MonthOption.begun(line, "--month", months, settings.offerings(Mode.REPORT), options.clock());
        if (account != null) {
            AccountOption.mustBePossible(line, "--account", account);
        }
        settings = chosen.isEmpty() ? settings : settings.with(Map.of("report.months", MonthOption.property(chosen)));
        List<UsageReport> reports = new ArrayList<>();
        Agent agent = options.agent(settings, plan -> { }).onReport(reports::add);
        boolean failed = agent.once(Mode.REPORT.job()) == ExitCode.FAILED;
        if (account != null && !failed) {
            AccountOption.mustBeThere(line, "--account", account, agent.accounts());
        }
        UsageFigures figures = new UsageFigures(reports, figure -> (account == null || figure.account().equalsIgnoreCase(account)) && (!totals || figure.isTotal()));
        figures.print(format.get(), line.getOut(), line.getErr());
        return figures.exitCode(failed);
    }
}
