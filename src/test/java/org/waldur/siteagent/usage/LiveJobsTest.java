package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveJobsTest {
    private static final long NOW = 1_793_836_800;
    private static final long GRACE = 3600;

    private static JobRun run(long start, long suspended, long limit) {
        return new JobRun(7, new JobRun.Owner("hpc_one", "amy"), start, NOW, true, false, NOW - start - suspended, suspended, limit, Tres.parse("cpu=1"));
    }

    private static LiveJobs.Runaway judge(JobRun run, boolean known, long before, Map<String, Long> runaways) {
        return new LiveJobs(NOW, known ? Set.of(7L) : Set.of(8L), before, runaways, GRACE).judge(run);
    }

    @Test
    void whatSqueueKnowsIsCountedUpToNow() {
        LiveJobs.Runaway judged = judge(run(NOW - 9000, 0, JobRun.UNLIMITED), true, NOW - 1800, Map.of());
        assertThat(judged.why()).isEmpty();
        assertThat(judged.countedTo()).isEqualTo(NOW);
    }

    @Test
    void whatItDoesNotKnowIsCountedUpToWhereItMayHaveKnownIt() {
        JobRun run = run(NOW - 9000, 0, JobRun.UNLIMITED);
        assertThat(judge(run, false, NOW - 1800, Map.of())).returns("squeue does not know it", LiveJobs.Runaway::why).returns(NOW - 1800, LiveJobs.Runaway::countedTo);
        assertThat(judge(run, false, NOW - 10_000, Map.of()).countedTo()).as("it began later").isEqualTo(NOW - 9000);
        assertThat(judge(run, false, 0, Map.of()).countedTo()).as("nobody knows").isEqualTo(NOW - 9000);
        assertThat(judge(run, false, NOW + 500, Map.of()).countedTo()).as("clocks that differ").isEqualTo(NOW);
    }

    @Test
    void onceFoundItStaysWhereItIs() {
        JobRun run = run(NOW - 9000, 0, JobRun.UNLIMITED);
        assertThat(judge(run, false, NOW - 1800, Map.of("7:" + (NOW - 9000), NOW - 5000)).countedTo()).isEqualTo(NOW - 5000);
        assertThat(judge(run, false, NOW - 1800, Map.of("7:" + (NOW - 8000), NOW - 5000)).countedTo()).as("another run of it").isEqualTo(NOW - 1800);
        assertThat(judge(run, true, NOW - 1800, Map.of("7:" + (NOW - 9000), NOW - 5000)).why()).as("it is back").isEmpty();
    }

    @Test
    void whatHasOnlyJustBegunMayNotHaveBeenThereForSqueue() {
        assertThat(judge(run(NOW - 60, 0, JobRun.UNLIMITED), false, 0, Map.of()).why()).isEmpty();
        assertThat(judge(run(NOW - 61, 0, JobRun.UNLIMITED), false, 0, Map.of()).why()).isNotEmpty();
    }

    @Test
    void longPastItsLimit() {
        assertThat(judge(run(NOW - 7200, 0, 3600), true, 0, Map.of()).why()).as("limit and grace").isEmpty();
        assertThat(judge(run(NOW - 7201, 0, 3600), true, 0, Map.of())).returns(NOW - 1, LiveJobs.Runaway::countedTo)
                .returns("it is long past its time limit of 60 minutes", LiveJobs.Runaway::why);
        assertThat(judge(run(NOW - 9000, 1800, 3600), true, 0, Map.of()).why()).as("what was suspended does not count").isEmpty();
        assertThat(judge(run(NOW - 900_000, 0, JobRun.UNLIMITED), true, 0, Map.of()).why()).isEmpty();
    }

    /** What was counted while it was a little past its limit stays counted. */
    @Test
    void whereItIsCountedToNeverFalls() {
        long start = NOW - 20_000;
        long last = 0;
        for (long now = start; now < NOW; now += 100) {
            JobRun run = new JobRun(7, new JobRun.Owner("a", "u"), start, now, true, false, now - start, 0, 3600, Tres.parse("cpu=1"));
            long counted = new LiveJobs(now, Set.of(7L), 0, Map.of(), GRACE).judge(run).countedTo();
            assertThat(counted).isGreaterThanOrEqualTo(last);
            last = counted;
        }
        assertThat(last).isEqualTo(start + 7200);
    }

    @Test
    void idsOfSqueue() {
        assertThat(LiveJobs.ids("")).isEmpty();
        assertThat(LiveJobs.ids("\n")).isEmpty();
        assertThat(LiveJobs.ids("7\n8\n8\n  12\n")).containsExactlyInAnyOrder(7L, 8L, 12L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7\nslurm_load_jobs error: Unable to contact slurm controller\n", "JOBID\n7\n", "8_2\n", "7 8\n", "7\n\u00008\n", "7\n\n8x\n", "-7\n", "99999999999999999999\n", "7\n8"})
    void anythingElseIsUnknown(String squeue) {
        assertThatThrownBy(() -> LiveJobs.ids(squeue)).isInstanceOf(UsageUnknown.class).hasMessageContaining("squeue");
    }
}
