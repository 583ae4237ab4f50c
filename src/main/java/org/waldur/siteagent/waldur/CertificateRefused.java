package org.waldur.siteagent.waldur;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.waldur.siteagent.config.Offering;

/** A server showed a certificate that is not believed. No other try makes it better, only an operator does. */
public final class CertificateRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private CertificateRefused(String message) {
        super(message);
    }

    /** What to say of a handshake that failed; the same exception if it was not the certificate. */
    static IOException explained(SSLException e, String host, int port, Optional<Offering> offering) {
        Throwable cause = e;
        while (!(cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) && cause != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return e;
        }
        String key = offering.map(o -> " of offering '" + o.name() + "'").orElse("");
        boolean unknown = cause.getCause() instanceof CertPathBuilderException;
        return new CertificateRefused("the certificate of " + host + ":" + port + " is refused: " + cause.getMessage()
                + (unknown ? "; if it is the right server, name a PEM file with the certificate of its authority as ca_file" + key
                : "; the host in waldur_api_url" + key + " must be one that a valid certificate is for"));
    }
}
