package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** The limits of the cluster beside those of Waldur, which wins; only where somebody wants it they are told to Waldur. */
class ToldLimitsTest extends UsageSite {

    /** {@code cpu} is billed by usage, with a limit of 100 k-hours for everybody, and {@code mem} by limit. */
    private Site open(boolean old) throws IOException {
        Site opened = new Site(folder.resolve("limits"), old ? WaldurSimulator.startOld(0) : WaldurSimulator.start(), "");
        prepare(opened);
        opened.components("""
                cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage, limit: 100}
                mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: limit}
                """);
        opened.waldur.changeComponent(opened.offering, "mem", "billing_type", "limit");
        return opened;
    }

    private static void limits(Site site, String account, long cpu, long mem) {
        assertThat(site.slurm.run("sacctmgr", "-i", "modify", "account", "where", "name=" + account, "set", "GrpTRESMins=cpu=" + cpu + ",mem=" + mem).rc()).isZero();
    }

    private static List<String> notes(Site site) {
        return site.reports.get(site.reports.size() - 1).notes();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> waldurs(Site site, String order) {
        return (Map<String, Object>) site.waldur.resource(order).get("limits");
    }

    private static long told(Site site) {
        return site.waldur.requests().stream().filter(r -> r.path().endsWith("set_limits/")).count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDifferenceIsSaidAndNothingIsChanged(boolean old) throws IOException {
        try (Site site = open(old)) {
            String order = site.allocation("one", Map.of("mem", 50));
            limits(site, "hpc_one", 6_000_000, 50 * 61_440);
            site.now("2026-11-20T12:00:00Z");
            assertThat(site.run("report", false)).isZero();
            assertThat(notes(site)).isEmpty();
            limits(site, "hpc_one", 1_200_000, 10 * 61_440);
            assertThat(site.run("report", false)).isZero();
            assertThat(notes(site)).singleElement().asString().contains("limits of hpc_one differ", "cpu=6000000", "cpu=1200000", "mem=3072000", "mem=614400");
            assertThat(waldurs(site, order)).isEqualTo(Map.of("mem", 50));
            assertThat(site.associations()).contains("hpc_one||cpu=1200000,mem=614400");
            assertThat(told(site)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyTheLimitOfWhatIsBilledByUsageIsTold(boolean old) throws IOException {
        try (Site site = open(old)) {
            String order = site.allocation("one", Map.of("mem", 50));
            limits(site, "hpc_one", 1_200_000, 10 * 61_440);
            site.now("2026-11-20T12:00:00Z").offering("report_limits", "true");
            assertThat(site.run("report", true)).isEqualTo(2);
            assertThat(told(site)).isZero();
            assertThat(site.run("report", false)).isZero();
            assertThat(amounts(site, order)).isEqualTo("cpu=20 mem=50");
            assertThat(told(site)).isEqualTo(1);
            assertThat(site.waldur.requests().stream().filter(r -> r.path().endsWith("set_limits/")).map(r -> r.path().split("/")[0]))
                    .containsExactly(old ? "marketplace-slurm-remote" : "marketplace-provider-resources");
            assertThat(site.run("report", false)).isZero();
            assertThat(told(site)).as("what Waldur has is not told again").isEqualTo(1);
            limits(site, "hpc_one", 90_000, 10 * 61_440);
            assertThat(site.run("report", false)).isZero();
            assertThat(amounts(site, order)).isIn("cpu=1.5 mem=50", "cpu=1.50 mem=50");
            assertThat(site.waldur.state()).contains(" OK ");
            assertThat(site.deadLetters()).isEmpty();
        }
    }

    private static String amounts(Site site, String order) {
        Map<String, Object> limits = waldurs(site, order);
        return String.join(" ", Arrays.stream(new String[] {"cpu", "mem"}).filter(limits::containsKey)
                .map(type -> type + "=" + new BigDecimal(limits.get(type).toString()).stripTrailingZeros().toPlainString()).toList());
    }

    /** Waldur takes what is sent for all that there is, so a resource that is on its way is left alone. */
    @ParameterizedTest
    @ValueSource(strings = {"Updating", "Terminating", "Erred"})
    void aResourceOnItsWayIsToldNoLimits(String state) throws IOException {
        try (Site site = open(false)) {
            String order = site.allocation("one", Map.of("mem", 50));
            limits(site, "hpc_one", 1_200_000, 10 * 61_440);
            site.now("2026-11-20T12:00:00Z").offering("report_limits", "true");
            site.waldur.spoilResource(order, "state", state);
            site.run("report", false);
            assertThat(told(site)).isZero();
            assertThat(notes(site)).noneMatch(note -> note.contains("differ"));
        }
    }

    /** A component that Waldur bills by limit is Waldur's, whatever the config calls it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWaldurBillsByLimitIsNeverTold(boolean old) throws IOException {
        try (Site site = open(old)) {
            site.waldur.changeComponent(site.offering, "cpu", "billing_type", "limit");
            site.allocation("one", Map.of("cpu", 7, "mem", 50));
            limits(site, "hpc_one", 1_200_000, 10 * 61_440);
            site.now("2026-11-20T12:00:00Z").offering("report_limits", "true");
            assertThat(site.run("report", false)).isZero();
            assertThat(told(site)).isZero();
        }
    }

    /** An account without a limit has none to tell. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noLimitIsNotTold(boolean old) throws IOException {
        try (Site site = open(old)) {
            site.allocation("one", Map.of("mem", 50));
            site.now("2026-11-20T12:00:00Z").offering("report_limits", "true");
            assertThat(site.run("report", false)).isZero();
            assertThat(told(site)).isZero();
            assertThat(notes(site)).singleElement().asString().contains("the cluster has cpu=-1,mem=-1");
        }
    }
}
