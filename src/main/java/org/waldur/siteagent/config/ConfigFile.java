package org.waldur.siteagent.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the config file: all of it, or every mistake at once. */
public final class ConfigFile {
    private static final String EXAMPLE = "a config like examples/waldur-site-agent-config.yaml.example, and its name after -c";
    private static final String PERIOD = "WALDUR_SITE_AGENT_%s_PERIOD_MINUTES";

    /** A config, and what in it is not used, with what follows from that; a line each. */
    public record Loaded(AgentConfig config, List<String> warnings) {
    }

    private final Path file;
    private final Map<String, String> environment;
    private final boolean secret;
    private final Findings findings = new Findings();

    private ConfigFile(Path file, Map<String, String> environment, boolean secret) {
        this.secret = secret;
        this.file = file;
        this.environment = environment;
    }

    /** Throws {@link ConfigException} with all that is wrong. */
    public static Loaded load(Path file, Map<String, String> environment) throws ConfigException {
        return load(file, environment, true);
    }

    /** The same without tokens and certificates, which need not be there: for a rehearsal, which also takes the example as it is. */
    public static Loaded loadWithoutSecrets(Path file, Map<String, String> environment) throws ConfigException {
        return load(file, environment, false);
    }

    private static Loaded load(Path file, Map<String, String> environment, boolean secret) throws ConfigException {
        ConfigFile config = new ConfigFile(file, environment, secret);
        AgentConfig agent = config.read(new Located(Document.read(file, EXAMPLE), "", config.findings));
        config.findings.refuse(file);
        return new Loaded(agent, config.findings.warnings(file));
    }

    private AgentConfig read(Located document) {
        Section global = new Section(document, Keys.GLOBAL);
        Path state = Path.of(global.text("state_dir").orElse(environment.getOrDefault("STATE_DIRECTORY", "/var/lib/waldur-site-agent").split(":")[0]));
        return new AgentConfig(file, dsn(global), Optional.ofNullable(environment.get("SENTRY_ENVIRONMENT")), zone(global), state.toAbsolutePath(),
                period("ORDER_PROCESS"), period("REPORT"), period("MEMBERSHIP_SYNC"),
                global.flag("expose_backend_error_details"),
                global.whole("reporting_periods"), offerings(global));
    }

    private List<Offering> offerings(Section global) {
        OfferingReader reader = new OfferingReader(file, environment, secret, verify(), OfferingReader.proxy(global, "global_proxy"),
                billing(global));
        Map<Located, Offering> offerings = new LinkedHashMap<>();
        Optional<Located> list = global.get("offerings");
        List<Located> entries = list.map(Located::list).orElse(List.of());
        entries.forEach(entry -> reader.read(entry).ifPresent(offering -> offerings.put(entry, offering)));
        if (list.isEmpty() || entries.isEmpty() && list.get().isList()) {
            global.wrong("offerings", "there are no offerings", "offerings: with one entry at least; is this the config of another program?");
        } else if (!entries.isEmpty() && offerings.isEmpty() && entries.stream().allMatch(Located::isMap)) {
            global.wrong("offerings", "none of the offerings has the backend slurm", "one offering at least, with backend_type: slurm");
        }
        together(offerings);
        return List.copyOf(offerings.values());
    }

    /** What is wrong between offerings. */
    private static void together(Map<Located, Offering> offerings) {
        Map<String, Offering> uuids = new HashMap<>();
        Map<String, Offering> hosts = new HashMap<>();
        offerings.forEach((entry, one) -> {
            Offering same = one.uuid().isEmpty() ? null : uuids.putIfAbsent(one.uuid(), one);
            if (same != null) {
                entry.wrong("offering '" + one.name() + "' has the uuid of '" + same.name() + "'", "a uuid of its own");
            }
            Offering host = hosts.putIfAbsent(one.apiUrl().getHost(), one);
            if (host != null && (host.verifySsl() != one.verifySsl() || !host.caFile().equals(one.caFile()) || !host.proxy().equals(one.proxy()))) {
                entry.wrong("verify_ssl, ca_file or proxy differ from offering '" + host.name() + "' on the same host", "the same values for a host");
            }
        });
    }

    /** Whether certificates are verified where an offering does not say it. */
    private boolean verify() {
        String name = environment.containsKey("REQUESTS_VERIFY_SSL") ? "REQUESTS_VERIFY_SSL" : "WALDUR_VERIFY_SSL";
        String text = environment.getOrDefault(name, "true").strip().toLowerCase(Locale.ROOT);
        if (!Located.ON.contains(text) && !Located.OFF.contains(text)) {
            findings.wrong(new Mistake(0, "environment " + name, "'" + text + "' is neither true nor false", "true, or false"));
        }
        return !Located.OFF.contains(text);
    }

    private Optional<String> dsn(Section global) {
        Optional<String> dsn = global.text("sentry_dsn");
        dsn.filter(d -> !Kind.DSN.pattern().orElseThrow().matcher(d).matches())
                .ifPresent(d -> global.wrong("sentry_dsn", "this is not the DSN of Sentry", Kind.DSN.right("")));
        return dsn;
    }

    private static ZoneId zone(Section global) {
        return global.zone("timezone").orElseGet(() -> ZoneId.of(global.fallback("timezone")));
    }

    /** Of the offerings that do not name theirs. */
    private static ZoneId billing(Section global) {
        Optional<ZoneId> billing = global.zone("billing_timezone");
        boolean other = billing.isEmpty() && !zone(global).getRules().equals(ZoneOffset.UTC.getRules());
        if (other) {
            global.warn("timezone", "timezone is the site's; the months that are billed are the server's: billing_timezone, which is UTC unless you say otherwise");
        }
        return billing.orElseGet(() -> ZoneId.of(global.fallback("billing_timezone")));
    }

    private Duration period(String mode) {
        String name = String.format(PERIOD, mode);
        String usual = Keys.environment().get(name).fallback().orElseThrow();
        String text = environment.getOrDefault(name, usual).strip();
        try {
            long millis = new BigDecimal(text).multiply(BigDecimal.valueOf(60_000)).longValue();
            if (millis >= 1_000 && millis <= Duration.ofDays(7).toMillis()) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        findings.wrong(new Mistake(0, "environment " + name, "'" + text + "' is not a period", "minutes, like " + usual + " or 0.5"));
        return Duration.ofMinutes(Long.parseLong(usual));
    }
}
