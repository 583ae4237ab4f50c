package org.waldur.siteagent.exec;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.exec.ExecComponent;
import org.apache.camel.component.exec.ExecEndpoint;

/**
 * Camel's exec component as a root user needs it. The only endpoint is {@code exec:command?timeout=MILLISECONDS&exitValues=0}; what it runs is the
 * {@link Argv} in the body and nothing else, no header steers it. The body becomes what the command printed; if it did not end
 * with one of the exit values, {@link CommandFailed} is thrown.
 */
public final class CommandComponent extends ExecComponent {
    private static final int DEFAULT_TIMEOUT_MS = 60_000;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (!remaining.equals("command")) {
            throw new IllegalArgumentException("exec:" + remaining + " is not allowed; use exec:command, and put the command into the body"
                    + " with the language argv");
        }
        for (String option : new String[] {"args", "workingDir", "outFile", "useStderrOnEmptyStdout", "commandExecutor", "binding"}) {
            if (parameters.containsKey(option)) {
                throw new IllegalArgumentException("exec:command has no option " + option + "; it has timeout and exitValues");
            }
        }
        CommandEndpoint endpoint = new CommandEndpoint(uri, this);
        setProperties(endpoint, parameters);
        if (endpoint.getTimeout() <= 0 || endpoint.getTimeout() == ExecEndpoint.NO_TIMEOUT) {
            endpoint.setTimeout(DEFAULT_TIMEOUT_MS);
        }
        return endpoint;
    }

    private static final class CommandEndpoint extends ExecEndpoint {
        private CommandEndpoint(String uri, CommandComponent component) {
            super(uri, component);
            setExecutable("command");
        }

        @Override
        public Producer createProducer() {
            return new CommandProducer(this, Duration.ofMillis(getTimeout()), getExitValues());
        }

        @Override
        public org.apache.camel.Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("a route cannot begin with a command");
        }
    }

    /** The argv of an exchange. Throws {@link IllegalArgumentException} for any other body. */
    static Argv argv(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof Argv argv) {
            return argv;
        }
        throw new IllegalArgumentException("exec:command runs only what the language argv has put into the body");
    }
}
