package org.waldur.siteagent.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import picocli.CommandLine;

/** Months on the command line. A month begins and ends in the billing time zone of each offering. */
final class MonthOption {
    /** What sacct is asked for at once is bounded. */
    static final int MOST = 60;

    private MonthOption() {
    }

    /** Throws a mistake of the command line for anything else than {@code YYYY-MM}. */
    static YearMonth parse(CommandLine line, String option, String text) {
        try {
            return YearMonth.parse(text.strip());
        } catch (DateTimeException e) {
            throw wrong(line, option + " " + text + ": is no month; right would be a year and a month, like 2026-10");
        }
    }

    /** Months without doubles, the oldest first; throws for one that has not begun for any of the offerings, and for too many. */
    static List<YearMonth> begun(CommandLine line, String option, Collection<String> texts, Collection<Offering> offerings, Clock clock) {
        List<YearMonth> months = texts.stream().map(text -> parse(line, option, text)).distinct().sorted().toList();
        months.forEach(month -> mustHaveBegun(line, option, month, offerings, clock));
        if (months.size() > MOST) {
            throw wrong(line, option + ": " + months.size() + " months; right would be at most " + MOST + " at once");
        }
        return months;
    }

    static void mustHaveBegun(CommandLine line, String option, YearMonth month, Collection<Offering> offerings, Clock clock) {
        if (offerings.stream().anyMatch(offering -> month.isAfter(now(offering, clock)))) {
            throw wrong(line, option + " " + month + ": has not begun; right would be " + newest(offerings, clock) + " or earlier");
        }
    }

    static void mustBeOver(CommandLine line, String option, YearMonth month, Collection<Offering> offerings, Clock clock) {
        if (offerings.stream().anyMatch(offering -> !month.isBefore(now(offering, clock)))) {
            throw wrong(line, option + " " + month + ": is not over; right would be " + newest(offerings, clock).minusMonths(1)
                    + " or earlier, and waldur-site-agent usage shows what is not over");
        }
    }

    /** The newest month that has begun for all offerings. */
    private static YearMonth newest(Collection<Offering> offerings, Clock clock) {
        return offerings.stream().map(offering -> now(offering, clock)).min(YearMonth::compareTo).orElseThrow();
    }

    private static YearMonth now(Offering offering, Clock clock) {
        return YearMonth.from(clock.instant().atZone(offering.billingTimezone()));
    }

    /** As the property {@code report.months} wants them. */
    static String property(Collection<YearMonth> months) {
        return months.stream().map(YearMonth::toString).collect(Collectors.joining(","));
    }

    static CommandLine.ParameterException wrong(CommandLine line, String message) {
        return new CommandLine.ParameterException(line, message);
    }
}
