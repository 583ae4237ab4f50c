package org.waldur.siteagent.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file of the state directory: written whole or not at all, and readable by its owner only. */
public final class StateFile {
    private StateFile() {
    }

    /** Writes the file with its folders. Throws {@link UncheckedIOException}. */
    public static void write(Path file, byte[] content) {
        Path part = null;
        try {
            folder(file.getParent());
            part = Files.createTempFile(file.getParent(), ".part-", "", mode("rw-------"));
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new UncheckedIOException("the file system of " + file.getParent() + " cannot rename a file in one step", e);
        } catch (IOException e) {
            discard(part);
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Makes a folder, with those above it, if it is missing. */
    static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, mode("rwxr-x---"));
    }

    static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static void discard(Path part) {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            // that the file itself could not be written is what is said
        }
    }

    /** Deletes the file if it is there. Throws {@link UncheckedIOException}. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
