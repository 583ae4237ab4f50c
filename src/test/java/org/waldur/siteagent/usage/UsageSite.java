package org.waldur.siteagent.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.cli.SiteTest;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.WaldurRequest;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A site on the 20th of November with two allocations, {@code hpc_one} and {@code hpc_two}, that are there since the middle of September. */
public abstract class UsageSite extends SiteTest {
    protected static final String NODE = "billing=64,cpu=64,gres/gpu=2,mem=65536M,node=1";
    protected String one;
    protected String two;

    @BeforeEach
    protected void twoAllocations() {
        prepare(site);
        one = site.allocation("one", Map.of());
        two = site.allocation("two", Map.of());
        site.now("2026-11-20T12:00:00Z");
    }

    /** A site in the middle of September with the components cpu and mem, billed by usage. */
    protected static void prepare(Site site) {
        site.components("""
                cpu: {label: CPU, measured_unit: k-Hours, unit_factor: 60000, accounting_type: usage}
                mem: {label: RAM, measured_unit: gb-Hours, unit_factor: 61440, accounting_type: usage}
                """);
        for (String type : List.of("cpu", "mem")) {
            site.waldur.addComponent(site.offering, Map.of("type", type, "name", type, "billing_type", "usage", "measured_unit", "h"));
        }
        // each window is a program that is run twice, and only some tests are about windows
        site.property("report.window_days", "31");
        site.now("2026-09-15T12:00:00Z");
    }

    /** What is finished, and all else that the agent keeps of usage. */
    protected void deleteAllFiles() throws IOException {
        try (Stream<Path> files = Files.list(site.stateDir().resolve("usage"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** As it is shipped. */
    protected void aDayInAWindow() {
        site.property("report.window_days", "1");
    }

    /** A Waldur takes usage of a past month of what is billed by limit only. */
    protected void billedByLimit() {
        site.waldur.components(site.offering).forEach(component -> site.waldur.changeComponent(site.offering, (String) component.get("type"), "billing_type", "limit"));
    }

    /** A job that is over. */
    protected void ran(int id, String account, String user, String from, String to) {
        site.slurm.addJob(SlurmRun.ran(id, account, user, Instant.parse(from), Instant.parse(to), NODE));
    }

    /** Somebody else's jobs, one on each day of October and November: sacct has always something to print. */
    protected void othersRunEveryDay() {
        for (Instant day = Instant.parse("2026-10-01T10:00:00Z"); day.isBefore(Instant.parse("2026-12-01T00:00:00Z")); day = day.plusSeconds(86_400)) {
            site.slurm.addJob(SlurmRun.ran((int) (day.getEpochSecond() / 3600), "others", "erin", day, day.plusSeconds(60), NODE));
        }
    }

    /** A job that goes on. */
    protected void runs(int id, String account, String user, String from) {
        site.slurm.addJob(SlurmRun.ran(id, account, user, Instant.parse(from), null, NODE));
    }

    /** What ran for ten hours on the 3rd of November. */
    protected static SlurmRun ran(String account, String user) {
        return SlurmRun.ran(77, account, user, Instant.parse("2026-11-03T00:00:00Z"), Instant.parse("2026-11-03T10:00:00Z"), NODE);
    }

    /** Another Waldur, with offerings of its own. */
    protected Site another() throws IOException {
        WaldurSimulator waldur = WaldurSimulator.start();
        waldur.addOffering("older", "");
        return new Site(folder.resolve("other"), waldur, "");
    }

    /** What was run of a program so far. */
    protected List<SlurmCommand> commands(String program) {
        return site.slurm.commands().stream().filter(command -> command.argv().get(0).equals(program)).toList();
    }

    /** The bodies of all that was booked so far, by the last word of the path. */
    protected List<String> booked(String action) {
        return site.waldur.requests().stream().filter(request -> request.method().equals("POST") && request.path().endsWith("/" + action + "/")).map(WaldurRequest::body).toList();
    }

    /** What the last cycle had to say besides its figures. */
    protected List<String> notes() {
        return site.reports.get(site.reports.size() - 1).notes();
    }

    protected int report() {
        return site.run("report", false);
    }
}
