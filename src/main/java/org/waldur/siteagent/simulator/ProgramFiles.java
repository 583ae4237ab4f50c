package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The scripts that stand in for Slurm's programs: each hands its arguments to the simulator and prints the answer. */
final class ProgramFiles {
    static final List<String> NAMES = List.of("sacctmgr", "sacct", "scancel", "squeue", "getent", "mkhomedir_helper");
    /** Fields end in a zero byte, which no argument can contain; stdout comes last, to the end of the connection. */
    private static final String SCRIPT = """
            #!/bin/bash
            # Part of the Slurm simulator of the Waldur site agent; see SlurmSimulator.
            LC_ALL=C
            { exec 3<>/dev/tcp/127.0.0.1/%d; } 2>/dev/null ||
                { echo "${0##*/}: error: the Slurm simulator is not running" >&2; exit 1; }
            printf '%%s\\0' %s $# "$PWD" "${SLURM_TIME_FORMAT-}" "${TZ-}" "${0##*/}" "$@" >&3
            IFS= read -r -d '' -u 3 rc && IFS= read -r -d '' -u 3 err || exit 1
            [[ $rc == 137 ]] && kill -KILL $$
            printf '%%s' "$err" >&2
            cat <&3
            exit "$rc"
            """;

    private ProgramFiles() {
    }

    /** Writes the programs into the folder, which is made if need be. */
    static void write(Path folder, int port, String token) throws IOException {
        Files.createDirectories(folder);
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            Files.writeString(file, SCRIPT.formatted(port, token));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
