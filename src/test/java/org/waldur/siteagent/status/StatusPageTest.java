package org.waldur.siteagent.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.status.CycleStatus.Held;
import org.waldur.siteagent.status.CycleStatus.Outcome;
import org.waldur.siteagent.status.CycleStatus.PlanStatus;
import org.waldur.siteagent.status.Status.ModeStatus;

class StatusPageTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static Optional<CycleStatus> cycles(Mode mode, String running, int failures, PlanStatus... plans) {
        return Optional.of(new CycleStatus(mode.key(), 1, running, new Outcome("2026-11-20T11:57:58Z", "2026-11-20T11:58:01Z", failures, "", List.of(plans))));
    }

    static Status busy() {
        return new Status(NOW, List.of(
                ModeStatus.of(Mode.ORDER_PROCESS, Duration.ofMinutes(5), cycles(Mode.ORDER_PROCESS, "2026-11-20T11:59:58Z", 0,
                        new PlanStatus("Our cluster", "0f3a5b7c9d1e", Map.of("create-account", 3, "finish-order", 1, "add-users", 2), List.of(), 0)), NOW),
                ModeStatus.of(Mode.REPORT, Duration.ofMinutes(30), Optional.empty(), NOW),
                ModeStatus.of(Mode.MEMBERSHIP_SYNC, Duration.ofMinutes(15), cycles(Mode.MEMBERSHIP_SYNC, "", 1,
                        new PlanStatus("Our cluster", "14fefbc7dc87", Map.of("add-users", 12), List.of(new Held("do not remove alice, bob, carol, dave from account hpc_physics", true,
                                "the team is empty, and there were 4 members")), 1), new PlanStatus("<b>Other</b> & co", "24fefbc7dc87", Map.of(), List.of(), 0)), NOW)),
                List.of(new DeadLetter("account-hpc-physics-12ab34cd", "Our cluster", "account hpc_physics", "add-users, command", "sacctmgr add user ended with exit code 1 <script>alert(1)</script>", "", "",
                        "2026-11-20T11:00:00Z", "2026-11-20T11:58:00Z", 4, "", "look at slurmdbd: systemctl status slurmdbd", false)));
    }

    @Test
    void textsAreNeverMarkup() {
        String page = StatusPage.of(busy());
        assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;Other&lt;/b&gt; &amp; co").doesNotContain("<script", "<b>Other");
    }
}
