package org.waldur.siteagent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked anywhere. */
class TarArchiveIT {
    @TempDir
    private Path folder;

    @Test
    void itRunsWhereItIsUnpacked() throws Exception {
        assertThat(Debian.run(60, "tar", "-tvzf", Built.TAR.toString()).good().lines())
                .allMatch(line -> line.matches("(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--) .* waldur-site-agent-" + Built.version() + "/.*"))
                .noneMatch(line -> line.endsWith(".jsa"));
        Debian.run(60, "tar", "-xzf", Built.TAR.toString(), "-C", folder.toString()).good();
        String program = folder.resolve("waldur-site-agent-" + Built.version() + "/bin/waldur-site-agent").toString();
        assertThat(Debian.run(60, program, "--version").good()).isEqualTo("waldur-site-agent " + Built.version() + "\n");
        Debian.run(120, program, "demo").good();
    }
}
