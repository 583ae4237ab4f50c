package org.waldur.siteagent.record;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.waldur.Text;

/**
 * The dead letters on disk: one file for each order and cause, which is updated with a count when the same happens again. A file
 * that is no letter is said once and left alone; no file in the folder can stop anything. Bean {@code deadLetters}.
 */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger("dead-letters");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int MOST = 1_000_000;

    private final Path folder;
    private final Clock clock;
    private final Duration pause;
    private final boolean dryRun;
    private final Set<Path> foreign = ConcurrentHashMap.newKeySet();
    private final Set<String> fresh = new HashSet<>();
    /** Letters that were written since the run in hand of their job was planned, and the offering that they are of. */
    private final Map<DeadLetter.Topic, Map<String, String>> freshOf = new EnumMap<>(DeadLetter.Topic.class);
    private volatile boolean failed;
    private volatile Runnable listener = () -> { };

    /**
     * @param pause  after the first failure; it doubles with each one, up to an hour. Zero: never wait, as for {@code --once}
     * @param dryRun failures are said, and nothing is written
     */
    public DeadLetters(Path stateDir, Clock clock, Duration pause, boolean dryRun) {
        this.folder = stateDir.resolve("dead-letters");
        this.clock = clock;
        this.pause = pause;
        this.dryRun = dryRun;
    }

    /** Tells somebody, in the same thread, that something has failed for good. */
    public void onFailure(Runnable somebody) {
        listener = somebody;
    }

    /** Writes or updates the letter of this failure, and says it; if it cannot be written that is said as well. Gives it as JSON. */
    public synchronized String write(Failure failure) {
        failed = true;
        if (!failure.held()) {
            listener.run();
        }
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String id = id(failure);
        Optional<DeadLetter> before = read(file(id));
        int count = Math.max(0, Math.min(MOST, before.map(DeadLetter::count).orElse(0))) + 1;
        DeadLetter letter = new DeadLetter(id, failure.offering(), failure.orders(), failure.doing(), failure.why(), failure.command(),
                failure.answer(), before.map(DeadLetter::first).orElse(now), now, count, nextTry(count).toString(), failure.howToGoOn(), failure.held());
        byte[] json = json(letter);
        LOG.error("{}: {} [{}] {}", letter.doing(), letter.why(), saved(letter, json), letter.howToGoOn());
        return new String(json, StandardCharsets.UTF_8);
    }

    private String saved(DeadLetter letter, byte[] json) {
        String about = letter.orders().equals("-") ? "" : " about " + Text.oneLine(letter.orders(), 120);
        if (dryRun) {
            return "no dead letter" + about + " in a dry run";
        }
        try {
            StateFile.write(file(letter.id()), json);
            fresh.add(letter.id());
            for (DeadLetter.Topic topic : DeadLetter.Topic.values()) {
                if (letter.isAbout(topic)) {
                    freshOf.computeIfAbsent(topic, t -> new HashMap<>()).put(letter.id(), letter.offering());
                }
            }
            return "dead letter " + letter.id() + about + ", " + letter.count() + (letter.count() == 1 ? " time" : " times");
        } catch (UncheckedIOException e) {
            return "no dead letter" + about + ", because we " + Text.oneLine(e.getMessage(), 300);
        }
    }

    private Instant nextTry(int count) {
        Duration wait = pause.multipliedBy(1L << Math.min(count - 1, 10));
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait);
    }

    /** Whether this order failed so short a while ago that it is not tried in this cycle. */
    public boolean backsOff(String order) {
        return !pause.isZero() && all().stream().filter(l -> l.concerns(order)).anyMatch(l -> l.waits(clock.instant()));
    }

    /** All that failed so short a while ago that it is not tried in this cycle, orders or what else letters are about. */
    public Set<String> backingOff() {
        Instant now = clock.instant();
        return pause.isZero() ? Set.of() : all().stream().filter(l -> l.waits(now)).flatMap(l -> Stream.of(l.orders().split(","))).collect(Collectors.toSet());
    }

    /** The order has ended: what once failed about it is of the past. */
    public synchronized void settle(String order) {
        settleAll(Set.of(order));
    }

    /** The same for many. */
    public synchronized void settleAll(Set<String> orders) {
        all().stream().filter(l -> orders.stream().anyMatch(l::concerns)).forEach(this::settle);
    }

    /**
     * A cycle of this offering went through: letters about no order, and about orders that are none of those that wait, are of the
     * past. Not those written since the last call, which may be of this very cycle.
     */
    public synchronized void settleRest(String offering, Set<String> waiting) {
        all().stream().filter(l -> offering.equals(l.offering()) && !fresh.contains(l.id()) && l.isAboutOrdersOrNone())
                .filter(l -> waiting.stream().noneMatch(l::concerns)).forEach(this::settle);
        fresh.clear();
    }

    /** A run of a job of this offering is planned; letters about it from now on are its own. */
    public synchronized void begin(String offering, DeadLetter.Topic topic) {
        freshOf.computeIfAbsent(topic, t -> new HashMap<>()).values().removeIf(offering::equals);
    }

    /** A run of a job of this offering went through: letters about that are of the past, but for those of this very run. */
    public synchronized void settle(String offering, DeadLetter.Topic topic) {
        Map<String, String> own = freshOf.getOrDefault(topic, Map.of());
        all().stream().filter(l -> offering.equals(l.offering()) && l.isAbout(topic) && !own.containsKey(l.id())).forEach(this::settle);
    }

    /** The history of this month of this offering was told: letters about it are of the past, and so is what kept it from being read. */
    public synchronized void settleHistory(String offering, String month) {
        all().stream().filter(l -> offering.equals(l.offering()) && (l.orders().startsWith("history of offering ") || l.orders().startsWith("history ")
                && l.orders().endsWith(" in " + month))).forEach(this::settle);
    }

    /** An operator has read the letter, and it is of the past. Throws {@link UncheckedIOException} if it cannot be removed. */
    public synchronized void drop(DeadLetter letter) {
        StateFile.delete(file(letter.id()));
        LOG.info("Dead letter {} is dropped by an operator: {}", letter.id(), letter.why());
    }

    private void settle(DeadLetter letter) {
        if (dryRun) {
            return;
        }
        try {
            StateFile.delete(file(letter.id()));
            LOG.info("Dead letter {} is settled: {}", letter.id(), letter.why());
        } catch (UncheckedIOException e) {
            LOG.warn("Dead letter {} is of the past, and we {}", letter.id(), e.getMessage());
        }
    }

    /** Whether anything failed for good since the process began. */
    public boolean failed() {
        return failed;
    }

    /** All letters. */
    public List<DeadLetter> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().map(this::read).flatMap(Optional::stream).toList();
        } catch (IOException | UncheckedIOException e) {
            leaveAlone(folder, e.toString());
            return List.of();
        }
    }

    private Optional<DeadLetter> read(Path file) {
        try {
            DeadLetter letter = JSON.readValue(Files.readAllBytes(file), DeadLetter.class);
            if (letter != null && letter.orders() != null && file.equals(file(letter.id()))) {
                return Optional.of(letter);
            }
            leaveAlone(file, "it is not named after its id, or does not say which orders it is about");
        } catch (NoSuchFileException e) {
            // there is none yet, or another run has just settled it
        } catch (IOException e) {
            leaveAlone(file, e.getMessage());
        }
        return Optional.empty();
    }

    private void leaveAlone(Path file, String why) {
        if (foreign.add(file)) {
            LOG.warn("{} is no dead letter and is left alone: {}", file, Text.oneLine(why, 200));
        }
    }

    private Path file(String id) {
        return folder.resolve(id + ".json");
    }

    /** The same order and cause give the same id. */
    private static String id(Failure failure) {
        String subject = failure.orders().equals("-") ? failure.offering() : failure.orders().split(",")[0];
        String name = subject.replaceAll("[^A-Za-z0-9]+", "-");
        return name.substring(0, Math.min(60, name.length())) + "-"
                + hash(failure.offering() + "|" + failure.orders() + "|" + failure.doing() + "|" + Failure.kind(failure.why()));
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
