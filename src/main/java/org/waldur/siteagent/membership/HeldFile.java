package org.waldur.siteagent.membership;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.waldur.siteagent.record.StateFile;

/** Whose removal the brake holds, on disk: {@code STATE_DIR/held/OFFERING.json}, account to users; no file where nobody's is held. */
final class HeldFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path folder;

    HeldFile(Path stateDir) {
        this.folder = stateDir.resolve("held");
    }

    /** Throws {@link UncheckedIOException} for a file that cannot be read: who was held must not go because of that. */
    Map<String, SortedSet<String>> of(String offering) {
        try {
            return JSON.readValue(Files.readAllBytes(file(offering)), new TypeReference<TreeMap<String, SortedSet<String>>>() { });
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(file(offering) + " does not say whose removal is held; mend it, or delete it if nobody's is", e);
        }
    }

    void write(String offering, Map<String, SortedSet<String>> held) {
        if (held.equals(of(offering))) {
            return;
        }
        if (held.isEmpty()) {
            StateFile.delete(file(offering));
            return;
        }
        try {
            StateFile.write(file(offering), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(held));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String offering) {
        return folder.resolve(offering + ".json");
    }
}
