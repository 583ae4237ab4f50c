package org.waldur.siteagent.simulator;

import java.nio.file.Path;
import java.util.List;

/** {@code sacctmgr load file=}: not yet. */
final class LoadCommand {
    LoadCommand(SlurmWorld world, Output output) {
    }

    void run(Path folder, Option first, List<Option> options) {
        throw new UnknownArgument("load", "other commands");
    }
}
