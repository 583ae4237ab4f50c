package org.waldur.siteagent.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.usage.Figure;
import org.waldur.siteagent.usage.Figure.State;
import org.waldur.siteagent.usage.UsageReport;
import org.waldur.siteagent.waldur.Text;

/**
 * The figures of some reports as {@code waldur-site-agent usage} shows them.
 *
 * @param shown which of the figures are to be shown
 */
record UsageFigures(List<UsageReport> reports, Predicate<Figure> shown) {
    private static final List<String> COLUMNS = List.of("offering", "resource", "account", "month", "component", "user", "used", "waldur", "difference", "state",
            "why");
    private static final List<String> NUMBERS = List.of("used", "waldur", "difference");
    private static final int LONG = 2_000;

    List<Figure> all() {
        return reports.stream().flatMap(report -> of(report)).toList();
    }

    private Stream<Figure> of(UsageReport report) {
        return report.figures().stream().filter(shown);
    }

    private static Sheet sheet(Supplier<Stream<Figure>> figures) {
        return new Sheet(COLUMNS, NUMBERS, () -> figures.get().map(UsageFigures::row));
    }

    private static List<String> row(Figure figure) {
        return List.of(figure.offering(), figure.resource(), figure.account(), figure.month().toString(), figure.component(), figure.user(), text(figure.used()),
                text(figure.booked()), text(figure.missing()), figure.state().name().toLowerCase(Locale.ROOT), figure.why());
    }

    static String text(Optional<BigDecimal> amount) {
        return amount.map(BigDecimal::toPlainString).orElse("");
    }

    /** @param notes where notes go that have no place in the format */
    void print(Format format, PrintWriter out, PrintWriter notes) throws IOException {
        switch (format) {
            case TEXT -> reports.forEach(report -> text(report, out));
            case CSV -> {
                sheet(() -> all().stream()).csv(out);
                reports.forEach(report -> report.notes().forEach(note -> notes.println("offering " + report.offering() + ": " + Text.oneLine(note, LONG))));
            }
            default -> FormatOption.json(out, this::json);
        }
    }

    private void text(UsageReport report, PrintWriter out) {
        out.println("Offering " + report.offering() + ", counted up to " + report.asOf());
        if (of(report).findAny().isEmpty()) {
            out.println("no usage");
        } else {
            sheet(() -> of(report)).without("offering", "resource").text(out);
        }
        held(report).forEach(held -> out.println("held: " + held.account() + " in " + held.month() + ": " + held.reason()));
        report.notes().forEach(note -> out.println("note: " + Text.oneLine(note, LONG)));
    }

    private Stream<HoldUsage> held(UsageReport report) {
        return report.plan().of(HoldUsage.class).stream().filter(held -> of(report).anyMatch(f -> f.resource().equals(held.resource()) && f.month().equals(held.month())));
    }

    private void json(JsonGenerator out) throws IOException {
        out.writeFieldName("figures");
        sheet(() -> all().stream()).json(out);
        out.writeFieldName("held");
        new Sheet(List.of("offering", "resource", "account", "month", "release", "why"), List.of(), () -> reports.stream().flatMap(report -> held(report)
                .map(held -> List.of(report.offering(), held.resource(), held.account(), held.month().toString(), held.release(), held.reason())))).json(out);
        out.writeFieldName("notes");
        new Sheet(List.of("offering", "note"), List.of(), () -> reports.stream().flatMap(report -> report.notes().stream().map(note -> List.of(report.offering(), note))))
                .json(out);
    }

    /** Whether something of what is shown could not be read. */
    boolean isUnknown() {
        return all().stream().anyMatch(figure -> figure.state() == State.UNKNOWN);
    }

    /** The exit code of a look at what would be told. @param failed something could not be read */
    int exitCode(boolean failed) {
        if (failed || isUnknown()) {
            return ExitCode.FAILED;
        }
        boolean differs = all().stream().anyMatch(figure -> figure.state() == State.NEW || figure.state() == State.CLOSED && figure.differs());
        boolean held = all().stream().anyMatch(figure -> figure.state() == State.HELD);
        return differs ? ExitCode.CHANGES : held ? ExitCode.HELD : ExitCode.GOOD;
    }
}
