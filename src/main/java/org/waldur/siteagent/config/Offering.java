package org.waldur.siteagent.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of {@code offerings}.
 *
 * @param uuid       of the offering in Waldur, 32 hex digits in lower case, without dashes
 * @param apiUrl     ends in {@code /api/}
 * @param token      sent to the host of {@code apiUrl} and nowhere else
 * @param verifySsl  false: any certificate is accepted
 * @param caFile     PEM file of certificates to trust besides the system's
 * @param proxy      http proxy
 * @param reportLimits    {@code report_limits}: the cluster's limits of usage-billed components are told to Waldur
 * @param billingTimezone the server's, whose months are billed
 * @param modes      those that run for it, as {@code order_processing_backend} and its like say
 * @param components by type, in the order of the file
 */
public record Offering(
        String name,
        String uuid,
        URI apiUrl,
        Secret token,
        boolean verifySsl,
        Optional<Path> caFile,
        Optional<URI> proxy,
        String backendType,
        Set<Mode> modes,
        boolean reportLimits,
        ZoneId billingTimezone,
        BackendSettings backend,
        Map<String, Component> components) {

    /** The same with the token of somebody else. */
    public Offering as(Secret other) {
        return new Offering(name, uuid, apiUrl, other, verifySsl, caFile, proxy, backendType, modes, reportLimits, billingTimezone, backend, components);
    }

    /** The same with other settings for members. */
    public Offering with(MembershipSettings membership) {
        return new Offering(name, uuid, apiUrl, token, verifySsl, caFile, proxy, backendType, modes, reportLimits, billingTimezone, backend.with(membership), components);
    }

    /** The same on another Waldur, with these modes and another backend, which needs no certificate and no proxy: a rehearsal's. */
    public Offering on(URI waldur, Secret other, Set<Mode> some, BackendSettings cluster) {
        return new Offering(name, uuid, waldur, other, true, Optional.empty(), Optional.empty(), backendType, some, reportLimits, billingTimezone, cluster, components);
    }

    public boolean serves(Mode mode) {
        return modes.contains(mode);
    }
}
