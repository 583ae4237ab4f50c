package org.waldur.siteagent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The folder of the routes. */
final class RoutesOption {
    @Option(names = "--routes", paramLabel = "DIR", description = "The folder of the routes. Default: routes/ of the installation")
    private Path routes;

    /** Throws {@link WrongConfig} if there is no such folder. */
    Path folder() {
        return folder(routes);
    }

    /**
     * The folder that was named, or that of the installation. Throws {@link WrongConfig} if there is no such folder.
     *
     * @param routes null: none was named
     */
    static Path folder(Path routes) {
        Path folder = routes != null ? routes : Path.of(System.getProperty("agent.home", "."), "routes");
        if (!Files.isDirectory(folder)) {
            throw new WrongConfig(folder + ": there is no such folder of routes; name it with --routes");
        }
        return folder.toAbsolutePath().normalize();
    }
}
