package org.waldur.siteagent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlurmSimulatorTest {
    @TempDir
    Path folder;
    SlurmSimulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = SlurmSimulator.start(folder, "lab");
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    record Result(int rc, String out, String err) {
    }

    Process launch(String... argv) throws Exception {
        List<String> command = new ArrayList<>(List.of(argv));
        command.set(0, simulator.binPath().resolve(argv[0]).toString());
        return new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
    }

    Result exec(String... argv) throws Exception {
        Process process = launch(argv);
        String out = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), out, Files.readString(folder.resolve("stderr")));
    }

    @Test
    void aProgramPrintsWhatTheRealOnePrints() throws Exception {
        assertThat(exec("sacctmgr", "--version")).isEqualTo(new Result(0, "slurm-wlm 22.05.8\n", ""));
        assertThat(exec("sacctmgr", "-i", "add", "account", "c1", "parent=nosuch")).isEqualTo(new Result(1, "", """
                 Parent account 'nosuch' doesn't exist on cluster lab
                        Contact your admin to add this account.
                 No associations created.
                """));
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        String[] argv = {"sacctmgr", "--bad", "", "a b", "x\ny", "'\"$(id)`*", "ünï 机", "\\0", "-n"};
        assertThat(exec(argv).rc()).isEqualTo(64);
        assertThat(simulator.commands()).singleElement().satisfies(command -> assertThat(command.argv()).containsExactly(argv));
    }

    @Test
    void anUnknownArgumentFails() throws Exception {
        Result result = exec("sacctmgr", "-i", "add", "account", "c1", "maxjobs=4");
        assertThat(result.rc()).isEqualTo(64);
        assertThat(result.err()).contains("maxjobs=4");
    }

    @Test
    void aKilledProgramsCommandRunsToItsEnd() throws Exception {
        simulator.inject(SlurmFault.hang(argv -> argv.contains("add"), Duration.ofMillis(300)));
        Process process = launch("sacctmgr", "-i", "add", "account", "c1");
        Thread.sleep(100);
        process.destroyForcibly().waitFor();
        assertThat(simulator.accounts()).extracting(SlurmAccount::name).containsExactly("root");
        for (int i = 0; i < 100 && simulator.accounts().size() < 2; i++) {
            Thread.sleep(50);
        }
        assertThat(simulator.accounts()).extracting(SlurmAccount::name).containsExactly("c1", "root");
    }
}
