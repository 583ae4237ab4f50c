package org.waldur.siteagent.exec;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs one command to its end, or ends it: with its deadline, and with all that it has started. It has ended when its process has, and
 * when nobody holds its stdout any more: what a child still prints belongs to it. What it leaves behind with a stdout of its own is left
 * alone.
 */
final class Command {
    /** slurmdbd serves no more than two callers well. */
    private static final Semaphore AT_ONCE = new Semaphore(2, true);
    private static final long MOST_STDOUT = 1L << 30;
    private static final int MOST_STDERR = 64 << 10;
    private static final long GRACE_MS = 500;
    private static final Set<String> SECRET = Set.of("TOKEN", "SECRET", "PASSWORD", "SENTRY", "CREDENTIALS");
    private static final String CAT = "/bin/cat";

    /**
     * How a command ended.
     *
     * @param exit    128 and the signal if it was killed by one
     * @param trouble why we have ended it; empty: it ended by itself
     */
    record Result(int exit, String trouble, CommandOutput stdout, String stderr, double seconds) {
    }

    private final ProcessTree tree = new ProcessTree();
    private final long started = System.nanoTime();
    private final Duration deadline;

    private Command(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * Throws {@link IOException} if it could not be started.
     *
     * @param setsid setsid(1). With it a command has a session of its own, and Ctrl-C in the terminal of a run by hand does not reach it:
     *               the step in hand is finished. Where it is missing a command runs without
     */
    static Result run(Argv argv, Duration deadline, Path setsid) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(argv.program()))) {
            throw new IOException("it is not there, or may not be executed");
        }
        if (!AT_ONCE.tryAcquire(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("two other commands did not end within " + deadline.toSeconds() + " s");
        }
        try {
            // its time begins now: what it has waited for its turn is not its fault
            Command command = new Command(deadline);
            return command.finish(command.start(argv.words(), Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of()));
        } finally {
            AT_ONCE.release();
        }
    }

    /**
     * The command, and a cat that we read its stdout from. Java closes its end of a pipe when the process ends that it has started, so
     * whether it would see what a child prints afterwards is a matter of luck. cat ends when nobody holds the pipe any more.
     */
    private List<Process> start(List<String> words, List<String> session) throws IOException {
        ProcessBuilder command = builder(session, words).redirectInput(new File("/dev/null"));
        return Files.isExecutable(Path.of(CAT)) ? ProcessBuilder.startPipeline(List.of(command, builder(session, List.of(CAT)).redirectError(Redirect.DISCARD)))
                : List.of(command.start());
    }

    private ProcessBuilder builder(List<String> session, List<String> words) {
        List<String> all = new ArrayList<>(session);
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        clean(builder.environment());
        tree.mark(builder.environment());
        return builder;
    }

    private Result finish(List<Process> processes) throws InterruptedException {
        Process process = processes.get(0);
        Spool spool = new Spool(MOST_STDOUT);
        Head errors = new Head(MOST_STDERR);
        Output stdout = new Output(processes.get(processes.size() - 1).getInputStream(), spool, "stdout of a command");
        Output stderr = new Output(process.getErrorStream(), errors, "stderr of a command");
        String trouble = stdout.ended(left()) ? stdout.trouble() : late();
        for (Process each : processes) {
            if (trouble.isEmpty() && !each.waitFor(left(), TimeUnit.MILLISECONDS)) {
                trouble = late();
            }
        }
        if (!trouble.isEmpty()) {
            tree.kill(processes);
            stdout.ended(GRACE_MS);
        }
        // who holds nothing but stderr is not waited for
        stderr.ended(GRACE_MS);
        stdout.close();
        stderr.close();
        int exit = process.isAlive() ? 137 : process.exitValue();
        return new Result(exit, trouble, spool.output(), errors.text(), (System.nanoTime() - started) / 1e9);
    }

    private String late() {
        return "it did not end within " + deadline.toSeconds() + " s";
    }

    private long left() {
        return Math.max(1, deadline.toMillis() - (System.nanoTime() - started) / 1_000_000);
    }

    /** Output that does not depend on who starts us, and no secret where any user can read it (proc(5), environ). */
    private static void clean(Map<String, String> environment) {
        environment.keySet().removeIf(name -> SECRET.stream().anyMatch(name.toUpperCase(Locale.ROOT)::contains)
                || name.startsWith("LC_") || name.startsWith("JAVA_") || name.startsWith("SACCTMGR") || name.startsWith("SQUEUE_"));
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
        environment.put("SLURM_TIME_FORMAT", "%s");
    }
}
