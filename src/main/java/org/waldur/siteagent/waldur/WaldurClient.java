package org.waldur.siteagent.waldur;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.Stopping;

/**
 * The HTTP client of all offerings, for Camel's http component. It keeps connections, follows no redirect, tries nothing again by
 * itself, and adds the token of the offering that the header {@value #OFFERING} names, only to requests for that offering's server.
 */
public final class WaldurClient implements HttpClientConfigurer {
    /** Header by which a route says whose token a request needs. It never leaves this process. */
    public static final String OFFERING = "waldur-offering";
    private static final int ROUTE_CONNECTIONS = 4;

    private final Map<String, Offering> offerings;
    private final String userAgent;
    private final Bounds bounds;
    private HttpRequestInterceptor guard = (request, entity, context) -> { };
    private ExecChainHandler outside = (request, scope, chain) -> chain.proceed(request, scope);
    private volatile BooleanSupplier stops = () -> false;

    /** @param userAgent contains {@code waldur-site-agent}, which is how Waldur sees that the agent lives */
    public WaldurClient(Collection<Offering> offerings, String userAgent) {
        this(offerings, userAgent, Bounds.USUAL);
    }

    WaldurClient(Collection<Offering> offerings, String userAgent, Bounds bounds) {
        this.offerings = offerings.stream().collect(Collectors.toMap(Offering::uuid, Function.identity()));
        this.userAgent = userAgent;
        this.bounds = bounds;
    }

    /** Asks somebody before each request, in the thread that sends it; what he throws stops it. */
    public WaldurClient guardedBy(HttpRequestInterceptor interceptor) {
        guard = interceptor;
        return this;
    }

    /** Lets somebody answer a request before a connection is made: a rehearsal, in which none goes to anybody but the simulator. */
    public WaldurClient answeredBy(ExecChainHandler handler) {
        outside = handler;
        return this;
    }

    /** Makes Camel's http and https components use this client. */
    public static void configure(CamelContext context, WaldurClient client) {
        client.stops = () -> context.isStopping() || context.isStopped();
        for (String scheme : List.of("http", "https")) {
            HttpComponent component = context.getComponent(scheme, HttpComponent.class);
            component.setHttpClientConfigurer(client);
            component.setCopyHeaders(false);
            component.setFollowRedirects(false);
            component.setRedirectHandlingDisabled(true);
            component.setCookieStore(null);
            component.setConnectTimeout(client.bounds.connect().toMillis());
            component.setConnectionRequestTimeout(30_000);
            component.setResponseTimeout(client.bounds.silence().toMillis());
            component.setSoTimeout(client.bounds.silence().toMillis());
        }
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableAuthCaching()
                .setUserAgent(userAgent)
                .setConnectionManager(Connections.of(offerings.values(), ROUTE_CONNECTIONS))
                .setRoutePlanner(Connections.planner(offerings.values()))
                .addRequestInterceptorFirst(new Credentials(offerings))
                .addRequestInterceptorFirst(guard)
                .addExecInterceptorFirst("outside", outside)
                .addExecInterceptorFirst("bounds", bounds)
                .addExecInterceptorFirst("stop", this::begin);
    }

    /** No request begins while the agent stops, whichever route wants one. */
    private ClassicHttpResponse begin(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        if (stops.getAsBoolean()) {
            throw new Stopping();
        }
        return chain.proceed(request, scope);
    }
}
