package org.waldur.siteagent.simulator;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Slurm with a slurmdbd of its own: the folder that the environment variable SLURMLAB names, with an env.sh to source. */
final class SlurmLab {
    record Answer(int rc, String out, String err) {
    }

    private final Path folder;

    private SlurmLab(Path folder) {
        this.folder = folder;
    }

    /** Whether there is one; if not, says so aloud. */
    static boolean present() {
        String lab = System.getenv("SLURMLAB");
        if (lab != null && Files.isReadable(Path.of(lab, "env.sh"))) {
            return true;
        }
        System.err.println("""

                *** SKIPPED: contract tests of the Slurm simulator against a real slurmdbd.
                *** SLURMLAB=%s names no folder with an env.sh.
                """.formatted(lab));
        return false;
    }

    static SlurmLab open() {
        return new SlurmLab(Path.of(System.getenv("SLURMLAB")));
    }

    Answer run(Path directory, List<String> argv) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", ". \"$0/env.sh\"; exec \"$@\"", folder.toString()));
        command.addAll(argv);
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
