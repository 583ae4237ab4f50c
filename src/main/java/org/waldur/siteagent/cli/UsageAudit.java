package org.waldur.siteagent.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.usage.Figure;
import org.waldur.siteagent.usage.Figure.State;
import org.waldur.siteagent.usage.UsageReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "audit", mixinStandardHelpOptions = true,
        description = {"Compute the usage of a month that is over again, from nothing but sacct, and compare it with what Waldur has stored.",
            "Terminated resources are compared, too. What differs and cannot be booked any more is listed as unbillable. Nothing is written anywhere."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is equal", "1:something could not be read", "2:something differs"})
final class UsageAudit implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(names = "--month", paramLabel = "YYYY-MM", split = ",",
            description = "This month; several with commas between, or several times. Default: the last one that is over")
    private List<String> months = new ArrayList<>();

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only the resource with this account")
    private String account = "";

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
        chosen.forEach(month -> MonthOption.mustBeOver(line, "--month", month, settings.offerings(Mode.REPORT), options.clock()));
        Map<String, String> audit = new HashMap<>(Map.of("report.audit", "true", "report.compares_limits", "false", "report.full_pass_hours", "0"));
        audit.put("report.months", chosen.isEmpty() ? "last" : MonthOption.property(chosen));
        if (!account.isEmpty()) {
            AccountOption.mustBePossible(line, "--account", account);
            audit.put("report.account", account.toLowerCase(Locale.ROOT));
        }
        Settings audited = settings.with(audit);
        List<UsageReport> reports = new ArrayList<>();
        Agent agent = options.agent(audited, plan -> { }).onReport(reports::add);
        boolean failed = agent.once("audit-usage") == ExitCode.FAILED;
        if (!account.isEmpty() && !failed) {
            AccountOption.mustBeThere(line, "--account", account, agent.accounts());
        }
        UsageFigures figures = new UsageFigures(reports, figure -> (account.isEmpty() || figure.account().equalsIgnoreCase(account)) && (!totals || figure.isTotal()));
        figures.print(format.get(), line.getOut(), line.getErr());
        summary(figures.all(), format.get() == Format.TEXT ? line.getOut() : line.getErr());
        if (failed || figures.isUnknown()) {
            return ExitCode.FAILED;
        }
        return figures.all().stream().anyMatch(Figure::differs) ? ExitCode.CHANGES : ExitCode.GOOD;
    }

    private static void summary(List<Figure> figures, PrintWriter out) {
        figures.stream().filter(figure -> figure.isTotal() && figure.state() == State.CLOSED && figure.differs()).forEach(figure -> out.println("unbillable: "
                + figure.component() + " of " + figure.account() + " in " + figure.month() + ": " + difference(figure.missing().orElseThrow()) + " (sacct says "
                + UsageFigures.text(figure.used()) + ", Waldur has " + figure.booked().map(BigDecimal::toPlainString).orElse("nothing") + "), because " + figure.why()));
        long unknown = figures.stream().filter(figure -> figure.used().isEmpty()).count();
        long different = figures.stream().filter(Figure::differs).count();
        out.println(figures.size() + " figures: " + (figures.size() - unknown - different) + " equal, " + different + " different, " + unknown + " unknown");
    }

    private static String difference(BigDecimal missing) {
        return missing.signum() > 0 ? "Waldur lacks " + missing.toPlainString() : "Waldur has " + missing.negate().toPlainString() + " too much";
    }
}
