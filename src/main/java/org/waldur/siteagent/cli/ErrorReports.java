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
import org.waldur.siteagent.record.Failure;

/** Sends what is logged as ERROR to Sentry, if the config names one. An event has the line of the log, without what a server answered. */
final class ErrorReports {
    /** How long the end of the process waits for reports that are still on their way. */
    private static final int LAST_WORDS_MS = 2_000;

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
            options.setAttachServerName(false);
            options.setAttachStacktrace(false);
            options.setMaxBreadcrumbs(0);
            options.setConnectionTimeoutMillis(LAST_WORDS_MS);
            options.setFlushTimeoutMillis(LAST_WORDS_MS);
            options.setShutdownTimeoutMillis(LAST_WORDS_MS);
            options.setBeforeSend((event, hint) -> trimmed(event));
        });
        SentryAppender appender = new SentryAppender();
        appender.setContext(logging);
        appender.setMinimumEventLevel(Level.ERROR);
        appender.setMinimumBreadcrumbLevel(Level.OFF);
        appender.start();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /** The same cause is one issue, whatever its numbers and uuids are. */
    static SentryEvent trimmed(SentryEvent event) {
        Message before = event.getMessage();
        String text = before == null || before.getFormatted() == null ? "" : before.getFormatted();
        Message message = new Message();
        message.setFormatted(text.replaceFirst("(\\banswered \\d+)(?: .*(?= \\[(?:no )?dead letter\\b)| .*)", "$1"));
        event.setMessage(message);
        event.setFingerprints(List.of(String.valueOf(event.getLogger()), Failure.kind(message.getFormatted().replaceFirst(" \\[(no )?dead letter\\b.*", ""))));
        return event;
    }
}
