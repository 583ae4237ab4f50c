package org.waldur.siteagent.exec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
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
    private final Options options;
    private final Snapshot snapshot;

    /**
     * The options of the endpoint.
     *
     * @param good    exit codes that are no failure
     * @param setsid  see {@link Command#run}
     * @param byLines the body becomes a {@link CommandOutput}; otherwise a text
     * @param strict  "error:" on stderr is a failure
     * @param maxAge  how old an answer may be that somebody else got; zero: the command is run
     */
    record Options(Duration deadline, Set<Integer> good, Path setsid, boolean byLines, boolean strict, Duration maxAge) {
    }

    CommandProducer(ExecEndpoint endpoint, Options options, Snapshot snapshot) {
        super(endpoint);
        this.options = options;
        this.snapshot = snapshot;
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        Argv argv = CommandComponent.argv(exchange);
        if (exchange.getContext().isStopping() || exchange.getContext().isStopped()) {
            throw new Stopping();
        }
        CommandOutput output = options.maxAge().isZero() ? run(exchange, argv) : look(exchange, argv);
        if (options.byLines()) {
            exchange.getExchangeExtension().addOnCompletion(closing(output));
            exchange.getMessage().setBody(output);
        } else {
            try (output) {
                exchange.getMessage().setBody(output.text());
            }
        }
    }

    private CommandOutput look(Exchange exchange, Argv argv) throws InterruptedException {
        if (!argv.onlyLooks()) {
            throw new IllegalArgumentException("the option maxAge of exec:command is for commands that only look, and not for " + argv.name());
        }
        return snapshot.ask(argv, options.maxAge(), options.deadline(), () -> run(exchange, argv));
    }

    private CommandOutput run(Exchange exchange, Argv argv) throws InterruptedException {
        Collection<CommandListener> listeners = exchange.getContext().getRegistry().findByType(CommandListener.class);
        listeners.forEach(l -> l.before(exchange, argv));
        Command.Result result = argv.onlyLooks() ? run(argv, exchange) : write(argv, exchange);
        listeners.forEach(l -> l.after(exchange, argv, result.exit(), result.seconds(), result.stderr()));
        LOG.debug("{} ended with {} after {} s", argv, result.exit(), result.seconds());
        try {
            check(argv, result);
            return result.stdout();
        } catch (RuntimeException e) {
            result.stdout().close();
            throw e;
        }
    }

    /** What somebody reads while this runs is not yet what is there afterwards. */
    private Command.Result write(Argv argv, Exchange exchange) throws InterruptedException {
        snapshot.forget();
        try {
            return run(argv, exchange);
        } finally {
            snapshot.forget();
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

    private Command.Result run(Argv argv, Exchange exchange) throws InterruptedException {
        CommandRunner instead = exchange.getContext().getRegistry().findSingleByType(CommandRunner.class);
        if (instead != null) {
            CommandRunner.Ran ran = instead.run(argv);
            return new Command.Result(ran.exit(), "", CommandOutput.of(ran.stdout()), ran.stderr(), 0);
        }
        try {
            return Command.run(argv, options.deadline(), options.setsid());
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
        if (!options.good().contains(result.exit())) {
            throw new CommandFailed(argv, result.exit(), result.exit() == 127 ? "could not be started" : "ended with exit code " + result.exit(), said);
        }
        if (options.strict() && result.stderr().contains("error:")) {
            throw new CommandFailed(argv, result.exit(), "ended with exit code " + result.exit() + " and an error", said);
        }
        if (!options.byLines() && result.stdout().size() > CommandOutput.MOST_TEXT) {
            throw new CommandFailed(argv, result.exit(), result.stdout().tooLarge(), "");
        }
        if (!result.stderr().isBlank()) {
            LOG.info("{} said: {}", argv.name(), Text.oneLine(result.stderr(), LONGEST_MESSAGE));
        }
    }
}
