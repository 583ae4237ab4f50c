package org.waldur.siteagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder where dead letters, the audit file and the lock are. */
final class StateDir {
    private StateDir() {
    }

    /** Makes the folder if it is missing. Throws {@link WrongConfig} if we could not write there, or what we write could not be used by its owner. */
    static void prepare(Path folder) {
        try {
            Files.createDirectories(folder);
            String owner = Files.getOwner(folder).getName();
            if (!owner.equals(Settings.user())) {
                throw new WrongConfig(folder + " (state_dir) belongs to " + owner + ", and you are " + Settings.user() + ": what you write there, the lock"
                        + " included, would be in the way of the service; run this as " + owner + ", or use another state_dir");
            }
        } catch (IOException e) {
            throw new WrongConfig(folder + " (state_dir) cannot be made: " + e.getClass().getSimpleName() + "; right would be: a folder that "
                    + Settings.user() + " can write, see state_dir in the config");
        }
    }
}
