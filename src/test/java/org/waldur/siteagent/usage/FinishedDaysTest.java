package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;

/** What cannot change any more is not read in every cycle, and is nevertheless found if it changes. */
class FinishedDaysTest extends UsageSite {

    @BeforeEach
    void twoDaysOfJobs() {
        aDayInAWindow();
        othersRunEveryDay();
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
        ran(2, "hpc_one", "alice", "2026-11-20T00:00:00Z", "2026-11-20T05:00:00Z");
        billedByLimit();
    }

    /** The days that a cycle at this moment asks sacct for, those that are asked for twice once. */
    private List<String> daysReadAt(String moment) {
        int before = commands("sacct").size();
        site.now(moment);
        assertThat(report()).isZero();
        return commands("sacct").stream().skip(before).flatMap(c -> c.argv().stream()).filter(a -> a.startsWith("--starttime=")).map(a -> a.substring(12, 22)).distinct()
                .toList();
    }

    private Path stateFile(String month) throws IOException {
        try (Stream<Path> files = Files.list(site.stateDir().resolve("usage"))) {
            return files.filter(file -> file.getFileName().toString().contains(month)).findFirst().orElseThrow();
        }
    }

    @Test
    void theSecondCycleReadsTodayOnly() {
        assertThat(daysReadAt("2026-11-20T12:00:00Z")).as("all of October, and 20 days").hasSize(51);
        assertThat(daysReadAt("2026-11-20T12:30:00Z")).containsExactly("2026-11-20");
        assertThat(daysReadAt("2026-11-21T00:30:00Z")).as("yesterday may still get late rows").containsExactly("2026-11-20", "2026-11-21");
        assertThat(daysReadAt("2026-11-21T01:00:01Z")).containsExactly("2026-11-20", "2026-11-21");
        assertThat(daysReadAt("2026-11-21T01:30:00Z")).containsExactly("2026-11-21");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.96");
    }

    @Test
    void aDayStaysOpenAsLongAsAJobOfItRuns() {
        site.slurm.addJob(SlurmRun.ran(1001, "hpc_two", "bob", Instant.parse("2026-11-18T12:00:00Z"), null, NODE).limitedTo(SlurmRun.UNLIMITED));
        daysReadAt("2026-11-21T12:00:00Z");
        assertThat(daysReadAt("2026-11-21T12:30:00Z")).containsExactly("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21");
        site.slurm.addJob(SlurmRun.ran(1001, "hpc_two", "bob", Instant.parse("2026-11-18T12:00:00Z"), Instant.parse("2026-11-21T12:40:00Z"), NODE));
        assertThat(daysReadAt("2026-11-21T13:00:00Z")).containsExactly("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21");
        assertThat(daysReadAt("2026-11-21T13:30:00Z")).containsExactly("2026-11-21");
        assertThat(site.waldur.usages()).as("72 hours and 40 minutes").contains("hpc_two 2026-11 cpu 4.65", "hpc_two 2026-11 cpu bob 4.65");
    }

    @Test
    void aLateRecordIsFoundWhenAllIsReadAfterADay() {
        daysReadAt("2026-11-20T12:00:00Z");
        ran(3, "hpc_one", "bob", "2026-11-05T00:00:00Z", "2026-11-05T10:00:00Z");
        ran(4, "hpc_one", "bob", "2026-10-05T00:00:00Z", "2026-10-05T10:00:00Z");
        daysReadAt("2026-11-21T11:30:00Z");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.96").noneMatch(line -> line.contains("bob"));
        assertThat(daysReadAt("2026-11-21T12:00:00Z")).hasSize(52);
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 1.60", "hpc_one 2026-11 cpu bob 0.64", "hpc_one 2026-10 cpu bob 0.64");
        assertThat(daysReadAt("2026-11-21T12:30:00Z")).containsExactly("2026-11-21");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0", "null", "[]", "{", "{\"cluster\": 5}", "{\"windows\": [[1, 2]], \"used\": 7}", "one digit", "delete"})
    void aFileThatIsGoneOrBrokenIsAsGoodAsNone(String content) throws IOException {
        site.property("report.months", "1");
        daysReadAt("2026-11-20T12:00:00Z");
        List<String> told = site.waldur.usages();
        Path file = stateFile("2026-11");
        if (content.equals("delete")) {
            Files.delete(file);
        } else if (content.equals("one digit")) {
            Files.writeString(file, Files.readString(file).replace("\"2304000\"", "\"2304001\""));
        } else {
            Files.writeString(file, content);
        }
        assertThat(daysReadAt("2026-11-20T12:30:00Z")).as("of November all is read again").hasSize(20);
        assertThat(site.waldur.usages()).isEqualTo(told);
        assertThat(daysReadAt("2026-11-20T13:00:00Z")).containsExactly("2026-11-20");
    }

    @Test
    void allFilesMayBeDeleted() throws IOException {
        daysReadAt("2026-11-20T12:00:00Z");
        List<String> told = site.waldur.usages();
        deleteAllFiles();
        assertThat(daysReadAt("2026-11-20T12:30:00Z")).hasSize(51);
        assertThat(site.waldur.usages()).isEqualTo(told);
    }

    /** What nobody ran on is believed when sacct says it in two cycles. */
    @Test
    void aDayWithoutAnyJobIsFinishedASecondTime() {
        site.slurm.clearJobs();
        assertThat(daysReadAt("2026-11-20T12:00:00Z")).hasSize(51);
        assertThat(daysReadAt("2026-11-20T12:30:00Z")).hasSize(51);
        assertThat(daysReadAt("2026-11-20T13:00:00Z")).containsExactly("2026-11-20");
    }

    /** slurmdbd prints no row at all, with exit code 0, when it could not read its database. */
    @Test
    void aDayThatHadRowsAndHasNoneNowIsUnknown() {
        daysReadAt("2026-11-20T12:00:00Z");
        ran(5, "hpc_one", "bob", "2026-11-21T00:00:00Z", "2026-11-21T20:00:00Z");
        site.slurm.inject(SlurmFault.noRows(argv -> argv.get(0).equals("sacct") && argv.contains("--starttime=2026-11-03T00:00:00")).times(2));
        site.now("2026-11-21T21:00:00Z");
        assertThat(report()).as("what was used later would hide what is missing").isEqualTo(1);
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 0.96").noneMatch(line -> line.contains("bob"));
        assertThat(site.deadLetters()).singleElement().asString().contains("has none now");
        assertThat(daysReadAt("2026-11-21T21:30:00Z")).contains("2026-11-03");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu 2.24", "hpc_one 2026-11 cpu bob 1.28");
        assertThat(site.deadLetters()).isEmpty();
    }

    /** Rows that were there once may have been purged; then an operator deletes what is remembered. */
    @Test
    void itStaysUnknownUntilTheRowsAreThereOrTheFilesAreDeleted() throws IOException {
        daysReadAt("2026-11-20T12:00:00Z");
        site.slurm.clearJobs();
        for (String moment : List.of("2026-11-21T21:00:00Z", "2026-11-21T21:30:00Z", "2026-11-22T21:30:00Z")) {
            site.now(moment);
            assertThat(report()).as(moment).isEqualTo(1);
        }
        deleteAllFiles();
        assertThat(report()).isZero();
        assertThat(site.waldur.usages()).as("and then it is held").contains("hpc_one 2026-11 cpu 0.96");
    }

    /** A clock that was wrong must not make a day of today that is over. */
    @Test
    void aDayThatIsNotOverByTheClockOfNowIsReadAgain() {
        daysReadAt("2026-11-21T01:30:00Z");
        ran(5, "hpc_one", "bob", "2026-11-20T16:00:00Z", "2026-11-20T17:00:00Z");
        assertThat(daysReadAt("2026-11-20T18:00:00Z")).contains("2026-11-20");
        assertThat(site.waldur.usages()).contains("hpc_one 2026-11 cpu bob 0.06");
    }
}
