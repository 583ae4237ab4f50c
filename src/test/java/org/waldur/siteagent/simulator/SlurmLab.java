package org.waldur.siteagent.simulator;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the programs of a real Slurm, as the simulator runs its own. */
final class SlurmLab {
    record Answer(int rc, String out, String err) {
    }

    private final Path bin;

    SlurmLab(Path bin) {
        this.bin = bin;
    }

    Answer run(Path directory, List<String> argv) throws Exception {
        List<String> command = new ArrayList<>(argv);
        command.set(0, bin.resolve(argv.get(0)).toString());
        Path err = directory.resolve("stderr");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end within 60 s: " + argv);
        }
        return new Answer(process.exitValue(), out, Files.readString(err));
    }
}
