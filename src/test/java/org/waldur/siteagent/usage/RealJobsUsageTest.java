package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that really run for a few seconds on a real Slurm. What slurmdbd has written down of them is read from its database. */
class RealJobsUsageTest extends RealUsageSite {
    /** The numbers that slurmdbd has for TRES. */
    private static final Map<String, String> NUMBERS = Map.of("1", "cpu", "2", "mem", "4", "node", "5", "billing", "1001", "gres/gpu");

    @Override
    @AfterEach
    void close() throws IOException {
        lab.program("scancel", "--user=nobody");
        // what slurmctld has to say of them would otherwise come after they are removed
        await(() -> lab.sql("select count(*) from lab_job_table where time_end = 0").strip().equals("0"));
        super.close();
    }

    @Test
    void jobsAreReportedToTheSecondAndTheLastOnesBeforeAnAllocationEnds() {
        // a user whom this machine has, so that his jobs can run
        site.waldur.join(site.offering, "proj-1", "nobody");
        String ended = allocations("over", "ended").get(1);
        String requeued = submit("hpc_over", "[ \"$SLURM_RESTART_COUNT\" ] && exec sleep 2; sleep 600", "--requeue");
        String suspended = submit("hpc_over", "sleep 600");
        String lasting = submit("hpc_ended", "sleep 600", "--ntasks=4");
        await(() -> running().containsAll(List.of(requeued, suspended, lasting)));
        long start = Instant.now().getEpochSecond();
        submit("hpc_over", "sleep 3", "--ntasks=2", "--gres=gpu:1");
        submit("hpc_over", "sleep 2", "--exclusive");
        submit("hpc_over", "sleep 2", "--array=1-3");
        submit("hpc_over", "sleep 2", "--ntasks=1", ":", "--ntasks=3");
        lab.program("scontrol", "suspend", suspended);
        await(() -> Instant.now().getEpochSecond() > start + 2);
        lab.program("scontrol", "requeue", requeued);
        assertThat(report()).isZero();
        Map<String, Long> early = allMonths();
        lab.program("scontrol", "resume", suspended);
        await(() -> lab.squeue("--noheader", "--format=%T", "--jobs=" + requeued).strip().equals("PENDING"));
        // otherwise it waits for two minutes
        lab.program("scontrol", "update", "jobid=" + requeued, "starttime=now");

        // some are over, some run
        assertThat(report()).isZero();
        Map<String, Long> middle = allMonths();
        assertThat(middle.get("hpc_ended cpu nobody")).isBetween(4 * 2L, 4 * (Instant.now().getEpochSecond() - start + 10));
        lab.program("scancel", suspended);
        await(() -> open().equals(List.of(lasting)));

        assertThat(report()).isZero();
        Map<String, Long> late = allMonths();
        assertThat(of("hpc_over", late)).isEqualTo(of("hpc_over", database()));
        assertThat(lab.sql("select count(*), count(distinct id_job), max(time_suspended) >= 2 from lab_job_table where account = 'hpc_over' and time_end > time_start").strip())
                .as("one ran twice, and one was suspended").isEqualTo("10\t9\t1");
        early.forEach((key, seconds) -> assertThat(middle.getOrDefault(key, 0L)).as(key).isGreaterThanOrEqualTo(seconds));
        middle.forEach((key, seconds) -> assertThat(late.getOrDefault(key, 0L)).as(key).isGreaterThanOrEqualTo(seconds));

        String end = site.waldur.terminate(ended);
        assertThat(site.cycle()).isZero();
        assertThat(site.waldur.order(end)).containsEntry("state", "done");
        assertThat(lab.associations()).noneMatch(line -> line.startsWith("hpc_ended|"));
        assertThat(of("hpc_ended", allMonths())).isEqualTo(of("hpc_ended", database())).isNotEqualTo(of("hpc_ended", late)).hasSize(8);
        assertThat(site.deadLetters()).isEmpty();
    }

    /** Gives the id of the job. */
    private String submit(String account, String script, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--parsable", "--uid=nobody", "--chdir=/", "--output=/dev/null", "--account=" + account));
        arguments.addAll(Arrays.asList(options));
        arguments.add("--wrap=" + script);
        return lab.program("sbatch", arguments.toArray(String[]::new)).strip();
    }

    /** Ids of the jobs that are not over for slurmdbd. */
    private List<String> open() {
        return lab.sql("select id_job from lab_job_table where time_end = 0").lines().toList();
    }

    private List<String> running() {
        return lab.sql("select id_job from lab_job_table where time_end = 0 and time_start > 0").lines().toList();
    }

    /** {@code account tres [user]} to TRES-seconds. */
    private Map<String, Long> allMonths() {
        Map<String, Long> all = new TreeMap<>();
        told().forEach((key, seconds) -> all.merge(key.replaceFirst(" \\d{4}-\\d{2} ", " "), seconds, Long::sum));
        return all;
    }

    /** The same from the rows of slurmdbd, of jobs that are over. */
    private Map<String, Long> database() {
        Map<String, Long> sums = new TreeMap<>();
        lab.sql("select account, tres_alloc, time_end - time_start - time_suspended from lab_job_table where time_end > time_start and time_start > 0").lines()
                .map(line -> line.split("\t")).forEach(row -> {
                    for (String entry : row[1].split(",")) {
                        String[] tres = entry.split("=");
                        if (NUMBERS.containsKey(tres[0])) {
                            sums.merge(row[0] + " " + NUMBERS.get(tres[0]) + " nobody", Long.parseLong(tres[1]) * Long.parseLong(row[2]), Long::sum);
                        }
                    }
                });
        return withTotals(sums);
    }

    private static Map<String, Long> of(String account, Map<String, Long> sums) {
        Map<String, Long> some = new TreeMap<>(sums);
        some.keySet().removeIf(key -> !key.startsWith(account + " "));
        return some;
    }

    private static void await(Supplier<Boolean> condition) {
        Instant end = Instant.now().plusSeconds(60);
        while (!condition.get()) {
            assertThat(Instant.now()).as("deadline").isBefore(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
