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
        return existing(routes != null ? routes : installed());
    }

    /** The same for a command with a config: who has routes of his own beside it means those. */
    Path folder(Path config) {
        Path beside = config.toAbsolutePath().resolveSibling("routes");
        return routes == null && Files.isDirectory(beside) ? existing(beside) : folder();
    }

    private static Path installed() {
        return Path.of(System.getProperty("agent.home", "."), "routes");
    }

    private static Path existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new WrongConfig(folder + ": there is no such folder of routes; name it with --routes");
        }
        return folder.toAbsolutePath().normalize();
    }
}
