package org.waldur.siteagent.usage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.slurm.Accounts;

/** Reads usage as the routes read-usage and read-window do, without them and without processes: the texts are those of the simulated programs. */
final class SlurmLook implements AutoCloseable {
    private static final Map<String, String> ENVIRONMENT = Map.of("SLURM_TIME_FORMAT", "%s", "TZ", "UTC");
    private static final String FIELDS = "Cluster,JobIDRaw,Account,User,Start,End,ElapsedRaw,Suspended,TimelimitRaw,AllocTRES";
    static final int GRACE_MINUTES = 60;
    final SlurmSimulator slurm;
    final List<String> commands = new ArrayList<>();
    private final Path stateDir;
    private final Random random;

    /** @param random shuffles the rows of each answer */
    SlurmLook(Path folder, Random random) throws IOException {
        this.slurm = SlurmSimulator.start(folder.resolve("slurm"), "lab");
        this.stateDir = folder.resolve("state");
        this.random = random;
    }

    /** What slurmdbd and slurmctld know at a moment. */
    SlurmLook at(Instant now, List<TrueJob> jobs) {
        slurm.clock(Clock.fixed(now, ZoneOffset.UTC));
        slurm.clearJobs();
        jobs.forEach(job -> job.at(now).ifPresent(slurm::addJob));
        return this;
    }

    /** Reads some months at a moment of our clock. @param anew hours after which what is remembered is read again */
    Reading read(Offering offering, List<YearMonth> months, Instant now, int days, int anew) {
        return read(new Sacct(stateDir, Clock.fixed(now, ZoneId.of("UTC")), false), offering, months, days, anew);
    }

    /** Reads a month from nothing, and tells what it counts. */
    Reading explain(Offering offering, YearMonth month, Instant now, int days, Explanation explanation) {
        return read(new Sacct(stateDir, Clock.fixed(now, ZoneId.of("UTC")), explanation), offering, List.of(month), days, 0);
    }

    private Reading read(Sacct sacct, Offering offering, List<YearMonth> months, int days, int anew) {
        String squeue = slurm.run("squeue", "--all", "--array", "--noheader", "--states=all", "--format=%A").out();
        Reading reading = sacct.begin(sacct.none(), offering, months, new Accounts("lab", Map.of()), Holders.NONE, squeue, "", days, anew, GRACE_MINUTES);
        for (Window window : reading.getWindows()) {
            if (sacct.mayBeKnown(reading, window)) {
                try {
                    read(sacct, reading, window);
                } catch (UsageUnknown e) {
                    sacct.unknown(reading, window, e);
                }
            }
        }
        sacct.end(reading);
        return reading;
    }

    private void read(Sacct sacct, Reading reading, Window window) {
        List<String> all = List.of("--starttime=" + window.getStart(), "--endtime=" + window.getEnd(), "--format=" + FIELDS);
        WindowCount count = sacct.count(reading, window, sacct(all));
        if (count.isEmpty()) {
            count = sacct.count(reading, window, sacct(all));
        }
        for (String ids : sacct.interrupted(count)) {
            sacct.truncated(reading, count, sacct(List.of("--truncate", "--jobs=" + ids, all.get(0), all.get(1), "--format=State," + FIELDS)));
        }
        for (String ids : sacct.paused(count)) {
            sacct.whole(reading, count, sacct(List.of("--truncate", "--jobs=" + ids, "--starttime=2000-01-01T00:00:00", "--endtime=" + reading.getTomorrow(),
                    "--format=State," + FIELDS)));
        }
        sacct.counted(reading, window, count);
    }

    private CommandOutput sacct(List<String> more) {
        List<String> argv = new ArrayList<>(List.of("sacct", "--parsable2", "--noconvert", "--allocations", "--allusers", "--duplicates"));
        argv.addAll(more);
        commands.add(String.join(" ", more));
        String out = slurm.run(ENVIRONMENT, argv.toArray(String[]::new)).out();
        if (!out.endsWith("\n")) {
            return CommandOutput.of(out);
        }
        List<String> rows = new ArrayList<>(out.lines().skip(1).toList());
        Collections.shuffle(rows, random);
        return CommandOutput.of(out.substring(0, out.indexOf('\n') + 1) + String.join("", rows.stream().map(row -> row + "\n").toList()));
    }

    @Override
    public void close() throws IOException {
        slurm.close();
    }
}
