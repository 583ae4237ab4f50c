package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.simulator.SlurmRun;

/** What a real Slurm does when it is in trouble, some of it with exit code 0: nothing is told to Waldur, and the right figures afterwards. */
class RealOutagesTest extends RealUsageSite {
    private static final int ROWS = 200_000;
    private static final Instant DAY = PREVIOUS.atDay(10).atStartOfDay().toInstant(ZoneOffset.UTC);
    private static final String NODE = "billing=64,cpu=64,mem=65536M,node=1";

    @Test
    void daemonsThatDieWhileTheyAnswer() {
        allocations("one");
        fill("hpc_one", "alice");
        site.property("report.window_days", "31");

        killDuringReport("slurmdbd", sacct -> isReadingJobs());
        // now sacct has all jobs, and slurmdbd is gone when it asks for the names of TRES: it prints every row without them, with exit code 0
        killDuringReport("slurmdbd", sacct -> memory(sacct) > 100 << 20);
        killDuringReport("mariadbd", sacct -> isReadingJobs());
        lab.kill("mariadbd");
        assertThat(report()).isEqualTo(1);
        lab.up();

        assertThat(told()).isEmpty();
        assertThat(site.deadLetters()).isNotEmpty();
        assertThat(report()).isZero();
        assertThat(told()).isEqualTo(withTotals(Map.of("hpc_one " + PREVIOUS + " cpu alice", 60L * ROWS, "hpc_one " + PREVIOUS + " mem alice", 60L * 1024 * ROWS,
                "hpc_one " + PREVIOUS + " node alice", 60L * ROWS, "hpc_one " + PREVIOUS + " billing alice", 2 * 60L * ROWS)));
        assertThat(site.deadLetters()).isEmpty();
    }

    /** A daemon is killed as soon as sacct is so far; the report fails, and the daemon is started again. */
    private void killDuringReport(String daemon, Predicate<ProcessHandle> moment) {
        CompletableFuture<Integer> report = CompletableFuture.supplyAsync(this::report);
        while (sacct().filter(moment).isEmpty()) {
            assertThat(report).as("it ended before " + daemon + " could be killed").isNotDone();
            Thread.onSpinWait();
        }
        lab.kill(daemon);
        assertThat(report.join()).isEqualTo(1);
        assertThat(told()).isEmpty();
        lab.up();
    }

    private static java.util.Optional<ProcessHandle> sacct() {
        return ProcessHandle.current().descendants().filter(process -> process.info().command().orElse("").endsWith("/sacct")).findFirst();
    }

    private boolean isReadingJobs() {
        return !lab.sql("select id from information_schema.processlist where info like '%lab_job_table%' and info not like '%processlist%'").isEmpty();
    }

    /** In bytes; 0 if it is gone. */
    private static long memory(ProcessHandle process) {
        try {
            return 4096 * Long.parseLong(Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm")).split(" ")[1]);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Jobs of a minute each, on one day. */
    private void fill(String account, String user) {
        lab.sql(("set unique_checks=0; insert into lab_job_table (mod_time,account,cpus_req,flags,job_name,id_assoc,id_job,id_qos,id_resv,id_wckey,id_user,"
                + "id_group,het_job_id,het_job_offset,state_reason_prev,nodelist,nodes_alloc,node_inx,`partition`,priority,state,timelimit,time_submit,"
                + "time_eligible,time_start,time_end,tres_alloc,tres_req) select t,'%1$s',1,24,'job',(select id_assoc from lab_assoc_table where acct='%1$s' and"
                + " user='%2$s' and deleted=0),1000+seq,1,0,0,65534,65534,0,4294967294,0,'n0',1,'0','main',1,3,1440,t-60,t-60,t,t+60,'1=1,2=1024,4=1,5=2',''"
                + " from (select seq, %3$d+seq%%80000 t from seq_1_to_%4$d) q").formatted(account, user, DAY.getEpochSecond(), ROWS));
    }

    /** Slurm shows him nothing of others, and says so to nobody. */
    @Test
    void aCallerWithoutRights() throws IOException {
        allocations("one");
        lab.addJobs(List.of(SlurmRun.ran(1, "hpc_one", "alice", DAY, DAY.plusSeconds(600), NODE)));
        Path nobody = programs("exec setpriv --reuid=nobody --regid=nogroup --clear-groups ");
        site.backend("slurm_bin_path", nobody.toString()).property("agent.root", "false").property("agent.user", "nobody");
        lab.privateData(true);
        try {
            assertThat(answer(nobody.resolve("sacct").toString(), "--allusers", "--allocations", "--starttime=" + PREVIOUS + "-01", "--format=JobIDRaw", "--parsable2"))
                    .isEqualTo("JobIDRaw\n");
            assertThat(report()).isEqualTo(1);
            assertThat(told()).isEmpty();
            assertThat(site.deadLetters()).singleElement().asString().contains("nobody may not see all of Slurm's accounting");
            lab.sacctmgr("add", "account", "waldur_agent");
            lab.sacctmgr("add", "user", "nobody", "account=waldur_agent", "adminlevel=Operator");
            assertThat(report()).isZero();
            assertThat(told()).containsEntry("hpc_one " + PREVIOUS + " cpu alice", 64 * 600L).hasSize(8);
        } finally {
            lab.privateData(false);
        }
    }

    private static String answer(String... command) throws IOException {
        return new String(new ProcessBuilder(command).start().getInputStream().readAllBytes());
    }

    /** It was there for squeue and sacct, and then only for sacct. */
    @Test
    void aJobThatSlurmctldLoses() {
        allocations("one");
        Instant start = Instant.now().minusSeconds(600);
        lab.addJobs(List.of(SlurmRun.ran(900_000, "hpc_one", "alice", start, null, NODE).limitedTo(SlurmRun.UNLIMITED)));
        slurmctldKnows(List.of(900_000));
        assertThat(report()).isZero();
        long counted = cpuSeconds();
        assertThat(counted).isBetween(64 * 600L, 64 * (Instant.now().getEpochSecond() - start.getEpochSecond()));

        slurmctldKnows(List.of());
        assertThat(report()).isZero();
        long last = cpuSeconds();
        assertThat(last).as("up to the last time that it was there").isBetween(counted, counted + 64 * 30);
        assertThat(report()).isZero();
        assertThat(cpuSeconds()).as("and no further").isEqualTo(last);
        assertThat(String.join("\n", site.printed)).doesNotContain("--release");

        // mends it, which takes back all that it used
        lab.sacctmgr("show", "runaway");
        assertThat(report()).isZero();
        assertThat(cpuSeconds()).as("nothing falls by itself").isEqualTo(last);
        assertThat(String.join("\n", site.printed)).contains("sacct says 0.00", "--release");
    }

    private long cpuSeconds() {
        return told().entrySet().stream().filter(e -> e.getKey().endsWith(" cpu alice")).mapToLong(Map.Entry::getValue).sum();
    }
}
