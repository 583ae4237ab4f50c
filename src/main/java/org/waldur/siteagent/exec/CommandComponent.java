package org.waldur.siteagent.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.exec.ExecComponent;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * Camel's exec component as a root user needs it. The only endpoint is {@code exec:command?timeout=MILLISECONDS&exitValues=0&output=text}; what it
 * runs is the {@link Argv} in the body and nothing else, no header steers it. The body becomes what the command printed: a text of at
 * most 16 MB, or with {@code output=lines} a {@link CommandOutput} of at most 1 GB. If the command did not end with one of the exit values,
 * printed more or ran for longer, {@link CommandFailed} is thrown; with {@code errors=fail} also if a line of its stderr says "error:", because
 * sacct may end with 0 when its answer is not whole. With {@code maxAge=MILLISECONDS} a command that only looks is not run if somebody else has got an
 * answer to it that is no older and still holds, see {@link Snapshot}. The property {@code host.setsid} is the path of setsid(1).
 */
public final class CommandComponent extends ExecComponent {
    /** The options of the endpoint. */
    public static final Set<String> OPTIONS = Set.of("timeout", "exitValues", "output", "errors", "maxAge");
    private static final int DEFAULT_TIMEOUT_MS = 60_000;
    private final Snapshot snapshot;

    /** @param snapshot what commands with {@code maxAge} share */
    public CommandComponent(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** A body that is read by lines can be given as a text to whoever wants one, and the other way. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        TypeConverterRegistry converters = getCamelContext().getTypeConverterRegistry();
        converters.addTypeConverter(String.class, CommandOutput.class,
                new SimpleTypeConverter(false, (type, exchange, value) -> ((CommandOutput) value).text()));
        converters.addTypeConverter(CommandOutput.class, String.class,
                new SimpleTypeConverter(false, (type, exchange, value) -> CommandOutput.of((String) value)));
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (!remaining.equals("command")) {
            throw new IllegalArgumentException("exec:" + remaining + " is not allowed; use exec:command, and put the command into the body"
                    + " with the language argv");
        }
        for (String option : parameters.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("exec:command has no option " + option + "; it has timeout, exitValues, output, errors and maxAge");
            }
        }
        String output = getAndRemoveParameter(parameters, "output", String.class, "text");
        if (!output.equals("text") && !output.equals("lines")) {
            throw new IllegalArgumentException("the option output of exec:command is text or lines, and not '" + output + "'");
        }
        String errors = getAndRemoveParameter(parameters, "errors", String.class, "log");
        if (!errors.equals("log") && !errors.equals("fail")) {
            throw new IllegalArgumentException("the option errors of exec:command is log or fail, and not '" + errors + "'");
        }
        long maxAge = getAndRemoveParameter(parameters, "maxAge", Long.class, 0L);
        CommandEndpoint endpoint = new CommandEndpoint(uri, this, output.equals("lines"), errors.equals("fail"), Duration.ofMillis(maxAge));
        setProperties(endpoint, parameters);
        if (endpoint.getTimeout() <= 0 || endpoint.getTimeout() == ExecEndpoint.NO_TIMEOUT) {
            endpoint.setTimeout(DEFAULT_TIMEOUT_MS);
        }
        return endpoint;
    }

    private final class CommandEndpoint extends ExecEndpoint {
        private final boolean byLines;
        private final boolean strict;
        private final Duration maxAge;

        private CommandEndpoint(String uri, CommandComponent component, boolean byLines, boolean strict, Duration maxAge) {
            super(uri, component);
            this.byLines = byLines;
            this.strict = strict;
            this.maxAge = maxAge;
            setExecutable("command");
        }

        @Override
        public Producer createProducer() {
            Path setsid = Path.of(getCamelContext().resolvePropertyPlaceholders("{{host.setsid:/usr/bin/setsid}}"));
            Set<Integer> good = getExitValues() == null ? Set.of(0)
                    : Arrays.stream(getExitValues().split(",")).map(v -> Integer.valueOf(v.strip())).collect(Collectors.toSet());
            return new CommandProducer(this, new CommandProducer.Options(Duration.ofMillis(getTimeout()), good, setsid, byLines, strict, maxAge), snapshot);
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
