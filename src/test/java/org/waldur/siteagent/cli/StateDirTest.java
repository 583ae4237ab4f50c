package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeWithItsParentsForNobodyElse() throws IOException {
        Path state = folder.resolve("a/b/state");
        StateDir.prepare(state);
        StateDir.prepare(state);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwxr-x---");
    }

    @Test
    void mayBeALinkToAFolderButNotToNothing() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        StateDir.prepare(Files.createSymbolicLink(folder.resolve("link"), real));
        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("gone"));
        assertThatThrownBy(() -> StateDir.prepare(nowhere)).isInstanceOf(WrongConfig.class).hasMessageContaining(nowhere + " is there, and is no folder");
    }

    @Test
    void isNoFileAndNotBeneathOne() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> StateDir.prepare(file)).isInstanceOf(WrongConfig.class).hasMessageContaining("is no folder");
        assertThatThrownBy(() -> StateDir.prepare(file.resolve("state"))).isInstanceOf(WrongConfig.class)
                .hasMessageContainingAll("cannot be made", file.toString(), "see state_dir in the config");
    }

    @Test
    void isNotOpenToEverybody() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> StateDir.prepare(open)).isInstanceOf(WrongConfig.class).hasMessageContaining("chmod 0750 " + open);
    }

    @Test
    void belongsToWhoRunsTheService() throws IOException {
        assumeTrue(Settings.user().equals("root"), "only root can give a folder away");
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.setOwner(others, others.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        assertThatThrownBy(() -> StateDir.prepare(others)).isInstanceOf(WrongConfig.class)
                .hasMessageContainingAll("belongs to nobody, and you are root", "run this as nobody", "chown -R root " + others);
    }
}
