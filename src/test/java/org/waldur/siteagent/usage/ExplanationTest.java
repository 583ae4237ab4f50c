package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.time.YearMonth;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs are told window by window, and shown whole. */
class ExplanationTest {
    private static final long DAY = 86_400;
    private static final LiveJobs LIVE = new LiveJobs(10 * DAY, Set.of(3L), 5 * DAY, Map.of(), 0);

    private static Window day(int number) {
        return new Window(YearMonth.of(1970, 1), number * DAY, (number + 1) * DAY);
    }

    private static JobRun run(long id, String user, long start, long end, boolean open) {
        return new JobRun(id, new JobRun.Owner("hpc_one", user), start, end, open, false, end - start, 0, JobRun.UNLIMITED, Tres.parse("cpu=2,mem=100M"));
    }

    private static void count(Explanation explanation, Window window, JobRun... runs) {
        explanation.begin(window);
        WindowCount count = new WindowCount(window, LIVE, Holders.NONE, explanation);
        for (JobRun run : runs) {
            count.add(run);
        }
        explanation.end(count);
    }

    @Test
    void aRunOverSeveralWindowsIsOneRun() {
        Explanation explanation = new Explanation("HPC_ONE", "");
        JobRun run = run(1, "alice", DAY / 2, 3 * DAY, false);
        count(explanation, day(0), run);
        count(explanation, day(1), run, run(2, "bob", DAY, DAY + 5, false));
        count(explanation, day(2), run);
        assertThat(explanation.runs()).extracting(CountedRun::job, CountedRun::seconds).containsExactly(tuple(1L, 5 * DAY / 2),
                tuple(2L, 5L));
        assertThat(explanation.runs().findFirst().orElseThrow().tres()).extractingByKey("cpu").hasToString("2");
    }

    @Test
    void aWindowThatIsBegunAgainCountsOnce() {
        Explanation explanation = new Explanation("hpc_one", "");
        WindowCount broken = new WindowCount(day(0), LIVE, Holders.NONE, explanation);
        explanation.begin(day(0));
        broken.add(run(1, "alice", 0, 10, false));
        count(explanation, day(0), run(1, "alice", 0, 10, false));
        assertThat(explanation.runs()).singleElement().extracting(CountedRun::seconds).isEqualTo(10L);
    }

    @Test
    void onlyTheAccountAndTheUser() {
        Explanation explanation = new Explanation("hpc_one", "Bob");
        JobRun other = new JobRun(9, new JobRun.Owner("hpc_two", "bob"), 0, 10, false, false, 10, 0, JobRun.UNLIMITED, Tres.parse("cpu=2"));
        count(explanation, day(0), run(1, "alice", 0, 10, false), run(2, "bob", 0, 10, false), other);
        assertThat(explanation.runs()).singleElement().extracting(CountedRun::job).isEqualTo(2L);
    }

    @Test
    void aRunThatGoesOnIsOpenAndARunawaySaysWhy() {
        Explanation explanation = new Explanation("hpc_one", "");
        count(explanation, day(4), run(3, "alice", 4 * DAY, 10 * DAY, true), run(4, "bob", 4 * DAY, 10 * DAY, true));
        count(explanation, day(5), run(3, "alice", 4 * DAY, 10 * DAY, true), run(4, "bob", 4 * DAY, 10 * DAY, true));
        assertThat(explanation.runs()).extracting(CountedRun::job, CountedRun::open, CountedRun::seconds, CountedRun::runaway).containsExactly(
                tuple(3L, true, 2 * DAY, ""), tuple(4L, true, DAY, "squeue does not know it"));
    }

    @Test
    void itIsBounded() {
        Explanation explanation = new Explanation("hpc_one", "", 2);
        assertThatThrownBy(() -> count(explanation, day(0), run(1, "a", 0, 9, false), run(2, "a", 0, 9, false), run(3, "a", 0, 9, false)))
                .isInstanceOf(UsageUnknown.class).hasMessageContaining("more than 2 runs").hasMessageContaining("--user");
    }
}
