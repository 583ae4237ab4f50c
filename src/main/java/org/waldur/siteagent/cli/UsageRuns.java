package org.waldur.siteagent.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.usage.CountedRun;
import org.waldur.siteagent.usage.Explanation;
import org.waldur.siteagent.usage.Figure;
import org.waldur.siteagent.usage.Formulas;
import org.waldur.siteagent.usage.UsageReport;

/** What a figure is made of, as {@code waldur-site-agent usage explain} shows it. */
final class UsageRuns {
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
    private static final int DECIMALS_OF_MINUTES = 2;
    private static final int DECIMALS = 6;

    private final UsageReport report;
    private final YearMonth month;
    private final String account;
    private final String component;
    private final String user;
    private final Explanation explanation;
    private final List<Figure> figures;
    private final Formulas formulas;
    private final String unit;
    private final ZoneId zone;
    private final Map<String, BigDecimal> sum = new HashMap<>();
    private long seconds;

    /** @param figures of the component, for the whole account or the one user; none if Waldur has nothing and nothing is to be told; one a resource */
    UsageRuns(UsageReport report, YearMonth month, Offering offering, String account, String component, String user, Explanation explanation, List<Figure> figures) {
        this.report = report;
        this.month = month;
        this.account = account;
        this.component = component;
        this.user = user;
        this.explanation = explanation;
        this.figures = figures;
        this.formulas = report.formulas();
        this.unit = offering.components().containsKey(component) ? offering.components().get(component).measuredUnit() : "";
        this.zone = offering.billingTimezone();
        explanation.runs().forEach(run -> {
            seconds += run.seconds();
            tresSeconds(run).forEach((tres, amount) -> sum.merge(tres, amount, BigDecimal::add));
        });
    }

    private Map<String, BigDecimal> tresSeconds(CountedRun run) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        formulas.tres(component).forEach(tres -> amounts.put(tres, run.tres().getOrDefault(tres, BigDecimal.ZERO).multiply(BigDecimal.valueOf(run.seconds()))));
        return amounts;
    }

    /** Whether the runs add up to the figure; they always do. */
    boolean isSound() {
        return figures.stream().allMatch(figure -> figure.used().filter(used -> used.compareTo(figure()) == 0).isPresent());
    }

    private BigDecimal figure() {
        return formulas.amount(component, sum);
    }

    void print(Format format, PrintWriter out) throws IOException {
        Sheet sheet = sheet(format);
        switch (format) {
            case TEXT -> {
                out.println("Offering " + report.offering() + ", " + component + " of " + account + (user.isEmpty() ? "" : ", only " + user) + ", " + month + " of " + zone
                        + ", counted up to " + report.asOf());
                sheet.text(out);
                out.println(result());
            }
            case CSV -> sheet.csv(out);
            default -> FormatOption.json(out, json -> json(json, sheet));
        }
    }

    private Sheet sheet(Format format) {
        List<String> columns = new ArrayList<>(List.of("job", "user", "start", "end", "seconds"));
        List<String> numbers = new ArrayList<>(List.of("job", "seconds", "amount"));
        for (String tres : formulas.tres(component)) {
            columns.addAll(List.of(tres, tres + "-minutes"));
            numbers.addAll(List.of(tres, tres + "-minutes"));
        }
        columns.addAll(List.of("amount", "remark"));
        return new Sheet(columns, numbers, () -> Stream.concat(explanation.runs().map(this::row), format == Format.JSON ? Stream.empty() : Stream.of(last(format == Format.CSV ? result() : ""))));
    }

    private List<String> row(CountedRun run) {
        boolean runs = run.open() && run.runaway().isEmpty();
        List<String> row = new ArrayList<>(List.of(String.valueOf(run.job()), run.user(), time(run.start()), runs ? "running" : time(run.end()),
                String.valueOf(run.seconds())));
        Map<String, BigDecimal> amounts = tresSeconds(run);
        for (String tres : formulas.tres(component)) {
            row.addAll(List.of(run.tres().getOrDefault(tres, BigDecimal.ZERO).toPlainString(), minutes(amounts.get(tres))));
        }
        row.add(formulas.amount(component, amounts, DECIMALS).toPlainString());
        row.add(run.runaway().isEmpty() ? "" : "runaway: " + run.runaway() + "; it is counted up to its end here");
        return row;
    }

    private List<String> last(String remark) {
        List<String> row = new ArrayList<>(List.of("sum", "", "", "", String.valueOf(seconds)));
        for (String tres : formulas.tres(component)) {
            row.addAll(List.of("", minutes(sum.getOrDefault(tres, BigDecimal.ZERO))));
        }
        row.addAll(List.of(formulas.amount(component, sum, DECIMALS).toPlainString(), remark));
        return row;
    }

    private String time(Instant moment) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atZone(zone));
    }

    private static String minutes(BigDecimal tresSeconds) {
        return tresSeconds.divide(MINUTE, DECIMALS_OF_MINUTES, RoundingMode.HALF_UP).toPlainString();
    }

    /** Formula, figure, and what Waldur has. */
    private String result() {
        String waldur = figures.isEmpty() ? "Waldur has nothing" : figures.stream().map(figure -> "Waldur has "
                + figure.booked().map(BigDecimal::toPlainString).orElse("nothing") + (figures.size() > 1 ? " for resource " + figure.resource() : "") + " ("
                + figure.state().name().toLowerCase(Locale.ROOT) + (figure.why().isEmpty() ? "" : ": " + figure.why()) + ")").collect(Collectors.joining(", "));
        String wrong = isSound() ? "" : "; THE REPORT SAYS " + figures.stream().map(figure -> UsageFigures.text(figure.used())).distinct().toList()
                + ", which is a mistake in the agent";
        return formulas.text(component) + " = " + figure().toPlainString() + (unit.isEmpty() ? "" : " " + unit) + "; " + waldur + wrong;
    }

    private void json(JsonGenerator out, Sheet sheet) throws IOException {
        Sheet.value(out, "offering", report.offering());
        Sheet.value(out, "account", account);
        Sheet.value(out, "component", component);
        Sheet.value(out, "user", user);
        Sheet.value(out, "month", month.toString());
        Sheet.value(out, "time_zone", zone.getId());
        Sheet.value(out, "as_of", report.asOf().toString());
        out.writeFieldName("runs");
        sheet.json(out);
        Sheet.value(out, "seconds", String.valueOf(seconds));
        for (String tres : formulas.tres(component)) {
            Sheet.value(out, tres + "-minutes", minutes(sum.getOrDefault(tres, BigDecimal.ZERO)));
        }
        Sheet.value(out, "formula", formulas.text(component));
        Sheet.value(out, "figure", figure().toPlainString());
        Sheet.value(out, "unit", unit);
        Sheet.value(out, "result", result());
    }
}
