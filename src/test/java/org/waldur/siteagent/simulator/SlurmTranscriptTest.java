package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real Slurm 22.05.8 answered, command by command, from an empty cluster on; the simulator must answer the same.
 * {@code $} a command, {@code >} its stdout, {@code !} its stderr, {@code =} its exit code; {@code &} a job is submitted, {@code +} there are
 * further QoS, {@code @} Linux users.
 */
class SlurmTranscriptTest {
    private static final Path RECORDED = Path.of("src/test/resources/slurm-22.05");

    @TempDir
    Path folder;

    private void copyFiles() throws Exception {
        try (Stream<Path> files = Files.list(RECORDED.resolve("files"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "add", "names42", "limits", "modify", "remove", "jobs", "load", "qos", "parent", "partitions", "members"})
    void theSimulatorAnswersAsSlurmDid(String transcript) throws Exception {
        List<String> expected = Files.readAllLines(RECORDED.resolve(transcript + ".txt"));
        List<String> found = new ArrayList<>();
        copyFiles();
        try (SlurmSimulator simulator = SlurmSimulator.start(folder, "lab")) {
            for (String line : expected) {
                if (line.startsWith("$ ")) {
                    found.add(line);
                    SlurmCommand command = simulator.run(ShellWords.split(line.substring(2)).toArray(String[]::new));
                    command.out().lines().map(text -> "> " + text).forEach(found::add);
                    command.err().lines().map(text -> "! " + text).forEach(found::add);
                    found.add("= " + command.rc());
                } else if (line.startsWith("& ")) {
                    found.add(line);
                    String[] job = line.split(" ");
                    simulator.submit(job[1], job[2], job[3]);
                } else if (line.startsWith("+ ")) {
                    found.add(line);
                    simulator.addQos(line.substring(2).split(" "));
                } else if (line.startsWith("@ ")) {
                    found.add(line);
                    simulator.addLinuxUsers(line.substring(2).split(" "));
                } else if (line.isEmpty() || line.startsWith("#")) {
                    found.add(line);
                }
            }
        }
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", expected));
    }
}
