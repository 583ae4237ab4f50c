package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.slurm.RealSlurm;

/**
 * The shipped routes between a simulated Waldur and a real Slurm, with allocations that are older than the months that are reported. One of
 * Waldur's units is a TRES-minute here: its two decimals tell every second from the next.
 */
@ExtendWith(RealSlurm.class)
abstract class RealUsageSite {
    static final List<String> TRES = List.of("cpu", "mem", "node", "billing", "gres/gpu");
    static final Instant TODAY = Instant.now().truncatedTo(ChronoUnit.DAYS);
    /** The month of the last day that is over, and the one before it. */
    static final YearMonth CURRENT = YearMonth.from(TODAY.minusSeconds(1).atZone(ZoneOffset.UTC));
    static final YearMonth PREVIOUS = CURRENT.minusMonths(1);
    @TempDir
    Path folder;
    Site site;
    RealSlurm.Lab lab;
    private Path known;

    @BeforeEach
    void open(RealSlurm.Lab running) throws IOException {
        lab = running;
        lab.clearJobs();
        lab.clear();
        site = new Site(folder);
        site.backend("slurm_bin_path", programs("exec ").toString());
        site.property("slurm.read_timeout", "60000").property("slurm.write_timeout", "60000");
        site.components(TRES.stream().map(tres -> tres + ": {label: " + tres + ", measured_unit: m, unit_factor: 1, accounting_type: usage}\n")
                .collect(Collectors.joining()));
        // of components that are billed by limit Waldur takes the usage of the month before as well
        TRES.forEach(tres -> site.waldur.addComponent(site.offering, Map.of("type", tres, "name", tres, "billing_type", "limit", "measured_unit", "m")));
    }

    @AfterEach
    void close() throws IOException {
        site.close();
        lab.clearJobs();
        lab.clear();
    }

    /** The programs of the real Slurm, where squeue also shows the jobs that {@link #slurmctldKnows}. @param how what the shell does with them */
    Path programs(String how) throws IOException {
        Path bin = Files.createTempDirectory(folder, "bin");
        known = Files.writeString(folder.resolve("known-jobs"), "");
        for (String program : List.of("sacctmgr", "sacct", "squeue", "scancel")) {
            String run = lab.binPath().resolve(program) + " \"$@\"";
            Path script = Files.writeString(bin.resolve(program), "#!/bin/sh\n" + (program.equals("squeue") ? run + " && cat " + known : how + run) + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin;
    }

    /** Jobs that are in the database only are shown by squeue, too. */
    void slurmctldKnows(Collection<Integer> jobs) {
        try {
            Files.writeString(known, jobs.stream().map(id -> id + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Allocations {@code hpc_NAME} that are there since long. Gives their orders. */
    List<String> allocations(String... names) {
        site.now(PREVIOUS.minusMonths(1).atDay(15) + "T12:00:00Z");
        List<String> orders = List.of(names).stream().map(name -> site.waldur.create(site.offering, name, "proj-1", "cust-1", Map.of())).toList();
        assertThat(site.cycle()).isZero();
        nowIsNow();
        return orders;
    }

    void nowIsNow() {
        site.clock(Clock.systemUTC());
        site.waldur.clock(Clock.systemUTC());
    }

    int report() {
        return site.run("report", false);
    }

    /** What Waldur has, without zeros: {@code account month tres [user]} to TRES-seconds. */
    SortedMap<String, Long> told() {
        SortedMap<String, Long> told = new TreeMap<>();
        for (String line : site.waldur.usages()) {
            int last = line.lastIndexOf(' ');
            BigDecimal seconds = new BigDecimal(line.substring(last + 1)).multiply(BigDecimal.valueOf(60)).setScale(0, RoundingMode.HALF_UP);
            told.put(line.substring(0, last), seconds.longValueExact());
        }
        told.values().removeIf(seconds -> seconds == 0);
        return told;
    }

    /** Sums of users, and of all users of an account beside them. @param users {@code account month tres user} to TRES-seconds */
    static SortedMap<String, Long> withTotals(Map<String, Long> users) {
        SortedMap<String, Long> all = new TreeMap<>(users);
        users.forEach((key, seconds) -> all.merge(key.substring(0, key.lastIndexOf(' ')), seconds, Long::sum));
        all.values().removeIf(seconds -> seconds == 0);
        return all;
    }
}
