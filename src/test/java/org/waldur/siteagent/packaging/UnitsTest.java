package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.config.Mode;

/** The units of {@code systemd-conf}. */
class UnitsTest {
    private static final Path CONF = Path.of("systemd-conf");
    private static final Map<String, String> MODES = Map.of("agent-order-process", "order_process", "agent-membership-sync", "membership_sync",
            "agent-report", "report", "agent-all", "order_process,membership_sync,report");
    private static final String PROGRAM = "/usr/bin/waldur-site-agent";

    @TempDir
    private Path folder;

    private static List<String> lines(String name, String kind) throws Exception {
        return Files.readAllLines(CONF.resolve(name).resolve(kind + ".service"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "agent-legacy"})
    void theyDifferInNothingButTheirModes(String kind) throws Exception {
        Set<String> expected = new TreeSet<>(comparable(lines("agent-order-process", kind)));
        for (Map.Entry<String, String> mode : MODES.entrySet()) {
            List<String> unit = lines(mode.getKey(), kind);
            assertThat(new TreeSet<>(comparable(unit))).as(mode.getKey()).isEqualTo(expected);
            assertThat(unit).contains("ExecStart=" + PROGRAM + " -m " + mode.getValue() + " -c " + Built.CONFIG + " --routes " + Built.ROUTES);
            Mode.parse(mode.getValue());
        }
    }

    /** Settings only: without what is said of one unit, and that one process with all modes ends the others. */
    private static List<String> comparable(List<String> unit) {
        return unit.stream().filter(line -> !line.startsWith("#") && !line.startsWith("Description=") && !line.startsWith("Conflicts="))
                .map(line -> line.replaceFirst(" -m \\S+", " -m MODE")).collect(Collectors.toList());
    }

    /** What it is that is over is said in the unit, line by line. @param most tenths, as systemd takes them */
    @ParameterizedTest
    @CsvSource({"agent-order-process/agent, 15", "agent-membership-sync/agent, 15", "agent-report/agent, 15", "agent-all/agent, 15", "agent-order-process/agent-legacy, 20",
        "agent-membership-sync/agent-legacy, 20", "agent-report/agent-legacy, 20", "agent-all/agent-legacy, 20", "homedirs/waldur-agent-homedirs, 20"})
    void systemdFindsThemSafe(String unit, int most) throws Exception {
        String version = systemd("--version").said();
        assumeTrue(Integer.parseInt(version.replaceFirst("(?s)^systemd (\\d+).*", "$1")) >= 250, "this systemd-analyze cannot look at files: " + version);
        systemd("security", "--offline=true", "--no-pager", "--threshold=" + most, CONF.resolve(unit + ".service").toString()).good();
    }

    @Test
    void systemdUnderstandsThem() throws Exception {
        Path program = Files.createFile(folder.resolve("program"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        for (String name : MODES.keySet()) {
            for (String kind : List.of("agent", "agent-legacy")) {
                Path unit = folder.resolve("waldur-" + name + "-" + kind + ".service");
                Files.writeString(unit, Files.readString(CONF.resolve(name).resolve(kind + ".service")).replace("ExecStart=" + PROGRAM, "ExecStart=" + program));
                assertThat(systemd("verify", "--man=no", unit.toString()).said().lines().filter(line -> line.contains(unit.getFileName().toString()))).isEmpty();
            }
        }
    }

    private static Debian.Ended systemd(String... words) throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
        if (!there) {
            System.err.println("THE UNITS ARE NOT LOOKED AT: there is no systemd-analyze (apt-get install systemd)");
        }
        assumeTrue(there, "there is no systemd-analyze");
        String[] command = new String[words.length + 1];
        command[0] = "systemd-analyze";
        System.arraycopy(words, 0, command, 1, words.length);
        return Debian.run(60, command);
    }
}
