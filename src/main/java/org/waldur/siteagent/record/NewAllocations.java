package org.waldur.siteagent.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.plan.Change.PopulateAccount;
import org.waldur.siteagent.waldur.Text;
import org.waldur.siteagent.waldur.Uuid;

/**
 * Allocations whose order ends before their members are added: a small file for each, so that a run that dies in between is
 * carried on by the next. Waldur would not tell it, because the order is no longer open.
 */
public final class NewAllocations {
    private static final Logger LOG = LoggerFactory.getLogger("members");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ACCOUNT = Pattern.compile("(?i)[a-z0-9_][a-z0-9_.-]*");
    private final Path folder;
    private final Set<Path> foreign = ConcurrentHashMap.newKeySet();

    public NewAllocations(Path stateDir) {
        this.folder = stateDir.resolve("new-allocations");
    }

    /** Those of one offering, by uuid; a file that is none of ours is said once and left where it is. */
    public List<PopulateAccount> of(String offering) {
        if (!Files.isDirectory(folder.resolve(offering))) {
            return List.of();
        }
        List<PopulateAccount> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(offering))) {
            files.filter(f -> f.toString().endsWith(".json")).sorted().forEach(file -> read(file).ifPresent(found::add));
        } catch (IOException | UncheckedIOException e) {
            leaveAlone(folder.resolve(offering), e.toString());
        }
        return found;
    }

    private Optional<PopulateAccount> read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            String order = Uuid.hex(node.path("order").asText(""));
            String resource = Uuid.hex(node.path("resource").asText(""));
            String account = node.path("account").asText("");
            if (ACCOUNT.matcher(account).matches() && file.endsWith(resource + ".json")) {
                return Optional.of(new PopulateAccount(new TreeSet<>(Set.of(order)), order, resource, account,
                        "its order has ended, and its members are not complete"));
            }
            leaveAlone(file, "it does not name an account, or is not named after its resource");
        } catch (NoSuchFileException e) {
            // another run has just completed it
        } catch (IOException | IllegalArgumentException e) {
            leaveAlone(file, e.getMessage());
        }
        return Optional.empty();
    }

    private void leaveAlone(Path file, String why) {
        if (foreign.add(file)) {
            LOG.warn("{} does not say which allocation waits for members, and is left alone: {}", file, Text.oneLine(why, 200));
        }
    }

    public void add(String offering, PopulateAccount allocation) {
        try {
            StateFile.write(file(offering, allocation), JSON.writeValueAsBytes(Map.of("order", allocation.order(),
                    "resource", allocation.resource(), "account", allocation.account())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void remove(String offering, PopulateAccount allocation) {
        StateFile.delete(file(offering, allocation));
    }

    private Path file(String offering, PopulateAccount allocation) {
        return folder.resolve(offering).resolve(allocation.resource() + ".json");
    }
}
