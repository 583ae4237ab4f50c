package org.waldur.siteagent.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one entry of {@code offerings}. */
final class OfferingReader {
    private static final Pattern UUID_OF_THE_EXAMPLE = Pattern.compile("[0-]+");
    private static final Pattern HOST_OF_THE_EXAMPLE = Pattern.compile("(?i)(.*\\.)?example\\.(com|org|net)");

    private final Path config;
    private final Map<String, String> environment;
    private final boolean secret;
    private final boolean verifyByDefault;
    private final Optional<URI> globalProxy;
    private final ZoneId billing;

    /** @param secret false: neither tokens nor certificates are looked for, and what the example says will do */
    OfferingReader(Path config, Map<String, String> environment, boolean secret, boolean verifyByDefault, Optional<URI> globalProxy, ZoneId billing) {
        this.config = config;
        this.environment = environment;
        this.secret = secret;
        this.verifyByDefault = verifyByDefault;
        this.globalProxy = globalProxy;
        this.billing = billing;
    }

    /** The offering; what is wrong in it has been added to the mistakes, and stand-ins are in its place. Empty if it is not for us. */
    Optional<Offering> read(Located where) {
        if (!where.isMap()) {
            where.wrong("an offering belongs here", "- name: Our cluster, and its other keys under name");
            return Optional.empty();
        }
        if (!BackendChoice.isSlurm(where)) {
            return Optional.empty();
        }
        Section offering = new Section(where, Keys.OFFERING);
        Optional<String> other = BackendChoice.other(offering);
        return Optional.of(new Offering(offering.needed("name"), uuid(offering), apiUrl(offering),
                token(offering), offering.flag("verify_ssl", verifyByDefault),
                caFile(offering), proxy(offering, "proxy").or(() -> globalProxy), BackendChoice.type(offering), BackendChoice.modes(offering),
                offering.flag("report_limits"), offering.zone("billing_timezone").orElse(billing), SettingsReader.read(offering, other), ComponentReader.read(offering, other)));
    }

    private Secret token(Section offering) {
        return (secret ? TokenSource.read(offering, config, environment) : Optional.<Secret>empty()).orElse(new Secret("missing"));
    }

    private String uuid(Section offering) {
        offering.missing("waldur_offering_uuid", "UUID of the offering in Waldur");
        String uuid = offering.matching("waldur_offering_uuid").orElse("");
        if (secret && UUID_OF_THE_EXAMPLE.matcher(uuid).matches()) {
            offering.wrong("waldur_offering_uuid", "this is the uuid of the example", "the uuid of your offering in Waldur");
        }
        return uuid.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private URI apiUrl(Section offering) {
        String text = offering.needed("waldur_api_url");
        try {
            URI uri = new URI(text.endsWith("/") ? text : text + "/");
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getPath().endsWith("/api/") && uri.getRawQuery() == null && uri.getUserInfo() == null) {
                if (secret && HOST_OF_THE_EXAMPLE.matcher(uri.getHost()).matches()) {
                    offering.wrong("waldur_api_url", "'" + uri.getHost() + "' is the host of the example", "the host of your Waldur");
                }
                if (uri.getScheme().equals("http") && !List.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost())) {
                    offering.warn("waldur_api_url", "the token goes to " + uri + " unencrypted");
                }
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below, like every other text that is no such address
        }
        if (offering.text("waldur_api_url").isPresent()) {
            offering.wrong("waldur_api_url", "'" + hidden(text) + "' is not the address of Waldur's API", Kind.URL.right(""));
        }
        return URI.create("http://localhost/api/");
    }

    private Optional<Path> caFile(Section offering) {
        Optional<Path> file = offering.text("ca_file").filter(f -> secret).map(f -> config.toAbsolutePath().resolveSibling(f));
        file.filter(f -> !hasCertificates(f)).ifPresent(f ->
                offering.wrong("ca_file", "there are no certificates in " + f + ", or it cannot be read", "a PEM file of certificates"));
        return file;
    }

    private static boolean hasCertificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }

    static Optional<URI> proxy(Section section, String key) {
        Optional<String> text = section.text(key);
        try {
            Optional<URI> proxy = text.filter(Kind.PROXY.pattern().orElseThrow().asMatchPredicate()).map(URI::create).filter(uri -> uri.getHost() != null);
            if (text.isPresent() == proxy.isPresent()) {
                return proxy;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        section.wrong(key, "'" + hidden(text.orElseThrow()) + "' is not a proxy that this version can use", Kind.PROXY.right(""));
        return Optional.empty();
    }

    /** An address without user and password. */
    private static String hidden(String address) {
        return address.replaceAll("//[^/]*@", "//***@");
    }
}
