package org.waldur.siteagent.exec;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What commands that only look have printed a moment ago, for all modes and offerings of a process. Bean {@code snapshot}. Whoever asks what somebody has just
 * asked, or is asking right now, gets the same answer; unless it is too old, or this agent has written anything since it began. What fails is no answer, and
 * everybody asks for himself.
 */
public final class Snapshot {
    private final Map<List<String>, Answer> answers = new HashMap<>();

    /** What runs a command, and throws if it fails. */
    interface Run {
        CommandOutput output() throws InterruptedException;
    }

    private static final class Answer {
        private final long until;
        private final CompletableFuture<CommandOutput> output = new CompletableFuture<>();

        private Answer(Duration maxAge) {
            until = System.nanoTime() + maxAge.toNanos();
        }

        private boolean isOld() {
            return System.nanoTime() - until > 0;
        }

        /** An output of nobody is closed, so that its file goes; one that is not there yet is closed by whoever has run the command. */
        private void forget() {
            output.cancel(false);
            if (!output.isCompletedExceptionally()) {
                output.join().close();
            }
        }
    }

    /**
     * An output of this command that is no older than that, of somebody else's run or of this one. It is the caller's to close.
     *
     * @param patience how long to wait for a run of somebody else
     */
    CommandOutput ask(Argv argv, Duration maxAge, Duration patience, Run run) throws InterruptedException {
        Answer mine = new Answer(maxAge);
        Answer theirs = putIfAbsent(argv, mine);
        if (theirs != null) {
            Optional<CommandOutput> shared = await(theirs, patience);
            return shared.isPresent() ? shared.get() : run.output();
        }
        try {
            CommandOutput output = run.output();
            CommandOutput kept = output.another().orElseThrow();
            if (!mine.output.complete(kept)) {
                kept.close();
            }
            return output;
        } finally {
            mine.output.cancel(false);
        }
    }

    private synchronized Answer putIfAbsent(Argv argv, Answer mine) {
        answers.values().removeIf(answer -> {
            if (answer.isOld()) {
                answer.forget();
            }
            return answer.output.isCompletedExceptionally();
        });
        return answers.putIfAbsent(argv.words(), mine);
    }

    private static Optional<CommandOutput> await(Answer theirs, Duration patience) throws InterruptedException {
        try {
            return theirs.output.get(patience.toMillis(), TimeUnit.MILLISECONDS).another();
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** No answer from before counts any more: something is written, or was, or somebody has to look again. */
    public synchronized void forget() {
        answers.values().forEach(Answer::forget);
        answers.clear();
    }
}
