package org.waldur.siteagent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.waldur.siteagent.config.ConfigException;
import org.waldur.siteagent.config.ConfigFile;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that works with a config. */
final class ConfigOptions {
    private static final String CONFIG = "waldur-site-agent-config.yaml";
    private static final Path INSTALLED = Path.of("/etc/waldur", CONFIG);

    @Option(names = {"-c", "--config-file"}, paramLabel = "FILE",
            description = "The config, see waldur-site-agent-config(5). Default: " + CONFIG + " in the current folder, or else in /etc/waldur")
    private Path config;

    @Mixin
    private RoutesOption routes;

    @Option(names = "--offering", paramLabel = "NAME|UUID", description = "Serve only this offering; may be given several times")
    private List<String> only = new ArrayList<>();

    private final Clock clock;
    private final Map<String, String> overrides;

    ConfigOptions() {
        this(Clock.systemUTC(), Map.of());
    }

    /** @param overrides see {@link Settings} */
    ConfigOptions(Clock clock, Map<String, String> overrides) {
        this.clock = clock;
        this.overrides = overrides;
    }

    /** Throws {@link WrongConfig} with all mistakes; warnings go to stderr. */
    Settings load(CommandLine line, Set<Mode> modes, boolean once, boolean dryRun) {
        return load(line, modes, once, dryRun, true);
    }

    /** The same where neither tokens nor certificates need to be there, because nobody is asked anything. */
    Settings loadWithoutSecrets(CommandLine line) {
        return load(line, Set.of(), true, false, false);
    }

    private Settings load(CommandLine line, Set<Mode> modes, boolean once, boolean dryRun, boolean secrets) {
        if (config == null && !Files.exists(Path.of(CONFIG)) && Files.notExists(INSTALLED)) {
            throw new WrongConfig("there is no " + CONFIG + " in the current folder, and no " + INSTALLED + "; right would be: the name of the config after -c");
        }
        ConfigFile.Loaded loaded;
        try {
            loaded = secrets ? ConfigFile.load(config(), System.getenv()) : ConfigFile.loadWithoutSecrets(config(), System.getenv());
        } catch (ConfigException e) {
            throw new WrongConfig(e.getMessage());
        }
        loaded.warnings().forEach(warning -> line.getErr().println("warning: " + warning));
        return new Settings(loaded.config(), routes.folder(config()), offerings(line, loaded.config().offerings()), modes, once, dryRun, overrides);
    }

    private Path config() {
        Path here = Path.of(CONFIG);
        return config != null ? config : Files.exists(here) ? here : INSTALLED;
    }

    /** Whether offerings were named; else it is all of them. */
    boolean choosesOfferings() {
        return !only.isEmpty();
    }

    /** What time it is. */
    Clock clock() {
        return clock;
    }

    /** @param out where plans are printed */
    Agent agent(Settings settings, Consumer<String> out) {
        return new Agent(settings, out, clock);
    }

    private List<Offering> offerings(CommandLine line, List<Offering> all) {
        List<Offering> chosen = new ArrayList<>();
        for (String wanted : only) {
            Offering found = all.stream().filter(o -> o.name().equals(wanted) || o.uuid().equals(wanted.replace("-", "").toLowerCase())).findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(line, "--offering " + wanted + ": the config has "
                            + all.stream().map(o -> "'" + o.name() + "'").toList()));
            chosen.add(found);
        }
        return chosen.isEmpty() ? all : List.copyOf(chosen);
    }
}
