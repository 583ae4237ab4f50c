package org.waldur.siteagent.config;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component.AccountingType;

/** Reads one entry of {@code offerings}. */
final class OfferingReader {
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}");
    private static final Pattern ACCOUNT = Pattern.compile("(?i)[a-z0-9_][a-z0-9_.-]*");
    private static final Pattern COMPONENT = Pattern.compile("[a-zA-Z0-9_\\-/:]{1,50}");
    private static final Pattern PATH = Pattern.compile("/.*");
    private static final Pattern UMASK = Pattern.compile("0?[0-7]{3}");
    private static final String ACCOUNT_RULE = "letters, digits, '_', '.' and '-', and no dash in front";

    private final Path config;
    private final Map<String, String> environment;
    private final boolean verifyByDefault;
    private final Optional<String> globalProxy;
    private final List<String> warnings;

    OfferingReader(Path config, Map<String, String> environment, boolean verifyByDefault, Optional<String> globalProxy, List<String> warnings) {
        this.config = config;
        this.environment = environment;
        this.verifyByDefault = verifyByDefault;
        this.globalProxy = globalProxy;
        this.warnings = warnings;
    }

    /** The offering; what is wrong in it has been added to the mistakes, and stand-ins are in its place. */
    Offering read(Located where) {
        Section offering = new Section(where, Keys.OFFERING, warnings);
        String name = offering.needed("name", "Our cluster");
        String uuid = offering.matching("waldur_offering_uuid", UUID, "the offering's uuid, 32 hex digits with or without dashes", "");
        if (uuid.isEmpty() && offering.get("waldur_offering_uuid").isEmpty()) {
            offering.wrong("the key waldur_offering_uuid is missing", "waldur_offering_uuid: UUID of the offering in Waldur");
        }
        String backend = offering.text("backend_type").orElse("slurm").toLowerCase(Locale.ROOT);
        if (!backend.equals("slurm")) {
            offering.get("backend_type").orElseThrow().wrong("the backend '" + backend + "' is not in this version", "slurm");
        }
        return new Offering(name, uuid.replace("-", "").toLowerCase(Locale.ROOT), apiUrl(offering),
                TokenSource.read(offering, config, environment, warnings).orElse(new Secret("missing")),
                offering.flag("verify_ssl", verifyByDefault), caFile(offering), proxy(offering), backend, settings(offering), components(offering));
    }

    private URI apiUrl(Section offering) {
        String text = offering.needed("waldur_api_url", "https://waldur.example.com/api/");
        try {
            URI uri = new URI(text.endsWith("/") ? text : text + "/");
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getPath().endsWith("/api/") && uri.getRawQuery() == null && uri.getUserInfo() == null) {
                if (uri.getScheme().equals("http") && !List.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost())) {
                    warnings.add("offering " + offering.text("name").orElse("?") + ": the token goes to " + uri + " unencrypted");
                }
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below, like every other text that is no such address
        }
        offering.get("waldur_api_url").ifPresent(u -> u.wrong("'" + text + "' is not the address of Waldur's API", "https://HOST/api/"));
        return URI.create("http://localhost/api/");
    }

    private Optional<Path> caFile(Section offering) {
        Optional<Path> file = offering.text("ca_file").map(f -> config.toAbsolutePath().resolveSibling(f));
        file.filter(f -> !holdsCertificates(f)).ifPresent(f ->
                offering.get("ca_file").orElseThrow().wrong("no certificate can be read from the file " + f, "a PEM file of certificates"));
        return file;
    }

    private static boolean holdsCertificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }

    private Optional<URI> proxy(Section offering) {
        Optional<String> text = offering.text("proxy").or(() -> globalProxy);
        Optional<URI> proxy = text.filter(t -> t.matches("https?://[^/@]+:\\d+/?")).map(URI::create);
        if (text.isPresent() && proxy.isEmpty()) {
            String wrong = "'" + text.get().replaceAll("//[^@/]*@", "//***@") + "' is not a proxy that this version can use";
            offering.get("proxy").ifPresentOrElse(p -> p.wrong(wrong, "http://HOST:PORT"), () -> offering.wrong("global_proxy: " + wrong, "http://HOST:PORT"));
        }
        return proxy;
    }

    private BackendSettings settings(Section offering) {
        Located at = offering.get("backend_settings").orElse(null);
        if (at == null) {
            offering.wrong("the key backend_settings is missing", "backend_settings: with default_account and the prefixes");
            return stand();
        }
        Section backend = new Section(at, Keys.BACKEND, warnings);
        DefaultAccountPolicy policy = backend.choice("default_account_policy", DefaultAccountPolicy.class, DefaultAccountPolicy.COMMON);
        String defaultAccount = backend.matching("default_account", ACCOUNT, ACCOUNT_RULE, "");
        if (defaultAccount.isEmpty() && backend.get("default_account").isEmpty()) {
            backend.wrong("the key default_account is missing", "default_account: root");
        }
        backend.text("execution_mode").filter(m -> !m.equals("cli")).ifPresent(m ->
                backend.get("execution_mode").orElseThrow().wrong("'" + m + "' is not in this version", "cli"));
        if (backend.flag("soft_delete", false)) {
            backend.get("soft_delete").orElseThrow().wrong("a terminated account is always removed by this version", "soft_delete: false");
        }
        String root = backend.matching("root_account", ACCOUNT, ACCOUNT_RULE, defaultAccount.isEmpty() ? "root" : defaultAccount);
        String umask = backend.matching("default_homedir_umask", UMASK, "four octal digits, like \"0077\"", "0077");
        return new BackendSettings(defaultAccount, policy, prefix(backend, "customer_prefix"), prefix(backend, "project_prefix"),
                prefix(backend, "allocation_prefix"), backend.whole("allocation_name_max_len", 12, 42, 34), root,
                account(backend, "parent_account"), account(backend, "cluster_name"),
                backend.matching("slurm_bin_path", PATH, "an absolute path, like /usr/bin", "/usr/bin").replaceAll("/+$", ""),
                backend.flag("enable_user_homedir_account_creation", true), umask.length() == 3 ? "0" + umask : umask,
                backend.text("homedir_base_path"), backend.choice("missing_limit", MissingLimit.class, MissingLimit.HOLD));
    }

    private static BackendSettings stand() {
        return new BackendSettings("", DefaultAccountPolicy.NONE, "", "", "", 34, "root", Optional.empty(), Optional.empty(), "/usr/bin", false,
                "0077", Optional.empty(), MissingLimit.HOLD);
    }

    private static String prefix(Section backend, String key) {
        if (backend.text(key).isEmpty()) {
            backend.wrong("the key " + key + " is missing or empty; without it every account would look like ours", key + ": hpc_");
        }
        return backend.matching(key, ACCOUNT, ACCOUNT_RULE, "missing_");
    }

    private static Optional<String> account(Section backend, String key) {
        return Optional.of(backend.matching(key, ACCOUNT, ACCOUNT_RULE, "")).filter(a -> !a.isEmpty());
    }

    private Map<String, Component> components(Section offering) {
        Map<String, Component> components = new LinkedHashMap<>();
        Optional<Located> where = offering.get("backend_components");
        if (where.isEmpty()) {
            offering.wrong("the key backend_components is missing", "backend_components: with an entry for each TRES, like cpu");
            return components;
        }
        where.get().map().forEach((type, at) -> {
            if (!COMPONENT.matcher(type).matches()) {
                at.wrong("'" + type + "' cannot be the type of a component", "letters, digits, '_', '-', '/' and ':', at most 50");
            }
            components.put(type, component(type, at));
        });
        return components;
    }

    private Component component(String type, Located where) {
        Section component = new Section(where, Keys.COMPONENT, warnings);
        BigDecimal factor = component.number("unit_factor").orElse(BigDecimal.ONE);
        if (factor.signum() <= 0) {
            component.get("unit_factor").orElseThrow().wrong("unit_factor must be above 0", "unit_factor: 60000");
            factor = BigDecimal.ONE;
        }
        if (component.text("accounting_type").isEmpty()) {
            component.wrong("the key accounting_type is missing", "accounting_type: usage or limit");
        }
        Optional<BigDecimal> limit = component.number("limit");
        if (limit.filter(l -> l.signum() < 0).isPresent()) {
            component.get("limit").orElseThrow().wrong("a limit must not be negative", "limit: 10");
        }
        return new Component(type, component.text("label").orElse(type), component.text("measured_unit").orElse(""), factor,
                component.choice("accounting_type", AccountingType.class, AccountingType.USAGE), limit, targets(component), extras(component));
    }

    private Map<String, BigDecimal> targets(Section component) {
        Map<String, BigDecimal> targets = new LinkedHashMap<>();
        component.get("target_components").ifPresent(all -> all.map().forEach((tres, at) -> {
            try {
                BigDecimal factor = new BigDecimal(at.isScalar() ? at.text() : at.map().get("factor").text());
                if (factor.signum() > 0) {
                    targets.put(tres, factor);
                    return;
                }
            } catch (NumberFormatException | NullPointerException e) {
                // said below
            }
            at.wrong("a factor above 0 belongs here", tres + ": {factor: 1}");
        }));
        return targets;
    }

    private static Map<String, Object> extras(Section component) {
        Map<String, Object> extras = new LinkedHashMap<>();
        for (String field : List.of("description", "min_value", "max_value", "max_available_limit", "default_limit", "limit_period", "article_code",
                "is_boolean", "is_prepaid", "min_prepaid_duration", "max_prepaid_duration", "prepaid_duration_step", "min_renewal_duration",
                "max_renewal_duration", "renewal_duration_step")) {
            component.get(field).ifPresent(value -> extras.put(field, value.plain()));
        }
        return extras;
    }
}
