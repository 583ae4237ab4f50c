package org.waldur.siteagent.waldur;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.waldur.siteagent.config.Offering;

/** Adds the token to a request for Waldur, and takes away every header that is not meant for a server. */
final class Credentials implements HttpRequestInterceptor {
    private static final List<String> ALLOWED = List.of("host", "content-type", "content-length", "transfer-encoding", "connection",
            "accept-encoding", "expect");
    private final Map<String, Offering> offerings;

    Credentials(Map<String, Offering> offerings) {
        this.offerings = offerings;
    }

    @Override
    public void process(HttpRequest request, EntityDetails entity, HttpContext context) {
        Header named = request.getFirstHeader(WaldurClient.OFFERING);
        Arrays.stream(request.getHeaders()).filter(h -> !ALLOWED.contains(h.getName().toLowerCase(Locale.ROOT))).forEach(request::removeHeader);
        request.setHeader("Accept", "application/json");
        request.setHeader("Accept-Language", "en");
        if (named == null) {
            return;
        }
        Offering offering = offerings.get(named.getValue());
        if (offering == null || !isFor(offering.apiUrl(), request)) {
            throw new IllegalArgumentException("the token of offering " + named.getValue() + " is for " + (offering == null ? "nobody" : offering.apiUrl())
                    + " and not for " + request.getScheme() + "://" + request.getAuthority());
        }
        request.setHeader("Authorization", "Token " + offering.token().reveal());
    }

    private static boolean isFor(URI api, HttpRequest request) {
        return api.getScheme().equalsIgnoreCase(request.getScheme()) && request.getAuthority() != null
                && api.getHost().equalsIgnoreCase(request.getAuthority().getHostName())
                && port(api.getPort(), api.getScheme()) == port(request.getAuthority().getPort(), request.getScheme());
    }

    private static int port(int port, String scheme) {
        return port >= 0 ? port : scheme.equalsIgnoreCase("https") ? 443 : 80;
    }
}
