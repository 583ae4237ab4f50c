package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder where dead letters, the audit file and the lock are. */
final class StateDir {
    private static final List<String> OURS = List.of("accounts", "audit.jsonl", "checked-routes", "dead-letters", "held", "homedirs", "new-allocations", "slurm.lock", "status", "usage");

    private static final String RIGHT_FOLDER = "a folder that " + Settings.user() + " can write, see state_dir in the config";

    private StateDir() {
    }

    /**
     * Makes the folder (0750) if it is missing. Throws {@link WrongConfig} if we could not write there, if what we write could not be
     * used by its owner, or if anybody could write there: what he writes would be carried out.
     */
    static void prepare(Path folder) {
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            check(folder);
        } catch (IOException e) {
            throw wrong(folder, "cannot be made: " + reason(e), RIGHT_FOLDER);
        }
    }

    /** What {@link #prepare} would say, without making anything; empty if all is well, or would be. */
    static Optional<String> mistake(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                check(folder);
                return Optional.empty();
            }
            Path above = folder.toAbsolutePath();
            while (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
                above = above.getParent();
            }
            if (Files.isDirectory(above) && Files.isWritable(above)) {
                return Optional.empty();
            }
            throw wrong(folder, "cannot be made: " + above + (Files.isDirectory(above) ? " cannot be written by " + Settings.user() : " is there, and is no folder"), RIGHT_FOLDER);
        } catch (WrongConfig e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of(wrong(folder, "cannot be looked at: " + reason(e), RIGHT_FOLDER).getMessage());
        }
    }

    private static void check(Path folder) throws IOException {
        String owner = Files.getOwner(folder).getName();
        if (!owner.equals(Settings.user())) {
            throw wrong(folder, "belongs to " + owner + ", and you are " + Settings.user() + ": what you write there, the lock included, would be in the"
                    + " way of the service", "run this as " + owner + ", use another state_dir, or, if it is yours: chown -R " + Settings.user() + " " + folder);
        }
        if (Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw wrong(folder, "can be written by everybody, and what stands there is carried out", "chmod 0750 " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw wrong(folder, "cannot be written by its owner " + owner, "chmod 0750 " + folder + ", on a file system that is not read-only");
        }
        OURS.stream().map(folder::resolve).filter(file -> Files.exists(file) && !Files.isWritable(file)).findFirst().ifPresent(file -> {
            throw wrong(file, "cannot be written by " + Settings.user(), "chown -R " + Settings.user() + " " + folder);
        });
    }

    /** Throws {@link WrongConfig} if something is there that we may not read: who looks would take it for nothing, and think that all is well. */
    static void look(Path folder) {
        for (Path each : List.of(folder, folder.resolve("dead-letters"), folder.resolve("status"))) {
            try (Stream<Path> files = Files.list(each)) {
                if (!each.equals(folder)) {
                    files.filter(file -> !Files.isReadable(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)).findFirst().ifPresent(StateDir::refuse);
                }
            } catch (NoSuchFileException e) {
                // nothing has happened yet
            } catch (NotDirectoryException e) {
                throw wrong(each, "is no folder", "a folder that " + Settings.user() + " can read, see state_dir in the config");
            } catch (IOException e) {
                refuse(each);
            }
        }
    }

    private static void refuse(Path file) {
        throw wrong(file, "cannot be read by " + Settings.user(), "run this as the user of the service, like runuser -u waldur-agent -- waldur-site-agent ...");
    }

    private static String reason(IOException e) {
        String where = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() + " " : "";
        if (e instanceof AccessDeniedException) {
            return where + "cannot be written by " + Settings.user();
        }
        String why = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return where + (e instanceof FileAlreadyExistsException ? "is there, and is no folder" : why);
    }

    private static WrongConfig wrong(Path where, String wrong, String right) {
        return new WrongConfig(where + " (state_dir) " + wrong + "; right would be: " + right);
    }
}
