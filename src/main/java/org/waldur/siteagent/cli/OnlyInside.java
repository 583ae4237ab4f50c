package org.waldur.siteagent.cli;

import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.waldur.siteagent.rehearsal.Outside;

/**
 * Puts something without effect in the place of each endpoint of a route that is neither played by the simulators nor without effect itself: a file, a mail,
 * a queue. What would be sent is written down; what would begin a route, timers as well, never does.
 */
final class OnlyInside implements EndpointStrategy {
    /** The last two reach a program or a server, which {@link Outside} sees to. */
    private static final Set<String> HARMLESS = Set.of("direct", "seda", "log", "mock", "bean", "class", "language", "ref", "exec", "http", "https");
    private final Outside outside;

    OnlyInside(Outside outside) {
        this.outside = outside;
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        String address = endpoint.getEndpointUri();
        String scheme = address.substring(0, Math.max(0, address.indexOf(':')));
        return HARMLESS.contains(scheme) ? endpoint : new Silent(address, endpoint);
    }

    private final class Silent extends DefaultEndpoint {
        private final String uri;

        private Silent(String uri, Endpoint real) {
            this.uri = uri;
            setCamelContext(real.getCamelContext());
            setEndpointUriIfNotSpecified(uri);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    String body = exchange.getMessage().getBody(String.class);
                    outside.notSent(uri, body == null ? "" : body);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new DefaultConsumer(this, processor);
        }

        @Override
        public boolean isSingleton() {
            return true;
        }
    }
}
