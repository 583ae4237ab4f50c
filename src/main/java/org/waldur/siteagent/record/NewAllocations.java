package org.waldur.siteagent.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.waldur.siteagent.plan.Change.PopulateAccount;

/**
 * Allocations whose order ends before their members are added: a small file for each, so that a run that dies in between is
 * carried on by the next. Waldur would not tell it, because the order is no longer open.
 */
public final class NewAllocations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path folder;

    public NewAllocations(Path stateDir) {
        this.folder = stateDir.resolve("new-allocations");
    }

    /** Those of one offering, oldest first; a file that cannot be read is left where it is and said. */
    public List<PopulateAccount> of(String offering) {
        if (!Files.isDirectory(folder.resolve(offering))) {
            return List.of();
        }
        List<PopulateAccount> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(offering))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                JsonNode node = JSON.readTree(file.toFile());
                String order = node.path("order").asText();
                found.add(new PopulateAccount(new TreeSet<>(Set.of(order)), order, node.path("resource").asText(),
                        node.path("account").asText(), "its order has ended, and its members are not complete"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.resolve(offering) + ": " + e.getMessage(), e);
        }
        return found;
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
