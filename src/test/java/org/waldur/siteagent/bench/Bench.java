package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.waldur.siteagent.cli.AgentCycles;

/**
 * What is run and timed, and the folder that it needs, which is deleted at the end unless something failed.
 *
 * @param python the Python that has the incumbent, if there is one
 */
record Bench(Path distribution, Optional<Path> python, Path folder) {
    /** Of our agent while it is timed, whatever is enough. */
    private static final String HEAP = "256m";
    /** For each that is tried, in megabytes. */
    private static final List<Integer> HEAPS = List.of(16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024);

    /** @param python {@code -} if there is none */
    static Bench of(String name, String distribution, String python) throws IOException {
        Path folder = Files.createTempDirectory(name);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Bench(Path.of(distribution).toAbsolutePath(), python.equals("-") ? Optional.empty() : Optional.of(Path.of(python).toAbsolutePath()), folder);
    }

    /** A folder that nothing is in yet. */
    Path fresh(String name) throws IOException {
        return Files.createTempDirectory(folder, name);
    }

    List<String> ours(String mode, Path config, String... more) {
        List<String> command = new ArrayList<>(List.of(distribution.resolve("bin/waldur-site-agent").toString(), "-m", mode, "--once", "-c", config.toString()));
        command.addAll(List.of(more));
        return command;
    }

    /** Gives the seconds that it took. */
    double run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int code = exitCode(command, environment, log());
        if (code != 0) {
            throw new IllegalStateException(command + " ended with " + code + "; see " + log());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    int exitCode(List<String> command, Map<String, String> environment, Path out) throws IOException, InterruptedException {
        return exitCode(command, environment, out, 7200).orElseThrow(() -> new IllegalStateException(command + " does not end; see " + log()));
    }

    /** Empty if it takes longer than that; then it is killed. */
    private OptionalInt exitCode(List<String> command, Map<String, String> environment, Path out, long seconds) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        builder.environment().put("AGENT_JAVA_OPTS", "-Xmx" + HEAP);
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return OptionalInt.empty();
        }
        return OptionalInt.of(process.exitValue());
    }

    private Path log() {
        return folder.resolve("log");
    }

    /** Seconds of each of some cycles in one process, which Java has time to make fast. @param words more of {@link AgentCycles} */
    List<Double> service(String job, Path config, Path state, int cycles, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Xmx" + HEAP, "-cp", System.getProperty("java.class.path"), AgentCycles.class.getName(), config.toString(), distribution.resolve("routes").toString(), job,
                Integer.toString(cycles)));
        command.addAll(List.of(words));
        Path out = Files.createTempFile(folder, "service", ".out");
        int code = exitCode(command, Map.of("STATE_DIRECTORY", state.toString()), out);
        List<Double> seconds = Files.readAllLines(out).stream().filter(line -> line.matches("[0-9.]+(E-?[0-9]+)?")).map(Double::valueOf).toList();
        if (code != 0 || seconds.size() != cycles) {
            throw new IllegalStateException("cycles of " + job + " ended with " + code + "; see " + folder);
        }
        return seconds;
    }

    /** The smallest heap in megabytes that is enough for a cycle, in not much more time than it takes with a large one. */
    int heap(String mode, Path config) throws IOException, InterruptedException {
        long most = 10 + 3 * Math.round(run(ours(mode, config), Map.of("STATE_DIRECTORY", fresh("state").toString())));
        for (int megabytes : HEAPS) {
            Map<String, String> environment = Map.of("STATE_DIRECTORY", fresh("state").toString(), "AGENT_JAVA_OPTS", "-Xmx" + megabytes + "m");
            if (exitCode(ours(mode, config), environment, log(), most).orElse(1) == 0) {
                return megabytes;
            }
        }
        throw new IllegalStateException("no heap is enough; see " + log());
    }

    /** The same commands one after the other in a shell: the best of some rounds. */
    double bare(List<String> calls, Path programs, int rounds) throws IOException, InterruptedException {
        Path script = Files.createTempFile(folder, "bare", ".sh");
        Files.write(script, calls.stream().map(call -> programs + "/" + call + " >/dev/null").toList());
        double best = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            best = Math.min(best, run(List.of("sh", "-e", script.toString()), Map.of("TZ", "UTC", "SLURM_TIME_FORMAT", "%s")));
        }
        return best;
    }

    /** Deletes its folder. */
    void clean() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
