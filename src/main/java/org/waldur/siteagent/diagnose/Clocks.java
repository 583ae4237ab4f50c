package org.waldur.siteagent.diagnose;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import org.waldur.siteagent.config.Offering;

/** Whether our clock and a server's agree, and which month it bills. */
public final class Clocks {
    /** In the last two minutes of a month usage is not told at all; a larger difference than half of that would be booked in the wrong one. */
    private static final Duration MOST = Duration.ofMinutes(1);

    private Clocks() {
    }

    /** @param server what time it is there; empty: it has not said */
    public static Finding of(Offering offering, Optional<Instant> server, Instant ours) {
        String area = "clock of " + offering.name();
        if (server.isEmpty()) {
            return Finding.warning(area, "Waldur does not say what time it is", "usage of the current month is told only while both clocks are in it; see what stands between the agent and Waldur");
        }
        Duration difference = Duration.between(ours, server.get()).abs();
        YearMonth month = YearMonth.from(server.get().atZone(offering.billingTimezone()));
        return difference.compareTo(MOST) > 0
                ? Finding.wrong(area, "ours and Waldur's differ by " + difference.toSeconds() + " s", "set the clock: timedatectl set-ntp true")
                : Finding.good(area, "as Waldur's, within " + Math.max(1, difference.toSeconds()) + " s; the month that is billed is " + month + " in " + offering.billingTimezone());
    }
}
