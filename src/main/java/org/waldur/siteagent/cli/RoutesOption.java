package org.waldur.siteagent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The folder of the routes. */
final class RoutesOption {
    @Option(names = "--routes", paramLabel = "DIR", description = "The folder of the routes. Default: routes/ beside the config, or else of the installation")
    private Path routes;

    /** Throws {@link WrongConfig} if there is no such folder. */
    Path folder() {
        return shippedOr(routes);
    }

    /** The same for a command with a config: who has routes of his own beside it means those. */
    Path folder(Path config) {
        Path beside = config.toAbsolutePath().resolveSibling("routes");
        return shippedOr(routes == null && Files.isDirectory(beside) ? beside : routes);
    }

    /**
     * The folder that was named, or that of the installation. Throws {@link WrongConfig} if there is no such folder, or none that can be read.
     *
     * @param named null: none was
     */
    static Path shippedOr(Path named) {
        Path folder = named != null ? named : Path.of(System.getProperty("agent.home", "."), "routes");
        if (!Files.isDirectory(folder)) {
            throw new WrongConfig(folder + ": there is no such folder of routes; name it with --routes");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new WrongConfig(folder + ": the user " + System.getProperty("user.name") + " has no right to look into this folder of routes; right would be: chmod a+rX, or chgrp to his group and chmod g+rX");
        }
        return folder.toAbsolutePath().normalize();
    }
}
