package org.waldur.siteagent.exec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.waldur.Text;

/** Runs the command of an exchange, tells the listeners, and makes its output the body. */
final class CommandProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger("commands");
    private static final int LONGEST_MESSAGE = 500;
    private final Duration deadline;
    private final Path setsid;
    private final boolean byLines;
    private final boolean strict;
    private final Set<Integer> good;

    /**
     * @param exitValues exit codes with commas between that are no failure; null for 0 only
     * @param setsid     see {@link Command#run}
     * @param byLines    the body becomes a {@link CommandOutput}; otherwise a text
     * @param strict     "error:" on stderr is a failure
     */
    CommandProducer(ExecEndpoint endpoint, Duration deadline, String exitValues, Path setsid, boolean byLines, boolean strict) {
        super(endpoint);
        this.deadline = deadline;
        this.setsid = setsid;
        this.byLines = byLines;
        this.strict = strict;
        this.good = exitValues == null ? Set.of(0)
                : Arrays.stream(exitValues.split(",")).map(v -> Integer.valueOf(v.strip())).collect(Collectors.toSet());
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        Argv argv = CommandComponent.argv(exchange);
        if (exchange.getContext().isStopping() || exchange.getContext().isStopped()) {
            throw new Stopping();
        }
        Collection<CommandListener> listeners = exchange.getContext().getRegistry().findByType(CommandListener.class);
        listeners.forEach(l -> l.before(exchange, argv));
        Command.Result result = run(argv);
        listeners.forEach(l -> l.after(exchange, argv, result.exit(), result.seconds(), result.stderr()));
        LOG.debug("{} ended with {} after {} s", argv, result.exit(), result.seconds());
        if (byLines) {
            exchange.getExchangeExtension().addOnCompletion(closing(result.stdout()));
            check(argv, result);
            exchange.getMessage().setBody(result.stdout());
        } else {
            try (CommandOutput stdout = result.stdout()) {
                check(argv, result);
                exchange.getMessage().setBody(stdout.text());
            }
        }
    }

    private static SynchronizationAdapter closing(CommandOutput output) {
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange over) {
                output.close();
            }
        };
    }

    private Command.Result run(Argv argv) throws InterruptedException {
        try {
            return Command.run(argv, deadline, setsid);
        } catch (IOException e) {
            return new Command.Result(127, "", CommandOutput.of(""), e.getMessage(), 0);
        }
    }

    private void check(Argv argv, Command.Result result) {
        String said = Text.oneLine(result.stderr() + " " + result.stdout().head(LONGEST_MESSAGE), LONGEST_MESSAGE);
        if (!result.trouble().isEmpty()) {
            throw new CommandFailed(argv, result.exit(), "was killed, because " + result.trouble(), said);
        }
        if (result.exit() == LockBusy.EXIT_CODE && argv.program().endsWith("/flock")) {
            throw new LockBusy(argv, LockHolder.of(argv.words()));
        }
        if (!good.contains(result.exit())) {
            throw new CommandFailed(argv, result.exit(), result.exit() == 127 ? "could not be started" : "ended with exit code " + result.exit(), said);
        }
        if (strict && result.stderr().contains("error:")) {
            throw new CommandFailed(argv, result.exit(), "ended with exit code " + result.exit() + " and an error", said);
        }
        if (!byLines && result.stdout().size() > CommandOutput.MOST_TEXT) {
            throw new CommandFailed(argv, result.exit(), result.stdout().tooLarge(), "");
        }
        if (!result.stderr().isBlank()) {
            LOG.info("{} said: {}", argv.name(), Text.oneLine(result.stderr(), LONGEST_MESSAGE));
        }
    }
}
