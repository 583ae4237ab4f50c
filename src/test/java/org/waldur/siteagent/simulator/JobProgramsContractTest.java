package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.slurm.RealSlurm;

/** squeue and scancel pick the same jobs by account, user and id, simulated and real. Every Debian has the users games, irc and news. */
@ExtendWith(RealSlurm.class)
class JobProgramsContractTest {
    private static final List<String> QUEUE = List.of("squeue", "--noheader", "--format=%i|%a|%u");

    @TempDir
    Path folder;
    private SlurmLab real;
    private SlurmSimulator simulator;
    private final List<String> jobs = new ArrayList<>();

    @BeforeEach
    void submit(RealSlurm.Lab lab) throws Exception {
        lab.clear();
        real = new SlurmLab(lab.binPath());
        simulator = SlurmSimulator.start(folder, "lab");
        simulator.addLinuxUsers("games", "irc", "news");
        same("sacctmgr", "-i", "add", "account", "jobs1,jobs2");
        same("sacctmgr", "-i", "add", "user", "games,irc,news", "account=jobs1,jobs2");
        for (String account : List.of("jobs1", "jobs2")) {
            for (String user : List.of("games", "games", "irc", "news")) {
                String id = lab.program("sbatch", "--parsable", "--hold", "--uid=" + user, "--account=" + account, "--chdir=/", "--output=/dev/null",
                        "--wrap=sleep 600").strip();
                simulator.addJob(SlurmRun.pending(Integer.parseInt(id), account, user, Instant.now()));
                jobs.add(id);
            }
        }
    }

    @AfterEach
    void clear(RealSlurm.Lab lab) throws Exception {
        simulator.close();
        lab.program("scancel", jobs.toArray(String[]::new));
        Instant end = Instant.now().plusSeconds(60);
        while (!lab.sacct("-nPXa", "--starttime=now-1day", "--endtime=now+1day", "--state=PENDING", "--format=JobIDRaw").isEmpty()) {
            assertThat(Instant.now()).as("deadline").isBefore(end);
            Thread.sleep(100);
        }
        lab.clear();
        lab.clearJobs();
    }

    @Test
    void squeueTakesListsAndScancelTakesOneNameEach() throws Exception {
        for (List<String> options : List.of(List.of("--account=jobs1"), List.of("--account=JOBS1,nosuch", "--user=games,irc"), List.of("--user=GAMES"),
                List.of("--account=jobs1,jobs2", "--user=games,nosuch"), List.of("--user=nosuch,alsonot"), List.of("--account=", "--user=irc"),
                List.of("--account=jobs1", "--user="), List.of("--clusters=nosuch", "--user=nosuch"))) {
            List<String> argv = new ArrayList<>(QUEUE);
            argv.addAll(options);
            same(argv.toArray(String[]::new));
        }
        for (List<String> argv : List.of(List.of("scancel", "--account=jobs1,jobs2", "--user=irc"), List.of("scancel", "--account=jobs1", "--user=games,irc"),
                List.of("scancel", "--account=jobs1", "--user=nosuch"), List.of("scancel", "--account=jobs1", "--user="),
                List.of("scancel", "--account=", "--user=irc"), List.of("scancel", "--account=nosuch", "--user=irc"),
                List.of("scancel", "--user=Games"), List.of("scancel", "--clusters=nosuch", "--user=nosuch"), List.of("scancel"))) {
            same(argv.toArray(String[]::new));
            assertThat(simulator.jobs()).as("nothing is cancelled by %s", argv).hasSize(jobs.size());
            same(QUEUE.toArray(String[]::new));
        }
        for (List<String> argv : List.of(List.of("scancel", "--account=Jobs1", "--user=games"), List.of("scancel", "999999999", jobs.get(3)),
                List.of("scancel", jobs.get(3)), List.of("scancel", "--account=jobs1", jobs.get(3)), List.of("scancel", "--user=irc", "999999999"),
                List.of("scancel", "--account=jobs2", jobs.get(2), jobs.get(4), jobs.get(6)),
                List.of("scancel", "--account=jobs2", "--user=news", jobs.get(5)), List.of("scancel", "--cluster=lab", "--user=news"))) {
            same(argv.toArray(String[]::new));
            same(QUEUE.toArray(String[]::new));
        }
        assertThat(simulator.jobs()).extracting(job -> Integer.toString(job.id())).containsExactly(jobs.get(2), jobs.get(5));
    }

    /** The lines of stdout come in the order of priority, which is not looked at. */
    private void same(String... argv) throws Exception {
        SlurmLab.Answer expected = real.run(folder, List.of(argv));
        SlurmCommand found = simulator.run(argv);
        assertThat(sorted(found.rc(), found.out(), found.err())).as(String.join(" ", argv))
                .isEqualTo(sorted(expected.rc(), expected.out(), expected.err()));
    }

    private static SlurmLab.Answer sorted(int rc, String out, String err) {
        return new SlurmLab.Answer(rc, String.join("\n", out.lines().sorted().toList()), err);
    }
}
