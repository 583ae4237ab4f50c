package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.usage.UsageSite;

/** {@code --release}: an operator lets figures fall, exactly those that he has seen. */
class ReleaseTest extends UsageSite {

    @BeforeEach
    void bothWouldFall() {
        for (String order : new String[] {one, two}) {
            site.waldur.putUsage(order, "2026-11", "cpu", "5.00");
            site.waldur.putUsage(order, "2026-11", "mem", "0.00");
        }
    }

    /** The token that the plan names for an account. */
    private String token(String account) {
        return site.command("-m", "report", "--dry-run").out().replaceAll("(?s).*hold usage of " + account + " in 2026-11\\n.*?--release ([0-9a-f]{12}).*", "$1");
    }

    @Test
    void whatIsHeldStaysUntilItsTokenIsSaid() {
        assertThat(site.command("-m", "report", "--once").code()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 5.00", "hpc_two 2026-11 cpu 5.00");
        String token = token("hpc_one");
        Site.Said dry = site.command("-m", "report", "--dry-run", "--release", token);
        assertThat(dry.code()).isEqualTo(2);
        assertThat(dry.out()).contains("+ hpc_one 2026-11: cpu 5.00 -> 0.00", "hold usage of hpc_two").doesNotContain("hold usage of hpc_one");
        Site.Said said = site.command("-m", "report", "--once", "--release", token);
        assertThat(said.code()).isZero();
        assertThat(said.err()).doesNotContain("warning");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.00", "hpc_two 2026-11 cpu 5.00");
    }

    @Test
    void severalAtOnceWithCommasOrApart() {
        String first = token("hpc_one");
        String second = token("hpc_two");
        assertThat(first).isNotEqualTo(second);
        assertThat(site.command("-m", "report", "--dry-run", "--release", first, "--release", second, "--release", first).out()).doesNotContain("hold usage");
        assertThat(site.command("-m", "report", "--once", "--release", first + "," + second).code()).isZero();
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.00", "hpc_two 2026-11 cpu 0.00");
    }

    @Test
    void aTokenThatFitsNothingIsSaidAndLetsNothingThrough() {
        Site.Said said = site.command("-m", "report", "--once", "--release", "0123456789ab");
        assertThat(said.err()).contains("warning: --release 0123456789ab: no figure is held under this token");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 5.00");
    }

    @Test
    void aTokenIsOfTheAmountsThatWaldurHas() {
        String token = token("hpc_one");
        site.waldur.putUsage(one, "2026-11", "cpu", "6.00");
        assertThat(site.command("-m", "report", "--once", "--release", token).err()).contains("warning: --release " + token);
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 6.00");
    }
}
