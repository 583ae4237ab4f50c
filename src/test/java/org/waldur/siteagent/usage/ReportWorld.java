package org.waldur.siteagent.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.WaldurSimulator;

/**
 * Usage of two months that is to be told: of one resource more than Waldur has, of the second the same, of the third nothing at all, and of
 * the fourth less. Of the people of the first one is new, one used more, and one nothing any more. What was told can be taken back, and then
 * the same agent tells it again.
 */
final class ReportWorld implements AutoCloseable {
    private static final List<String> MONTHS = List.of("2026-10", "2026-11");
    final Site site;
    private Site.Running agent;
    private final Map<String, String> orders = new TreeMap<>();

    /** @param old a Waldur 7, which takes usage of this month only, and of people one by one */
    ReportWorld(Path folder, boolean old) throws IOException {
        site = new Site(folder, old ? WaldurSimulator.startOld(0) : WaldurSimulator.start(), "");
        UsageSite.prepare(site);
        // today's Waldur takes usage of a past month for what is billed by limit only
        List.of("cpu", "mem").forEach(type -> site.waldur.changeComponent(site.offering, type, "billing_type", "limit"));
        site.now("2026-10-01T12:00:00Z");
        List.of("more", "same", "none", "less").forEach(name -> orders.put(name, site.allocation(name, Map.of())));
        site.now("2026-11-20T12:00:00Z");
        for (String month : MONTHS) {
            Instant day = Instant.parse(month + "-05T00:00:00Z");
            ran("hpc_more", "alice", day, 10);
            ran("hpc_more", "bob", day, 5);
            ran("hpc_same", "alice", day, 10);
            ran("hpc_less", "alice", day, 10);
        }
        takeBack();
    }

    /** The agent that stays. */
    void cycle() {
        if (agent == null) {
            agent = site.serveHere();
        }
        agent.cycle("report");
    }

    /** Another agent goes on, which waits as long as need be. */
    void goOnPatiently() {
        agent.close();
        site.patient();
        agent = null;
    }

    private void ran(String account, String user, Instant start, int hours) {
        site.slurm.addJob(SlurmRun.ran(site.slurm.runs().size() + 1, account, user, start, start.plusSeconds(3600L * hours), UsageSite.NODE));
    }

    /** Nothing is told yet, nothing is remembered, and nothing goes wrong. */
    void takeBack() {
        site.waldur.calm();
        site.slurm.calm();
        site.waldur.beforeRequest(request -> { });
        site.waldur.onRequest(request -> { });
        site.slurm.onCommand(command -> { });
        site.waldur.clearUsage();
        for (String month : MONTHS) {
            had("more", month, "0.32", "320.00");
            site.waldur.putUserUsage(orders.get("more"), month, "cpu", "carol", "0.10");
            had("same", month, "0.64", "640.00");
            had("less", month, "0.64", "641.00");
        }
        delete(site.stateDir().resolve("usage"));
        delete(site.stateDir().resolve("dead-letters"));
    }

    private void had(String name, String month, String cpu, String mem) {
        Map.of("cpu", cpu, "mem", mem).forEach((type, amount) -> {
            site.waldur.putUsage(orders.get(name), month, type, amount);
            site.waldur.putUserUsage(orders.get(name), month, type, "alice", amount);
        });
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (agent != null) {
            agent.close();
        }
        site.close();
    }
}
