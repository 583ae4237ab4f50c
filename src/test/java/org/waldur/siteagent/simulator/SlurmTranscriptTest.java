package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real Slurm 22.05.8 answered, command by command, from an empty cluster on; the simulator must answer the same.
 * {@code $} a command, {@code >} its stdout, {@code !} its stderr, {@code =} its exit code.
 */
class SlurmTranscriptTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"show", "add", "names42", "limits", "modify", "remove"})
    void theSimulatorAnswersAsSlurmDid(String transcript) throws Exception {
        List<String> expected = Files.readAllLines(Path.of("src/test/resources/slurm-22.05", transcript + ".txt"));
        List<String> found = new ArrayList<>();
        try (SlurmSimulator simulator = SlurmSimulator.start(folder, "lab")) {
            for (String line : expected) {
                if (line.startsWith("$ ")) {
                    found.add(line);
                    SlurmCommand command = simulator.run(ShellWords.split(line.substring(2)).toArray(String[]::new));
                    command.out().lines().map(text -> "> " + text).forEach(found::add);
                    command.err().lines().map(text -> "! " + text).forEach(found::add);
                    found.add("= " + command.rc());
                } else if (line.isEmpty() || line.startsWith("#")) {
                    found.add(line);
                }
            }
        }
        assertThat(found.stream().collect(Collectors.joining("\n"))).isEqualTo(String.join("\n", expected));
    }
}
