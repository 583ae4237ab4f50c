package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is, in the words of sd_notify(3), by systemd-notify(1), because Java has no Unix datagrams. Where nobody wants
 * to be told ({@code NOTIFY_SOCKET} is not set), it does nothing. Nobody waits for it, and nothing fails because of it.
 */
final class Systemd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("systemd");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private final Path program;
    private final boolean wanted;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread one = new Thread(task, "systemd");
        one.setDaemon(true);
        return one;
    });

    /** @param socket the environment's {@code NOTIFY_SOCKET}; empty: nobody wants to be told */
    Systemd(Path program, String socket) {
        this.program = program;
        this.wanted = !socket.isEmpty();
        if (wanted && !Files.isExecutable(program)) {
            LOG.warn("systemd is told nothing, because there is no {}; with Type=notify it will take the agent for one that does not start", program);
        }
    }

    boolean isWanted() {
        return wanted && Files.isExecutable(program);
    }

    /** @param words assignments, like {@code READY=1} */
    void say(String... words) {
        if (!isWanted()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        try {
            thread.execute(() -> run(command));
        } catch (RejectedExecutionException e) {
            LOG.debug("Too late to say {}", command);
        }
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                LOG.warn("{} did not end within {} s", command, DEADLINE.toSeconds());
            } else if (process.exitValue() != 0) {
                LOG.warn("{} ended with exit code {}", command, process.exitValue());
            }
        } catch (IOException e) {
            LOG.warn("systemd cannot be told {}: {}", command, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was said is said to the end. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
