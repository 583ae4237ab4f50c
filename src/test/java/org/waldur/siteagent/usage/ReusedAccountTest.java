package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Site;
import org.waldur.siteagent.simulator.WaldurFault;

/**
 * An account that another resource had before, or has, too: each is billed for its own jobs. Our own orders never give a name away again, but
 * somebody else may, or may have.
 */
class ReusedAccountTest extends UsageSite {

    @BeforeEach
    void theOldOneRuns() {
        ran(1, "hpc_one", "alice", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
    }

    private List<String> cpu() {
        return site.waldur.usages().stream().filter(line -> line.startsWith("hpc_one 2026-11 cpu")).toList();
    }

    @Test
    void theNextOneIsNotBilledForTheJobsOfTheOldOne() throws IOException {
        report();
        site.waldur.terminate(one);
        assertThat(site.cycle()).isZero();
        report();
        site.now("2026-11-20T13:00:00Z");
        site.allocation("one", Map.of());
        site.now("2026-11-20T20:00:00Z");
        ran(2, "hpc_one", "bob", "2026-11-20T13:30:00Z", "2026-11-20T18:30:00Z");
        for (String when : List.of("the next cycle", "another day, when that one is finished", "all files are deleted")) {
            assertThat(report()).isZero();
            assertThat(cpu()).as(when).containsExactly("hpc_one 2026-11 cpu 0.32", "hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 cpu alice 0.64", "hpc_one 2026-11 cpu bob 0.32");
            assertThat(notes()).isEmpty();
            if (when.startsWith("another day")) {
                deleteAllFiles();
            }
            site.now("2026-11-21T20:00:00Z");
        }
        site.now("2026-12-02T20:00:00Z");
        Site.Said audit = site.command("usage", "audit", "--month", "2026-11");
        assertThat(audit.code()).as(audit.out()).isZero();
    }

    /** Each of two offerings on one cluster has a resource that names the account. */
    @Test
    void anAccountThatTwoOfferingsHaveIsToldByNeither() throws IOException {
        try (Site other = another()) {
            prepare(other);
            String same = other.allocation("one", Map.of());
            other.allocation("three", Map.of());
            other.now("2026-11-20T12:00:00Z");
            other.backend("slurm_bin_path", site.slurm.binPath().toString());
            site.beside(other, "other");
            ran(2, "hpc_two", "bob", "2026-11-20T01:00:00Z", "2026-11-20T11:00:00Z");
            assertThat(report()).isZero();
            assertThat(cpu()).isEmpty();
            assertThat(other.waldur.usages()).isEmpty();
            assertThat(site.waldur.usages()).as("the others are told").contains("hpc_two 2026-11 cpu 0.64");
            assertThat(site.reports).hasSize(2).allMatch(report -> report.notes().stream().anyMatch(note -> note.contains("hpc_one") && note.contains("same account")));
            other.waldur.spoilResource(same, "backend_id", "hpc_four");
            assertThat(report()).isZero();
            assertThat(cpu()).contains("hpc_one 2026-11 cpu 0.64");
        }
    }

    @Test
    void norWhileOneOfThemIsAway() throws IOException {
        try (Site other = another()) {
            prepare(other);
            other.allocation("one", Map.of());
            other.now("2026-11-20T12:00:00Z");
            other.backend("slurm_bin_path", site.slurm.binPath().toString());
            site.beside(other, "other");
            try (Site.Running agent = site.byHand()) {
                agent.cycle("report");
                other.waldur.inject(WaldurFault.answer(request -> true, 502, "bad gateway").times(20));
                agent.cycle("report");
                assertThat(site.deadLetters()).hasSize(1);
            }
            assertThat(cpu()).isEmpty();
            assertThat(other.waldur.usages()).isEmpty();
        }
    }
}
