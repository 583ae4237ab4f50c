package org.waldur.siteagent.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.UsageChange.SetUsage;

/** Usage grows all the time: different is only what the other agent does not come up to. */
class WatchTest {
    private static List<Difference> usage(String ours, String known) {
        return Difference.of(new Plan("report", "slurm", List.of(new SetUsage("r", "hpc_one", YearMonth.of(2026, 11), new TreeMap<>(Map.of("cpu", new BigDecimal(ours))),
                new TreeMap<>(Map.of("cpu", new BigDecimal(known))), "jobs ran"))));
    }

    @Test
    void figuresThatTheOtherAgentComesUpToAreSettledThoughTheyGoOn() {
        Watch watch = new Watch(2);
        watch.see(usage("10.00", "8.00"), true);
        Watch.Cycle second = watch.see(usage("12.00", "10.00"), true);
        assertThat(second.fresh()).isEmpty();
        assertThat(second.settled()).isEqualTo(1);
        assertThat(watch.see(usage("14.00", "12.50"), true).settled()).isEqualTo(2);
    }

    @Test
    void figuresThatStayBehindAreNamedOnceThoughTheyGoOn() {
        Watch watch = new Watch(2);
        watch.see(usage("10.00", "8.00"), true);
        assertThat(watch.see(usage("12.00", "9.00"), true).fresh()).singleElement().satisfies(d -> assertThat(d.what()).contains("hpc_one in 2026-11, cpu: 12.00, and Waldur has 9.00"));
        assertThat(watch.see(usage("14.00", "11.00"), true)).satisfies(third -> {
            assertThat(third.fresh()).isEmpty();
            assertThat(third.same()).isEqualTo(1);
        });
        assertThat(watch.see(List.of(), true).gone()).hasSize(1);
        assertThat(watch.see(usage("15.00", "14.00"), true).waiting()).as("it begins anew").isEqualTo(1);
    }

    @Test
    void whatIsAsWaldurHasItIsNoDifference() {
        assertThat(usage("10.00", "10")).isEmpty();
    }

    @Test
    void whatIsThereForLongIsNamedOnceWhateverThePatience() {
        Watch watch = new Watch(3);
        for (int cycle = 1; cycle < 10; cycle++) {
            assertThat(watch.see(usage("10.00", "8.00"), true).fresh()).as("cycle " + cycle).hasSize(cycle == 3 ? 1 : 0);
        }
    }
}
