package org.waldur.siteagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Programs of Slurm that write down how they were called, and then are the real ones.
 *
 * @param bin their folder
 */
record CountedPrograms(Path bin, Path real, Path log) {
    private static final List<String> PROGRAMS = List.of("sacctmgr", "squeue", "scancel", "sacct", "sinfo");

    /** @param real the folder of the real ones */
    static CountedPrograms of(Path real, Path folder) throws IOException {
        return of(real, folder, "");
    }

    /** @param prefix a command that runs the command after it, perhaps as somebody else; or empty */
    static CountedPrograms of(Path real, Path folder, String prefix) throws IOException {
        CountedPrograms programs = new CountedPrograms(Files.createTempDirectory(folder, "bin"), real, Files.createTempFile(folder, "calls", ".log"));
        for (String program : PROGRAMS) {
            executable(Files.writeString(programs.bin.resolve(program), "#!/bin/sh\necho " + program + " \"$@\" >>" + programs.log + "\nexec " + prefix + " " + real.resolve(program)
                    + " \"$@\"\n"));
        }
        executable(programs.bin);
        return programs;
    }

    static Path executable(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A line for each call since the last time. */
    List<String> calls() throws IOException {
        List<String> calls = Files.readAllLines(log);
        Files.writeString(log, "");
        return calls;
    }
}
