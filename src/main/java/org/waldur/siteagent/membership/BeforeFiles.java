package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.record.StateFile;
import org.waldur.siteagent.waldur.Text;
import org.waldur.siteagent.waldur.Uuid;

/** What accounts had before we changed them, on disk: {@code STATE_DIR/accounts/OFFERING/RESOURCE.json}, a small file for each that was changed. */
final class BeforeFiles {
    private static final Logger LOG = LoggerFactory.getLogger("members");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path folder;
    private final Set<Path> foreign = ConcurrentHashMap.newKeySet();

    BeforeFiles(Path stateDir) {
        this.folder = stateDir.resolve("accounts");
    }

    /** By resource. A file that is none of ours is said once and left where it is. */
    Map<String, Before> of(String offering) {
        Map<String, Before> found = new HashMap<>();
        if (!Files.isDirectory(folder.resolve(offering))) {
            return found;
        }
        try (Stream<Path> files = Files.list(folder.resolve(offering))) {
            files.filter(f -> f.toString().endsWith(".json")).sorted().forEach(file -> read(file, found));
        } catch (IOException e) {
            leaveAlone(folder.resolve(offering), e.toString());
        }
        return found;
    }

    private void read(Path file, Map<String, Before> found) {
        try {
            String resource = Uuid.hex(file.getFileName().toString().replaceFirst("[.]json$", ""));
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            Optional<Before.Qos> qos = Optional.of(node.path("qos")).filter(JsonNode::isArray)
                    .map(names -> new Before.Qos(texts(names), node.path("default_qos").asText("")));
            Optional<OptionalLong> submit = node.has("grp_submit_jobs")
                    ? Optional.of(node.get("grp_submit_jobs").isNull() ? OptionalLong.empty() : OptionalLong.of(node.get("grp_submit_jobs").asLong())) : Optional.empty();
            SortedMap<String, SortedMap<String, Long>> limits = new TreeMap<>();
            node.path("user_limits").fields().forEachRemaining(user -> user.getValue().fields().forEachRemaining(
                    limit -> limits.computeIfAbsent(user.getKey(), u -> new TreeMap<>()).put(limit.getKey(), limit.getValue().asLong())));
            found.put(resource, new Before(node.path("account").asText(""), qos, submit, limits));
        } catch (IOException | IllegalArgumentException e) {
            leaveAlone(file, e.getMessage());
        }
    }

    private static SortedSet<String> texts(JsonNode array) {
        SortedSet<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private void leaveAlone(Path file, String why) {
        if (foreign.add(file)) {
            LOG.warn("{} does not say what an account had before, and is left alone: {}", file, Text.oneLine(why, 200));
        }
    }

    /** Throws {@link UncheckedIOException}: what cannot be remembered is not changed. */
    void write(String offering, String resource, Before before) {
        Path file = folder.resolve(offering).resolve(resource + ".json");
        if (before.isNothing()) {
            StateFile.delete(file);
            return;
        }
        ObjectNode node = JSON.createObjectNode().put("account", before.account());
        before.qos().ifPresent(qos -> {
            qos.names().forEach(node.withArray("/qos")::add);
            node.withArray("/qos");
            node.put("default_qos", qos.byDefault());
        });
        before.submit().ifPresent(submit -> node.set("grp_submit_jobs", submit.isPresent() ? JSON.getNodeFactory().numberNode(submit.getAsLong())
                : JSON.getNodeFactory().nullNode()));
        before.userLimits().forEach((user, limits) -> {
            ObjectNode ofUser = node.withObject("/user_limits").putObject(user);
            limits.forEach(ofUser::put);
        });
        try {
            StateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
