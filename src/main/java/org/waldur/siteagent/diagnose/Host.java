package org.waldur.siteagent.diagnose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is on this machine: files, rights, room. */
public final class Host {
    private static final long LEAST_ROOM = 100L << 20;
    private static final String RIGHT = "; right would be: ";

    private Host() {
    }

    /**
     * @param user    whom we run as
     * @param mistake why nothing could be written into the state directory, and after a semicolon what would be right; empty: it could
     */
    public static List<Finding> of(Path config, Path stateDir, String user, Optional<String> mistake) {
        List<Finding> found = new ArrayList<>();
        found.add(Finding.good("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version")));
        try {
            found.add(Files.getPosixFilePermissions(config).contains(PosixFilePermission.OTHERS_READ)
                    ? Finding.warning("config", "everybody can read " + config, "chmod 0640 " + config + ", if a token is in it")
                    : Finding.good("config", config + " is not for everybody"));
            found.addAll(state(stateDir, user, mistake));
        } catch (IOException e) {
            found.add(Finding.wrong("files", e.toString(), "let " + user + " read and write there"));
        }
        return found;
    }

    private static List<Finding> state(Path stateDir, String user, Optional<String> mistake) throws IOException {
        Optional<Finding> wrong = mistake.map(text -> Finding.wrong("state", text.replaceFirst(RIGHT + ".*", ""), text.replaceFirst(".*" + RIGHT, "")));
        if (!Files.isDirectory(stateDir)) {
            return wrong.map(List::of).orElse(List.of(Finding.warning("state", "there is no " + stateDir + " yet", "it is made by the service, or by the first run that writes")));
        }
        String owner = Files.getOwner(stateDir).getName();
        // not by its FileStore, which a chroot may not have
        long room = stateDir.toFile().getUsableSpace();
        List<Finding> found = new ArrayList<>();
        found.add(owner.equals(user) ? wrong.orElse(Finding.good("state", stateDir + " is ours")) : Finding.warning("state", stateDir + " belongs to " + owner + ", and you are " + user,
                "runuser -u " + owner + " -- waldur-site-agent diagnostics ..., to see what the service sees"));
        found.add(room < LEAST_ROOM ? Finding.wrong("disk", (room >> 20) + " MB are left for " + stateDir, "make room: what cannot be audited is not done")
                : Finding.good("disk", (room >> 30) + " GB are left for " + stateDir));
        return found;
    }
}
