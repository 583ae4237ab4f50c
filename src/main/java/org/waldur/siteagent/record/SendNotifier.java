package org.waldur.siteagent.record;

import org.apache.camel.support.EventNotifierSupport;

/** Hears from Camel of whatever is sent anywhere, before and after it, in the thread that sends; of nothing else. */
public abstract class SendNotifier extends EventNotifierSupport {
    protected SendNotifier() {
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeFailedEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
    }
}
