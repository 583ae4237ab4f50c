package org.waldur.siteagent.usage;

import java.math.BigDecimal;
import java.net.URI;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;

/** Offerings as a config would make them, for tests of what is computed. */
final class Offerings {
    private static final BackendSettings BACKEND = new BackendSettings("root", DefaultAccountPolicy.NONE, "hpc_", "hpc_", "hpc_", 34, "root", Optional.empty(),
            Optional.of("lab"), "/usr/bin", false, "0077", Optional.empty(), MissingLimit.HOLD, false, MembershipSettings.USUAL);

    private Offerings() {
    }

    static Offering of(ZoneId zone, Component... components) {
        Map<String, Component> byType = new LinkedHashMap<>();
        for (Component component : components) {
            byType.put(component.type(), component);
        }
        return new Offering("slurm", "0".repeat(31) + "1", URI.create("https://waldur.example.com/api/"), new Secret("token"), true, Optional.empty(), Optional.empty(),
                "slurm", Set.of(Mode.REPORT), false, zone, BACKEND, byType);
    }

    /** A component that is billed by usage. @param unitFactor TRES-minutes in one of Waldur's units */
    static Component component(String type, String unitFactor) {
        return component(type, unitFactor, Map.of());
    }

    static Component component(String type, String unitFactor, Map<String, BigDecimal> targets) {
        return new Component(type, type, "h", new BigDecimal(unitFactor), AccountingType.USAGE, Optional.empty(), targets, Map.of());
    }
}
