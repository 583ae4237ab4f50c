package org.waldur.siteagent.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Who holds a lock, see proc_locks(5): lines like {@code 1: FLOCK ADVISORY WRITE 4711 fd:00:1234 0 EOF}. */
final class LockHolder {
    private static final int LONGEST = 200;

    private LockHolder() {
    }

    /** Process id and command line of a holder of the lock on one of these words, which are those of flock(1). */
    static String of(List<String> words) {
        for (String word : words) {
            Path file = word.startsWith("/") ? Path.of(word) : null;
            if (file != null && Files.isRegularFile(file) && !Files.isExecutable(file)) {
                return holder(file);
            }
        }
        return "an unknown process";
    }

    /** Whether somebody holds the lock on one of these words. False if nobody can tell. */
    static boolean isHeld(List<String> words) {
        return of(words).startsWith("process ");
    }

    private static String holder(Path file) {
        try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            return locks.filter(line -> line.contains("FLOCK") && line.contains(inode) && !line.contains("->"))
                    .map(line -> line.trim().split("\\s+")[4]).findFirst().map(LockHolder::describe).orElse("a process that is gone by now");
        } catch (IOException | RuntimeException e) {
            return "an unknown process";
        }
    }

    private static String describe(String pid) {
        try {
            String command = Files.readString(Path.of("/proc", pid, "cmdline")).replace('\0', ' ').strip();
            return "process " + pid + " (" + (command.length() > LONGEST ? command.substring(0, LONGEST) + "..." : command) + ")";
        } catch (IOException e) {
            return "process " + pid;
        }
    }
}
