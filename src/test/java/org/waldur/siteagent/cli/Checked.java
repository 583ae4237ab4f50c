package org.waldur.siteagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Configs;
import org.waldur.siteagent.route.Mistake;
import org.waldur.siteagent.route.RouteCheck;

/** A copy of the shipped routes to make mistakes in, and what `check` says of it. */
public final class Checked {
    private final Path folder;
    private final Settings settings;
    /** Nothing is loaded into it, so it serves all checks. */
    private static CamelContext beans;

    public Checked(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder.resolve("routes"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, this.folder.resolve(file.getFileName()));
            }
        }
        Path config = Files.writeString(folder.resolve("config.yaml"), Configs.filledIn());
        AgentConfig agent = ConfigFile.load(config, Map.of("STATE_DIRECTORY", folder.resolve("state").toString())).config();
        settings = new Settings(agent, this.folder, agent.offerings(), Set.of(), true, true, Map.of());
    }

    public Path folder() {
        return folder;
    }

    public String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    public void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    /** Applies the edit of {@code examples/edits} whose name begins so. It must leave routes without a mistake. */
    public void edit(String number) throws Exception {
        Path patch;
        try (Stream<Path> files = Files.list(Path.of("examples/edits"))) {
            patch = files.filter(f -> f.getFileName().toString().startsWith(number)).findFirst().orElseThrow();
        }
        List<String> lines = Files.readAllLines(patch);
        String file = lines.stream().filter(l -> l.startsWith("--- a/routes/")).findFirst().orElseThrow().substring("--- a/routes/".length());
        write(file, String.join("\n", DiffUtils.patch(read(file).lines().toList(), UnifiedDiffUtils.parseUnifiedDiff(lines))) + "\n");
        assertThat(check()).as(number).isEmpty();
    }

    /** The mistakes that every start finds before Camel loads a route. */
    public List<Mistake> atStart() throws Exception {
        if (beans == null) {
            beans = new Agent(settings, plan -> { }).context();
        }
        return RouteCheck.read(folder, CheckedRoutes.needs(settings), beans);
    }

    /** All mistakes. */
    public List<Mistake> check() throws Exception {
        return RouteCheck.build(folder, CheckedRoutes.needs(settings), new Agent(settings, plan -> { }).context());
    }
}
