package org.waldur.siteagent.usage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.UsageChange;

/**
 * What somebody at the command line has said about a report.
 *
 * @param released   figures that may fall, see {@link UsageChange.HoldUsage#release}
 * @param releasedBy the command that lets a figure through
 * @param subject    {@code usage}, or {@code history}: what dead letters are about
 * @param audit      all that Waldur has of a month is compared, also where it takes no usage any more
 * @param limits     whether limits are compared, too
 * @param account    the only one that is wanted, in lower case; empty: all
 */
public record ReportOptions(Set<String> released, String releasedBy, String subject, boolean audit, boolean limits, String account) {

    /** As the properties {@code report.*} have it. */
    public static ReportOptions of(Properties properties) {
        Set<String> released = Arrays.stream(properties.getProperty("report.release").split(",")).map(String::strip).filter(token -> !token.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        return new ReportOptions(released, properties.getProperty("report.released_by"), properties.getProperty("report.subject"),
                Boolean.parseBoolean(properties.getProperty("report.audit")), Boolean.parseBoolean(properties.getProperty("report.compares_limits")), properties.getProperty("report.account").toLowerCase(Locale.ROOT));
    }
}
