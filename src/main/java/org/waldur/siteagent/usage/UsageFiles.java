package org.waldur.siteagent.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.record.StateFile;
import org.waldur.siteagent.waldur.Text;

/**
 * The folder {@code STATE_DIR/usage}: a file for each cluster and month with what cannot change any more, and one for each cluster with
 * when squeue was asked. All of them may be deleted at any time; a file that cannot be read, or that somebody has changed, is as good as
 * none, and where none can be written everything is read anew.
 */
final class UsageFiles {
    private static final Logger LOG = LoggerFactory.getLogger("usage");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECKSUM = "checksum";
    private final Path folder;

    UsageFiles(Path stateDir) {
        this.folder = stateDir.resolve("usage");
    }

    /** @param zone of the months: a file that was written for another one is not used */
    Finished finished(String cluster, YearMonth month, ZoneId zone, Instant now) {
        JsonNode file = read(file(cluster, month.toString()));
        try {
            if (file.path("zone").asText().equals(zone.getId()) && file.path("cluster").asText().equals(cluster)) {
                return new Finished(Instant.parse(file.path("begun").asText()), windows(month, file.path("windows")), used(file.path("used")),
                        windows(month, file.path("filled")), windows(month, file.path("empty")),
                        texts(file.path("holders")));
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            ignored(file(cluster, month.toString()), e);
        }
        return Finished.none(now);
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new TreeMap<>();
        node.fields().forEachRemaining(text -> texts.put(text.getKey(), text.getValue().asText()));
        return texts;
    }

    private static Set<Window> windows(YearMonth month, JsonNode node) {
        Set<Window> windows = new HashSet<>();
        node.forEach(w -> windows.add(new Window(month, w.path(0).longValue(), w.path(1).longValue())));
        return windows;
    }

    private static void windows(ArrayNode node, Set<Window> windows) {
        windows.stream().sorted(Comparator.comparing(Window::from)).forEach(w -> node.addArray().add(w.from()).add(w.to()));
    }

    private static Consumption used(JsonNode node) {
        TreeMap<String, SortedMap<String, SortedMap<String, BigDecimal>>> accounts = new TreeMap<>();
        node.fields().forEachRemaining(account -> account.getValue().fields().forEachRemaining(user -> user.getValue().fields().forEachRemaining(tres ->
                accounts.computeIfAbsent(account.getKey(), a -> new TreeMap<>()).computeIfAbsent(user.getKey(), u -> new TreeMap<>())
                        .put(tres.getKey(), new BigDecimal(tres.getValue().asText())))));
        return new Consumption(accounts);
    }

    void write(String cluster, YearMonth month, ZoneId zone, Finished finished) {
        ObjectNode file = JSON.createObjectNode();
        file.put("about", "what is finished of this month; TRES-seconds by account and user. May be deleted at any time").put("cluster", cluster)
                .put("zone", zone.getId()).put("begun", finished.begun().toString());
        windows(file.putArray("windows"), finished.windows());
        windows(file.putArray("filled"), finished.filled());
        windows(file.putArray("empty"), finished.empty());
        ObjectNode holders = file.putObject("holders");
        finished.holders().forEach(holders::put);
        ObjectNode used = file.putObject("used");
        finished.used().accounts().forEach((account, users) -> {
            ObjectNode ofAccount = used.putObject(account);
            users.forEach((user, amounts) -> {
                ObjectNode ofUser = ofAccount.putObject(user);
                amounts.forEach((tres, amount) -> ofUser.put(tres, amount.toPlainString()));
            });
        });
        write(file(cluster, month.toString()), file);
    }

    /** Deletes what is kept of other months. */
    void keepOnly(String cluster, Set<YearMonth> months) {
        Set<Path> kept = new HashSet<>(Set.of(file(cluster, "jobs")));
        months.forEach(month -> kept.add(file(cluster, month.toString())));
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            files.filter(f -> f.getFileName().toString().matches("\\Q" + name(cluster) + "\\E-(\\d{4}-\\d{2})\\.json") && !kept.contains(f))
                    .toList().forEach(StateFile::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When squeue was asked for the last time (epoch seconds, 0 if that is not known), and up to when runaways are counted. */
    record Jobs(long asked, Map<String, Long> runaways) {
    }

    Jobs jobs(String cluster) {
        JsonNode file = read(file(cluster, "jobs"));
        if (!file.path("cluster").asText().equals(cluster)) {
            return new Jobs(0, Map.of());
        }
        Map<String, Long> runaways = new HashMap<>();
        file.path("runaways").fields().forEachRemaining(run -> runaways.put(run.getKey(), run.getValue().longValue()));
        return new Jobs(file.path("asked").longValue(), runaways);
    }

    void write(String cluster, Jobs jobs) {
        ObjectNode file = JSON.createObjectNode();
        file.put("about", "when squeue was asked, and up to when runs are counted that only slurmdbd takes for running").put("cluster", cluster)
                .put("asked", jobs.asked());
        ObjectNode runaways = file.putObject("runaways");
        new TreeMap<>(jobs.runaways()).forEach(runaways::put);
        write(file(cluster, "jobs"), file);
    }

    private void write(Path file, ObjectNode content) {
        try {
            content.put(CHECKSUM, checksum(content));
            StateFile.write(file, JSON.writeValueAsBytes(content));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        } catch (UncheckedIOException e) {
            LOG.warn("{}, so the next cycle reads everything from sacct", e.getMessage());
        }
    }

    /** Of everything but itself. A digit that has changed would be billed. */
    private static String checksum(ObjectNode content) throws JsonProcessingException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(JSON.writeValueAsBytes(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode content) {
                String checksum = content.path(CHECKSUM).asText();
                content.remove(CHECKSUM);
                if (checksum.equals(checksum(content))) {
                    return content;
                }
            }
            throw new IOException("it is not as it was written");
        } catch (NoSuchFileException e) {
            return JSON.createObjectNode();
        } catch (IOException e) {
            ignored(file, e);
            return JSON.createObjectNode();
        }
    }

    private static void ignored(Path file, Exception e) {
        LOG.warn("{} cannot be read, so everything is read from sacct: {}", file, Text.oneLine(e.getMessage(), 200));
    }

    private Path file(String cluster, String what) {
        return folder.resolve(name(cluster) + "-" + what + ".json");
    }

    private static String name(String cluster) {
        return cluster.replaceAll("[^A-Za-z0-9_.]", "_");
    }
}
