package org.waldur.siteagent.exec;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs one command to its end, or ends it: with its deadline, and with all that it has started. */
final class Command {
    /** slurmdbd serves no more than two callers well. */
    private static final Semaphore AT_ONCE = new Semaphore(2, true);
    private static final int MOST_STDOUT = 32 << 20;
    private static final int MOST_STDERR = 64 << 10;
    private static final long GRACE_MS = 2_000;
    private static final Set<String> SECRET = Set.of("TOKEN", "SECRET", "PASSWORD", "SENTRY", "CREDENTIALS");

    /** How a command ended. {@code exit} is 128 and the signal if it was killed by one. */
    record Result(int exit, boolean timedOut, boolean cut, String stdout, String stderr, double seconds) {
    }

    private Command() {
    }

    static Result run(Argv argv, Duration deadline) throws IOException, InterruptedException {
        long started = System.nanoTime();
        if (!AT_ONCE.tryAcquire(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("two other commands did not end within " + deadline.toSeconds() + " s");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(argv.words()).redirectInput(new File("/dev/null"));
            clean(builder.environment());
            return finish(builder.start(), started, deadline);
        } finally {
            AT_ONCE.release();
        }
    }

    private static Result finish(Process process, long started, Duration deadline) throws InterruptedException {
        Output stdout = new Output(process.getInputStream(), MOST_STDOUT, "stdout of a command");
        Output stderr = new Output(process.getErrorStream(), MOST_STDERR, "stderr of a command");
        boolean inTime = process.waitFor(left(started, deadline), TimeUnit.MILLISECONDS);
        // a child that holds the stream open has to end in time, too: what it prints may belong to the answer
        boolean whole = inTime && stdout.ended(left(started, deadline)) && stderr.ended(left(started, deadline));
        if (!whole) {
            kill(process);
            stdout.ended(GRACE_MS);
            stderr.ended(GRACE_MS);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Result(process.exitValue(), !whole, stdout.isOver(), stdout.text(), stderr.text(), seconds);
    }

    private static long left(long started, Duration deadline) {
        return Math.max(1, deadline.toMillis() - (System.nanoTime() - started) / 1_000_000);
    }

    /** TERM to the process and all its descendants, then KILL; descendants that appear meanwhile are found as well. */
    private static void kill(Process process) throws InterruptedException {
        Set<ProcessHandle> tree = new LinkedHashSet<>(process.descendants().toList());
        tree.add(process.toHandle());
        tree.forEach(ProcessHandle::destroy);
        process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS);
        List<ProcessHandle> late = new ArrayList<>();
        tree.stream().filter(ProcessHandle::isAlive).forEach(handle -> late.addAll(handle.descendants().toList()));
        tree.addAll(late);
        tree.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Output that does not depend on who starts us, and no secret where any user can read it (proc(5), environ). */
    private static void clean(Map<String, String> environment) {
        environment.keySet().removeIf(name -> SECRET.stream().anyMatch(name.toUpperCase(Locale.ROOT)::contains)
                || name.startsWith("LC_") || name.startsWith("JAVA_") || name.startsWith("SACCTMGR") || name.startsWith("SQUEUE_"));
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
        environment.put("SLURM_TIME_FORMAT", "standard");
    }
}
