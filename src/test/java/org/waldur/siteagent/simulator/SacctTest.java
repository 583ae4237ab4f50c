package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sacct of the simulator prints; that Slurm prints the same is the business of SacctContractTest. */
class SacctTest {
    private static final Instant DAY = Instant.parse("2026-11-03T00:00:00Z");
    private static final Instant NOW = DAY.plusSeconds(100_000);
    private static final Map<String, String> EPOCH = Map.of("SLURM_TIME_FORMAT", "%s", "TZ", "UTC");
    private static final String FIELDS = "JobIDRaw,Account,State,Start,End,ElapsedRaw,Suspended,TimelimitRaw,AllocTRES";
    private static final String TRES = "cpu=2,mem=1000M,gres/gpu=1,gres/gpu:a100=1";
    private static final String SHOWN = "cpu=2,gres/gpu:a100=1,gres/gpu=1,mem=1000M";

    @TempDir
    Path folder;
    SlurmSimulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = SlurmSimulator.start(folder, "lab");
        simulator.clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private static Instant at(long seconds) {
        return DAY.plusSeconds(seconds);
    }

    private static long epoch(long seconds) {
        return at(seconds).getEpochSecond();
    }

    private static String[] sacct(String fields, String... more) {
        return Stream.concat(Stream.of("sacct", "--parsable2", "--noconvert", "--allocations", "--allusers", "--duplicates",
                "--starttime=2026-11-03T00:00:00", "--endtime=2026-11-04T00:00:00", "--format=" + fields), Stream.of(more)).toArray(String[]::new);
    }

    private List<String> rows(String... more) {
        return simulator.run(EPOCH, sacct(FIELDS, more)).out().lines().skip(1).toList();
    }

    private List<String> ids(String... more) {
        return rows(more).stream().map(row -> row.substring(0, row.indexOf('|'))).toList();
    }

    @Test
    void theProgramPrintsAHeaderAndTheTimesThatItIsAskedFor() throws Exception {
        simulator.addJob(SlurmRun.ran(7, "a1", "amy", at(10), at(20), TRES));
        List<String> command = new ArrayList<>(List.of(sacct("Cluster,JobID,User,Start,Elapsed,Submit")));
        command.set(0, simulator.binPath().resolve("sacct").toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(EPOCH);
        assertThat(new String(builder.start().getInputStream().readAllBytes()))
                .isEqualTo("Cluster|JobID|User|Start|Elapsed|Submit\nlab|7|amy|" + epoch(10) + "|00:00:10|" + epoch(-50) + "\n");
        builder.environment().remove("SLURM_TIME_FORMAT");
        assertThat(new String(builder.start().getInputStream().readAllBytes())).contains("lab|7|amy|2026-11-03T00:00:10|");
        assertThat(Files.readString(folder.resolve("err"))).isEmpty();
    }

    @Test
    void jobsThatAreNotOver() {
        simulator.addJob(SlurmRun.ran(1, "a1", "amy", at(10), null, TRES).limitedTo(SlurmRun.UNLIMITED));
        simulator.addJob(SlurmRun.ran(2, "a1", "amy", at(20), null, TRES).suspended(at(30), at(40)).suspended(at(90_000), null));
        simulator.addJob(SlurmRun.pending(3, "a1", "amy", at(0)));
        simulator.addJob(SlurmRun.pending(4, "a1", "amy", at(1)).ended(at(9), "CANCELLED by 0"));
        assertThat(rows()).containsExactlyInAnyOrder(
                "1|a1|RUNNING|" + epoch(10) + "|Unknown|99990|00:00:00|UNLIMITED|" + SHOWN,
                "2|a1|SUSPENDED|" + epoch(20) + "|Unknown|89970|02:46:50|1440|" + SHOWN,
                "3|a1|PENDING|Unknown|Unknown|0|00:00:00|Partition_Limit|",
                "4|a1|CANCELLED by 0|None|" + epoch(9) + "|0|00:00:00|Partition_Limit|");
    }

    @Test
    void aWindowClips() {
        simulator.addJob(SlurmRun.ran(1, "a1", "amy", at(-100), at(200), TRES).suspended(at(-10), at(30)).suspended(at(50), at(60)));
        simulator.addJob(SlurmRun.ran(2, "a1", "amy", at(86_300), null, TRES).suspended(at(86_390), null));
        assertThat(rows("--truncate")).containsExactly(
                "1|a1|COMPLETED|" + epoch(0) + "|" + epoch(200) + "|160|00:00:40|1440|" + SHOWN,
                "2|a1|SUSPENDED|" + epoch(86_300) + "|" + epoch(86_400) + "|100|00:00:00|1440|" + SHOWN);
    }

    @Test
    void whatAWindowHas() {
        simulator.addJob(SlurmRun.ran(1, "a1", "amy", at(-50), at(-1), TRES));
        simulator.addJob(SlurmRun.ran(2, "a1", "amy", at(-50), at(0), TRES));
        simulator.addJob(SlurmRun.ran(3, "a2", "bob", at(86_400), at(86_500), TRES));
        simulator.addJob(SlurmRun.ran(4, "a2", "bob", at(86_400), at(86_500), TRES).submitted(at(86_400)));
        simulator.addJob(SlurmRun.ran(5, "a2", "bob", at(50), at(50), TRES).task(9, 1));
        simulator.addJob(SlurmRun.ran(6, "a2", "bob", at(50), at(60), TRES).inState("REQUEUED"));
        simulator.addJob(SlurmRun.ran(6, "a2", "bob", at(150), at(160), TRES));
        simulator.addJob(SlurmRun.pending(7, "a1", "amy", at(0)).eligibleAt(null));
        assertThat(ids()).containsExactly("2", "6", "5", "6", "3");
        assertThat(ids("--accounts=A2", "--accounts=a3")).containsExactly("6", "5", "6", "3");
        assertThat(ids("--accounts=")).isEmpty();
        assertThat(ids("--jobs=1,9,6,7")).containsExactly("6", "5", "7", "6");
        assertThat(ids("--clusters=nosuch")).isEmpty();
    }

    @Test
    void aRunawayIsUnknownToSqueueOnly() {
        simulator.addJob(SlurmRun.ran(1, "a1", "amy", at(10), null, TRES));
        simulator.addJob(SlurmRun.ran(2, "a1", "amy", at(10), null, TRES));
        simulator.forget(1);
        assertThat(ids()).containsExactly("1", "2");
        String[] squeue = {"squeue", "--all", "--array", "--noheader", "--states=all", "--format=%A", "--clusters=lab"};
        assertThat(simulator.run(squeue).out()).isEqualTo("2\n");
        simulator.caller("wsa", SlurmUser.AdminLevel.NONE);
        assertThat(simulator.run(squeue).out()).isEqualTo("2\n");
        simulator.privateQueue(true);
        assertThat(simulator.run(squeue).out()).isEmpty();
        assertThat(ids()).containsExactly("1", "2");
        simulator.privateData(true);
        assertThat(simulator.run(EPOCH, sacct("User")).out()).isEqualTo("User\n");
    }

    @Test
    void aCancelledJobIsInTheHistory() {
        simulator.run("sacctmgr", "-i", "add", "account", "a1");
        simulator.run("sacctmgr", "-i", "add", "user", "amy", "account=a1");
        int running = simulator.submit("a1", "amy", "RUNNING");
        simulator.clock(Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC));
        simulator.run("scancel", "--account=a1");
        simulator.run("sacctmgr", "-i", "remove", "account", "a1");
        assertThat(simulator.runs()).containsExactly(SlurmRun.ran(running, "a1", "amy", NOW, NOW.plusSeconds(60),
                "billing=1,cpu=1,mem=1024M,node=1").submitted(NOW).inState("CANCELLED by 0"));
        assertThat(simulator.jobs()).isEmpty();
    }

    @Test
    void itsFailures() {
        simulator.addJob(SlurmRun.ran(1, "a1", "amy", at(10), at(20), TRES));
        String[] command = sacct("JobIDRaw,AllocTRES,User");
        assertThat(simulator.run(sacct("JobIDRaw,ReqTRES")).rc()).isEqualTo(64);
        assertThat(simulator.run(sacct("JobIDRaw", "--state=R")).rc()).isEqualTo(64);
        assertThat(simulator.run("sacct", "--parsable2", "--format=User").rc()).isEqualTo(64);
        simulator.inject(SlurmFault.noRows(argv -> true));
        assertThat(simulator.run(command).out()).isEqualTo("JobIDRaw|AllocTRES|User\n");
        simulator.inject(SlurmFault.noTres(argv -> true));
        SlurmCommand noTres = simulator.run(command);
        assertThat(noTres.out()).isEqualTo("JobIDRaw|AllocTRES|User\n1||amy\n");
        assertThat(noTres.err()).contains("DBD_GET_TRES failure");
        assertThat(noTres.rc()).isZero();
        simulator.inject(SlurmFault.cutLastLine(argv -> true));
        assertThat(simulator.run(command).out()).isEqualTo("JobIDRaw|AllocTRES|User\n1|" + SHOWN.substring(0, (SHOWN.length() + 7) / 2 - 2));
        simulator.inject(SlurmFault.warn(argv -> true, "sacct: warning: x"));
        assertThat(simulator.run(command).out()).isEqualTo("JobIDRaw|AllocTRES|User\nsacct: warning: x\n1|" + SHOWN + "|amy\n");
    }

    @Test
    void aRunThatCannotBe() {
        SlurmRun run = SlurmRun.ran(1, "a1", "amy", at(10), null, TRES).suspended(at(20), null);
        assertThatThrownBy(() -> run.inState("RUNNING")).isInstanceOf(IllegalArgumentException.class);
        assertThat(run.ended(at(50), "CANCELLED by 0").end()).isEqualTo(at(20));
    }
}
