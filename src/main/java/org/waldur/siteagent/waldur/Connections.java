package org.waldur.siteagent.waldur;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.waldur.siteagent.config.Offering;

/** Connections to the servers of the offerings: verified by the system's certificates unless an offering says otherwise, by proxy if it says so. */
final class Connections {
    private Connections() {
    }

    static HttpClientConnectionManager of(Collection<Offering> offerings, int perRoute) {
        Map<String, TlsSocketStrategy> byHost = new HashMap<>();
        for (Offering offering : offerings) {
            if (!offering.verifySsl() || offering.caFile().isPresent()) {
                byHost.put(host(offering), tls(offering));
            }
        }
        TlsSocketStrategy system = DefaultClientTlsStrategy.createSystemDefault();
        TlsSocketStrategy chosen = (socket, host, port, attachment, context) -> {
            try {
                return byHost.getOrDefault(host.toLowerCase(Locale.ROOT), system).upgrade(socket, host, port, attachment, context);
            } catch (SSLException e) {
                throw CertificateRefused.explained(e, host, port, offerings.stream().filter(o -> host(o).equalsIgnoreCase(host)).findFirst());
            }
        };
        return PoolingHttpClientConnectionManagerBuilder.create().setTlsSocketStrategy(chosen).setMaxConnPerRoute(perRoute).build();
    }

    private static TlsSocketStrategy tls(Offering offering) {
        try {
            if (!offering.verifySsl()) {
                SSLContext all = SSLContexts.custom().loadTrustMaterial((chain, type) -> true).build();
                return new DefaultClientTlsStrategy(all, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
            }
            return new DefaultClientTlsStrategy(SSLContexts.custom().loadTrustMaterial(trusted(offering.caFile().orElseThrow()), null).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS for offering " + offering.name() + ": " + e.getMessage(), e);
        }
    }

    /** The certificates of the system, and those of a PEM file besides. */
    private static KeyStore trusted(Path pem) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            system.init((KeyStore) null);
            for (X509Certificate certificate : Arrays.stream(system.getTrustManagers()).filter(X509TrustManager.class::isInstance)
                    .flatMap(m -> Arrays.stream(((X509TrustManager) m).getAcceptedIssuers())).toList()) {
                store.setCertificateEntry("system-" + number++, certificate);
            }
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ca_file " + pem + ": " + e.getMessage(), e);
        }
    }

    static HttpRoutePlanner planner(Collection<Offering> offerings) {
        Map<String, HttpHost> proxies = new HashMap<>();
        for (Offering offering : offerings) {
            offering.proxy().ifPresent(proxy -> proxies.put(host(offering), host(proxy)));
        }
        DefaultRoutePlanner direct = new DefaultRoutePlanner(null);
        return (target, context) -> {
            HttpRoute route = direct.determineRoute(target, (HttpContext) context);
            HttpHost proxy = proxies.get(target.getHostName().toLowerCase(Locale.ROOT));
            return proxy == null ? route : new HttpRoute(route.getTargetHost(), null, proxy, route.isSecure());
        };
    }

    private static String host(Offering offering) {
        return offering.apiUrl().getHost().toLowerCase(Locale.ROOT);
    }

    private static HttpHost host(URI proxy) {
        return new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort());
    }
}
