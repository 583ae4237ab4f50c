package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real Slurm of a benchmark's own, see {@code src/slurm-lab}. */
record Lab(Bench bench, Path folder) implements AutoCloseable {
    private static final int CANNOT = 77;

    /** Starts one; empty if there can be none here, which is said in the log. */
    static Optional<Lab> up(Bench bench) throws IOException, InterruptedException {
        Path folder = bench.fresh("lab");
        int code = bench.exitCode(List.of("src/slurm-lab/slurm-lab", "up", folder.toString()), Map.of("TZ", "UTC"), bench.folder().resolve("log"));
        if (code != 0 && code != CANNOT) {
            throw new IllegalStateException("no Slurm came up; see " + bench.folder().resolve("log"));
        }
        return code == 0 ? Optional.of(new Lab(bench, folder)) : Optional.empty();
    }

    /** @param words of {@code src/bench/fill-slurm}, after the folder */
    void fill(Object... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("src/bench/fill-slurm", folder.toString()));
        List.of(words).forEach(word -> command.add(word.toString()));
        bench.run(command, Map.of());
    }

    /** Folder of its programs. */
    Path bin() {
        return folder.resolve("bin");
    }

    /** Gives what it prints. */
    List<String> sacctmgr(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(bin().resolve("sacctmgr").toString()));
        command.addAll(List.of(words));
        Path out = Files.createTempFile(bench.folder(), "sacctmgr", ".out");
        int code = bench.exitCode(command, Map.of(), out);
        if (code != 0) {
            throw new IllegalStateException(command + " ended with " + code + "; see " + bench.folder());
        }
        return Files.readAllLines(out);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        bench.run(List.of("src/slurm-lab/slurm-lab", "down", folder.toString()), Map.of());
    }
}
