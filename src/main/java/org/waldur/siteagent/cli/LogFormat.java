package org.waldur.siteagent.cli;

import ch.qos.logback.core.PropertyDefinerBase;
import java.util.Locale;

/**
 * How the log is written: {@code text}, or {@code json} (an object a line) if the environment {@code WALDUR_SITE_AGENT_LOG_FORMAT} says so. Named by
 * logback.xml, because the log begins before any option is read.
 */
public final class LogFormat extends PropertyDefinerBase {
    static final String VARIABLE = "WALDUR_SITE_AGENT_LOG_FORMAT";

    @Override
    public String getPropertyValue() {
        return System.getenv().getOrDefault(VARIABLE, "").strip().toLowerCase(Locale.ROOT).equals("json") ? "json" : "text";
    }
}
