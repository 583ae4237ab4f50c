package org.waldur.siteagent.record;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dead letters on disk: one file for each order and cause, which is updated with a count when the same happens again. */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger("dead-letters");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Path folder;
    private final Clock clock;
    private final Duration pause;
    private final List<DeadLetter> ofThisRun = new ArrayList<>();

    /** @param pause after the first failure; it doubles with each one, up to an hour. Zero: never wait, as for {@code --once} */
    public DeadLetters(Path stateDir, Clock clock, Duration pause) {
        this.folder = stateDir.resolve("dead-letters");
        this.clock = clock;
        this.pause = pause;
    }

    /** Writes or updates the letter of this failure; gives it as JSON. */
    public synchronized String write(Failure failure) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String id = id(failure);
        Optional<DeadLetter> before = read(folder.resolve(id + ".json"));
        int count = before.map(DeadLetter::count).orElse(0) + 1;
        DeadLetter letter = new DeadLetter(id, failure.offering(), failure.orders(), failure.doing(), failure.why(), failure.command(),
                failure.answer(), before.map(DeadLetter::first).orElse(now), now, count, nextTry(count).toString(), failure.howToGoOn());
        byte[] json = json(letter);
        StateFile.write(folder.resolve(id + ".json"), json);
        ofThisRun.add(letter);
        LOG.error("{}: {} [dead letter {}, {} time{}] {}", failure.doing(), failure.why(), id, count, count == 1 ? "" : "s", failure.howToGoOn());
        return new String(json, StandardCharsets.UTF_8);
    }

    private Instant nextTry(int count) {
        Duration wait = pause.multipliedBy(1L << Math.min(count - 1, 10));
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait);
    }

    /** Whether this order failed so short a while ago that it is not tried in this cycle. */
    public boolean backsOff(String order) {
        return !pause.isZero() && all().stream().filter(l -> concerns(l, order))
                .anyMatch(l -> clock.instant().isBefore(Instant.parse(l.nextTry())));
    }

    /** The order has ended: what once failed about it is of the past. */
    public synchronized void settle(String order) {
        all().stream().filter(l -> concerns(l, order)).forEach(l -> {
            StateFile.delete(folder.resolve(l.id() + ".json"));
            LOG.info("Dead letter {} is settled: {}", l.id(), l.why());
        });
    }

    /** Letters that were written since the process began. */
    public synchronized List<DeadLetter> ofThisRun() {
        return List.copyOf(ofThisRun);
    }

    /** All letters; a file that is no letter is left alone. */
    public List<DeadLetter> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().map(this::read).flatMap(Optional::stream).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private Optional<DeadLetter> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), DeadLetter.class)) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} is no dead letter and is left alone: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean concerns(DeadLetter letter, String order) {
        return List.of(letter.orders().split(",")).contains(order);
    }

    /** The same order and cause give the same id: numbers and uuids within the cause do not count. */
    private static String id(Failure failure) {
        String cause = failure.why().replaceAll("[0-9a-f]{32}", "#").replaceAll("\\d+(\\.\\d+)?", "#");
        String first = failure.orders().equals("-") ? failure.offering().replaceAll("[^A-Za-z0-9]+", "-") : failure.orders().split(",")[0];
        return first + "-" + hash(failure.offering() + "|" + failure.orders() + "|" + failure.doing() + "|" + cause);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] json(DeadLetter letter) {
        try {
            return JSON.writeValueAsBytes(letter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
