package org.waldur.siteagent.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.record.StateFile;

/** The files in {@code STATE_DIR/status}, one for each mode. They may be deleted at any time. */
final class CycleFiles {
    private static final Logger LOG = LoggerFactory.getLogger("status");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final long LARGEST = 10L << 20;
    private final Path folder;

    CycleFiles(Path stateDir) {
        folder = stateDir.resolve("status");
    }

    /** Empty if there is none, or none that can be read. */
    Optional<CycleStatus> read(Mode mode) {
        Path file = file(mode);
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("it is too large");
            }
            return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), CycleStatus.class)).filter(status -> mode.key().equals(status.mode()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** What cannot be written is said; no cycle fails for it. */
    void write(Mode mode, CycleStatus status) {
        try {
            StateFile.write(file(mode), JSON.writeValueAsBytes(status));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The status of {} is not up to date: {}", mode.key(), e.getMessage());
        }
    }

    private Path file(Mode mode) {
        return folder.resolve(mode.key() + ".json");
    }
}
