package org.waldur.siteagent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration, checked.
 *
 * @param reportingPeriods months that are reported, the current one included
 * @param stateDir         dead letters, audit, locks
 * @param exposeErrors     {@code expose_backend_error_details}: whether an erred order carries the cause, or a general text only
 */
public record AgentConfig(
        Path file,
        Optional<String> sentryDsn,
        Optional<String> sentryEnvironment,
        ZoneId timezone,
        Path stateDir,
        Duration orderProcessPeriod,
        Duration reportPeriod,
        Duration membershipSyncPeriod,
        boolean exposeErrors,
        int reportingPeriods,
        List<Offering> offerings) {

    /** The same with another state directory, for these offerings, and with no reports of errors: a rehearsal's. */
    public AgentConfig in(Path other, List<Offering> some) {
        return new AgentConfig(file, Optional.empty(), Optional.empty(), timezone, other, orderProcessPeriod, reportPeriod, membershipSyncPeriod, exposeErrors,
                reportingPeriods, some);
    }
}
