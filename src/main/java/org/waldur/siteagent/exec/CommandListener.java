package org.waldur.siteagent.exec;

import org.apache.camel.Exchange;

/** Hears of every command right before it starts and right after it ended. All beans of this type are told. */
public interface CommandListener {
    void before(Exchange exchange, Argv argv);

    /** @param exit as {@link CommandFailed#exitCode()} */
    void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr);
}
