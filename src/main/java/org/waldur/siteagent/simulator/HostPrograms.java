package org.waldur.siteagent.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code getent passwd} and {@code mkhomedir_helper}. */
final class HostPrograms {
    private final SlurmWorld world;
    private final Output output;

    HostPrograms(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    /** Exit code 2 if one of the users is not known, as the real one. */
    void getent(List<String> args) {
        if (args.size() < 2 || !args.get(0).equals("passwd")) {
            throw new UnknownArgument("getent " + String.join(" ", args), "getent passwd USER...");
        }
        List<String> names = new ArrayList<>(world.passwd.keySet());
        for (String user : args.subList(1, args.size())) {
            String home = world.passwd.get(user);
            if (home == null) {
                output.rc(2);
            } else {
                int uid = 10_000 + names.indexOf(user);
                output.out("%s:x:%d:%d::%s:/bin/bash", user, uid, uid, home);
            }
        }
    }

    /** Makes the home directory below the simulator's folder; exit code 10 if the user is not known (PAM_USER_UNKNOWN). */
    void mkhomedir(List<String> args) throws IOException {
        if (args.isEmpty() || args.size() > 2 || args.size() == 2 && !args.get(1).matches("0?[0-7]{3}")) {
            throw new UnknownArgument("mkhomedir_helper " + String.join(" ", args), "mkhomedir_helper USER [UMASK]");
        }
        String home = world.passwd.get(args.get(0));
        if (home == null) {
            output.rc(10);
        } else {
            Files.createDirectories(Path.of(home));
            Files.setPosixFilePermissions(Path.of(home), permissions(0777 & ~Integer.parseInt(args.size() == 2 ? args.get(1) : "022", 8)));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return PosixFilePermissions.fromString(text.toString());
    }
}
