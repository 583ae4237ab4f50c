package org.waldur.siteagent.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.logback.SentryAppender;
import io.sentry.protocol.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.config.AgentConfig;

/** Sends what is logged as ERROR to Sentry, if the config names one. An event has the line of the log and nothing else. */
final class ErrorReports {
    private ErrorReports() {
    }

    static void start(AgentConfig config) {
        if (config.sentryDsn().isEmpty() || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext logging)) {
            return;
        }
        Sentry.init(options -> {
            options.setDsn(config.sentryDsn().get());
            options.setEnvironment(config.sentryEnvironment().orElse("production"));
            options.setRelease("waldur-site-agent@" + Agent.VERSION);
            options.setSendDefaultPii(false);
            options.setServerName(null);
            options.setBeforeSend((event, hint) -> withFingerprint(event));
        });
        SentryAppender appender = new SentryAppender();
        appender.setContext(logging);
        appender.setMinimumEventLevel(Level.ERROR);
        appender.setMinimumBreadcrumbLevel(Level.ERROR);
        appender.start();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /** The same cause is one issue, whatever its numbers and uuids are. */
    static SentryEvent withFingerprint(SentryEvent event) {
        Message message = event.getMessage();
        String text = message == null || message.getFormatted() == null ? "" : message.getFormatted();
        event.setFingerprints(List.of(String.valueOf(event.getLogger()), text.replaceAll("\\[dead letter .*", "").replaceAll("[0-9a-f]{8,}|\\d+", "#")));
        return event;
    }
}
