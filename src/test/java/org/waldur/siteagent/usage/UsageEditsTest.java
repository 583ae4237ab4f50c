package org.waldur.siteagent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    private void edit(String name) throws Exception {
        Path patchFile;
        try (Stream<Path> files = Files.list(Path.of("examples/edits"))) {
            patchFile = files.filter(f -> f.getFileName().toString().startsWith(name)).findFirst().orElseThrow();
        }
        List<String> lines = Files.readAllLines(patchFile);
        String file = lines.stream().filter(l -> l.startsWith("--- a/routes/")).findFirst().orElseThrow().substring("--- a/routes/".length());
        copy.write(file, String.join("\n", DiffUtils.patch(copy.read(file).lines().toList(), UnifiedDiffUtils.parseUnifiedDiff(lines))) + "\n");
        assertThat(copy.check()).as(name).isEmpty();
    }

    private List<String> totals() {
        return site.waldur.usages().stream().filter(line -> line.startsWith("hpc_one") && !line.contains("alice")).toList();
    }

    @Test
    void anotherPeriod() throws Exception {
        edit("11");
        assertThat(report()).isZero();
        assertThat(copy.read("report.camel.yaml")).contains("isDue(3600000, 15)");
    }

    @Test
    void aComponentIsMultiplied() throws Exception {
        edit("12");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 mem 320.00");
    }

    @Test
    void aComponentIsLeftOut() throws Exception {
        edit("13");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64");
    }

    @Test
    void aComponentIsAdded() throws Exception {
        edit("14");
        site.waldur.addComponent(site.offering, Map.of("type", "gpu", "name", "GPU", "billing_type", "usage", "measured_unit", "h"));
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 gpu 20.00", "hpc_one 2026-11 mem 640.00");
    }

    @Test
    void windowsOfAWeek() throws Exception {
        edit("15");
        assertThat(report()).isZero();
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 0.64", "hpc_one 2026-11 mem 640.00");
        assertThat(site.slurm.commands().stream().filter(c -> c.argv().get(0).equals("sacct")).map(c -> c.argv().toString()).distinct())
                .as("five weeks of October, and three of November").hasSize(8);
    }

    @Test
    void aScriptIsToldWhatIsHeld() throws Exception {
        edit("16");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho \"$@\" >>" + folder.resolve("said") + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        site.property("site.held_script", script.toString());
        site.waldur.putUsage(one, "2026-11", "cpu", "9.99");
        assertThat(report()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).matches("hpc_one 2026-11 [0-9a-f]{12}\n");
        assertThat(totals()).containsExactly("hpc_one 2026-11 cpu 9.99");
    }
}
