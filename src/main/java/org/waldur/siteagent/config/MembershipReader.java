package org.waldur.siteagent.config;

import java.time.Duration;
import java.util.Optional;
import org.waldur.siteagent.config.MembershipSettings.Bound;
import org.waldur.siteagent.config.MembershipSettings.Brake;
import org.waldur.siteagent.config.MembershipSettings.PauseBy;
import org.waldur.siteagent.config.MembershipSettings.Restriction;

/** Reads the keys of {@code backend_settings} that belong to {@code membership_sync}. */
final class MembershipReader {
    private static final int SAFE_CONFIRM = 60;

    private final Section backend;

    private MembershipReader(Section backend) {
        this.backend = backend;
    }

    static MembershipSettings read(Section backend) {
        return new MembershipReader(backend).read();
    }

    private MembershipSettings read() {
        Optional<String> paused = backend.matching("qos_paused");
        PauseBy pauseBy = backend.choice("pause_by", PauseBy.class, paused.isPresent() ? PauseBy.QOS : PauseBy.SUBMIT_LIMIT);
        if (pauseBy == PauseBy.QOS && paused.isEmpty()) {
            backend.wrong("pause_by", "qos_paused is missing, so there is no QoS to pause by", "qos_paused: paused, or pause_by: submit_limit");
        }
        int confirm = backend.whole("removal_confirm_seconds");
        if (confirm < SAFE_CONFIRM) {
            backend.warn("removal_confirm_seconds", "a hiccup of Waldur may last longer than " + confirm + " seconds, and both looks would see it; right would be: "
                    + SAFE_CONFIRM + " or more");
        }
        return new MembershipSettings(backend.matching("qos_default"), backend.matching("qos_downscaled"), paused, pauseBy,
                backend.choice("restrict_member_access", Restriction.class), brake(), Duration.ofSeconds(confirm),
                backend.flag("recreate"), backend.matching("default_partition"));
    }

    private Brake brake() {
        Brake usual = Brake.USUAL;
        return backend.get("removal_brake").map(where -> {
            if (!where.isMap()) {
                where.wrong("a map belongs here: the brake cannot be switched off", "removal_brake: {account: {count: 3, percent: 25}, offering: {count: 10, percent: 5}}");
                return usual;
            }
            Section brake = new Section(where, Keys.BRAKE);
            return new Brake(bound(brake, "account", Keys.BRAKE_OF_ACCOUNT, usual.account()), bound(brake, "offering", Keys.BRAKE_OF_OFFERING, usual.offering()));
        }).orElse(usual);
    }

    private static Bound bound(Section brake, String key, Keys keys, Bound usual) {
        return brake.get(key).map(where -> {
            if (!where.isMap()) {
                where.wrong("a map belongs here", key + ": {count: " + usual.count() + ", percent: " + usual.percent() + "}");
                return usual;
            }
            Section bound = new Section(where, keys);
            return new Bound(bound.whole("count"), bound.whole("percent"));
        }).orElse(usual);
    }
}
