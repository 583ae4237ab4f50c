package org.waldur.siteagent.config;

import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the config file: all of it, or every mistake at once. */
public final class ConfigFile {
    private static final String PERIOD = "WALDUR_SITE_AGENT_%s_PERIOD_MINUTES";

    /** A config, and what in it is not used, with what follows from that; a line each. */
    public record Loaded(AgentConfig config, List<String> warnings) {
    }

    private final Path file;
    private final Map<String, String> environment;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** Throws {@link ConfigException} with all that is wrong. */
    public static Loaded load(Path file, Map<String, String> environment) throws ConfigException {
        ConfigFile config = new ConfigFile(file, environment);
        AgentConfig agent = config.read(config.compose());
        if (!config.mistakes.isEmpty()) {
            throw new ConfigException(file, config.mistakes);
        }
        return new Loaded(agent, List.copyOf(config.warnings));
    }

    private Node compose() throws ConfigException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Optional<Node> node = new Compose(LoadSettings.builder().setLabel(file.toString()).setAllowDuplicateKeys(true).build()).composeReader(reader);
            return node.orElseThrow(() -> wrong(0, "the file is empty", "see examples/waldur-site-agent-config.yaml.example"));
        } catch (NoSuchFileException e) {
            throw wrong(0, "there is no such file", "its name after -c; see examples/waldur-site-agent-config.yaml.example");
        } catch (MalformedInputException e) {
            throw wrong(0, "the file is not text in UTF-8", "a YAML file");
        } catch (IOException e) {
            throw wrong(0, "the file cannot be read: " + e.getClass().getSimpleName(), "a file that " + System.getProperty("user.name") + " can read");
        } catch (MarkedYamlEngineException e) {
            throw wrong(e.getProblemMark().map(m -> m.getLine() + 1).orElse(0), "this is not YAML: " + e.getProblem(), "blanks instead of tabs, and quotes that are closed");
        } catch (YamlEngineException e) {
            throw wrong(0, "this is not YAML: " + e.getMessage(), "one YAML document");
        }
    }

    private ConfigException wrong(int line, String wrong, String right) {
        return new ConfigException(file, List.of(new Mistake(line, "", wrong, right)));
    }

    private AgentConfig read(Node node) {
        Section global = new Section(new Located(node, "", mistakes), Keys.GLOBAL, warnings);
        boolean verify = !environment.getOrDefault("REQUESTS_VERIFY_SSL", environment.getOrDefault("WALDUR_VERIFY_SSL", "true")).equalsIgnoreCase("false");
        OfferingReader reader = new OfferingReader(file, environment, verify, global.text("global_proxy"), warnings);
        List<Located> entries = global.get("offerings").map(Located::list).orElse(List.of());
        if (entries.isEmpty()) {
            global.wrong("there are no offerings", "offerings: with one entry at least; is this the config of another program?");
        }
        List<Offering> offerings = entries.stream().map(reader::read).toList();
        together(entries, offerings);
        Path state = Path.of(global.text("state_dir").orElse(environment.getOrDefault("STATE_DIRECTORY", "/var/lib/waldur-site-agent").split(":")[0]));
        return new AgentConfig(file, dsn(global), Optional.ofNullable(environment.get("SENTRY_ENVIRONMENT")), zone(global), state.toAbsolutePath(),
                period("ORDER_PROCESS", 2), period("REPORT", 30), period("MEMBERSHIP_SYNC", 15),
                global.flag("expose_backend_error_details", true), offerings);
    }

    /** What is wrong between offerings. */
    private void together(List<Located> entries, List<Offering> offerings) {
        Map<String, Offering> uuids = new HashMap<>();
        Map<String, Offering> hosts = new HashMap<>();
        for (int i = 0; i < offerings.size(); i++) {
            Offering one = offerings.get(i);
            Offering same = one.uuid().isEmpty() ? null : uuids.putIfAbsent(one.uuid(), one);
            if (same != null) {
                entries.get(i).wrong("offering '" + one.name() + "' has the uuid of '" + same.name() + "'", "a uuid of its own");
            }
            Offering host = hosts.putIfAbsent(one.apiUrl().getHost(), one);
            if (host != null && (host.verifySsl() != one.verifySsl() || !host.caFile().equals(one.caFile()) || !host.proxy().equals(one.proxy()))) {
                entries.get(i).wrong("verify_ssl, ca_file or proxy differ from offering '" + host.name() + "' on the same host", "the same values for a host");
            }
        }
    }

    private Optional<String> dsn(Section global) {
        Optional<String> dsn = global.text("sentry_dsn");
        dsn.filter(d -> !d.matches("https?://\\S+")).ifPresent(d -> global.get("sentry_dsn").orElseThrow().wrong("this is not the DSN of Sentry", "https://KEY@HOST/NUMBER"));
        return dsn;
    }

    private ZoneId zone(Section global) {
        String name = global.text("timezone").orElse("UTC");
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            global.get("timezone").orElseThrow().wrong("there is no time zone '" + name + "'", "timezone: Europe/Tallinn");
            return ZoneId.of("UTC");
        }
    }

    private Duration period(String mode, int minutes) {
        String name = String.format(PERIOD, mode);
        String text = environment.getOrDefault(name, String.valueOf(minutes)).strip();
        try {
            long millis = new BigDecimal(text).multiply(BigDecimal.valueOf(60_000)).longValue();
            if (millis >= 1_000 && millis <= Duration.ofDays(7).toMillis()) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        mistakes.add(new Mistake(0, "environment " + name, "'" + text + "' is not a period", "minutes, like " + minutes + " or 0.5"));
        return Duration.ofMinutes(minutes);
    }
}
