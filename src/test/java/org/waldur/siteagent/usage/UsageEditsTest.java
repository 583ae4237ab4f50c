package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waldur.siteagent.cli.Checked;

/** The edits of examples/edits that are about usage, each applied to the shipped routes; each makes another world. */
class UsageEditsTest extends UsageSite {
    private Checked copy;

    @BeforeEach
    void copyRoutes() throws Exception {
        copy = new Checked(folder.resolve("copy"));
        site.routes(copy.folder());
        ran(1, "hpc_one", "alice", "2026-11-03T00:00:00Z", "2026-11-03T10:00:00Z");
    }

    private List<String> totals() {
        return site.waldur.usages().stream().filter(line -> line.startsWith("hpc_one") && !line.contains("alice")).toList();
    }

    @Test
    void anotherPeriod() throws Exception {
        copy.edit("11");
        assertThat(report()).isZero();
        assertThat(copy.read("report.camel.yaml")).contains("isDue(3600000, 15)");
    }

    @Test
    void aComponentIsMultiplied() throws Exception {
        copy.edit("12");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 mem 320.00");
    }

    @Test
    void aComponentIsLeftOut() throws Exception {
        copy.edit("13");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64");
    }

    @Test
    void aComponentIsAdded() throws Exception {
        copy.edit("14");
        site.waldur.addComponent(site.offering, Map.of("type", "gpu", "name", "GPU", "billing_type", "usage", "measured_unit", "h"));
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 gpu 20.00", "hpc_one 2026-11 mem 640.00");
    }

    @Test
    void windowsOfAWeek() throws Exception {
        copy.edit("15");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 mem 640.00");
        assertThat(site.slurm.commands().stream().filter(c -> c.argv().get(0).equals("sacct")).map(c -> c.argv().toString()).distinct())
                .as("five weeks of October, and three of November").hasSize(8);
    }

    @Test
    void aScriptIsToldWhatIsHeld() throws Exception {
        copy.edit("16");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho \"$@\" >>" + folder.resolve("said") + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        site.property("site.held_script", script.toString());
        site.waldur.putUsage(one, "2026-11", "cpu", "9.99");
        assertThat(report()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).matches("hpc_one 2026-11 [0-9a-f]{12}\n");
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 9.99");
    }
}
