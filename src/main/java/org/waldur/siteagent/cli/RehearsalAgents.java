package org.waldur.siteagent.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.rehearsal.Player;
import org.waldur.siteagent.rehearsal.Stage;

/** The agents of a rehearsal. The routes of a folder are checked once. */
final class RehearsalAgents implements Player {
    private final Settings theirs;
    private final long seconds;
    private final Set<Path> checked = new HashSet<>();

    /**
     * @param theirs  the operator's
     * @param longest a cycle that takes longer will not end; on the simulators it takes less than a second
     */
    RehearsalAgents(Settings theirs, Duration longest) {
        this.theirs = theirs;
        this.seconds = longest.toSeconds();
    }

    @Override
    public Playing start(Stage stage, Path routes) throws Exception {
        AgentConfig config = stage.config(theirs.config());
        Settings settings = new Settings(config, routes, config.offerings(), Set.of(), true, false, theirs.with(stage.properties()).overrides());
        AtomicReference<String> last = new AtomicReference<>("");
        Set<String> played = new ConcurrentSkipListSet<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(String route) {
                last.set(route);
                return super.add(route);
            }
        };
        Agent agent = new Agent(settings, plan -> { }, stage.clock()).rehearse(stage.outside(), played);
        (checked.add(routes) ? agent : agent.trustRoutes()).start();
        return new Playing() {
            private boolean stuck;

            @Override
            public void cycle(Mode mode) throws Exception {
                if (stuck) {
                    throw new IllegalStateException("it was not played, because one before it has not ended");
                }
                FutureTask<Void> cycle = new FutureTask<>(() -> {
                    agent.cycle(mode.job());
                    return null;
                });
                Thread thread = new Thread(cycle, "rehearsal");
                thread.setDaemon(true);
                thread.start();
                try {
                    cycle.get(seconds, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                } catch (TimeoutException e) {
                    stuck = true;
                    thread.interrupt();
                    throw new IllegalStateException("it did not end within " + seconds + " s; the route that it came to last is " + last.get());
                }
            }

            @Override
            public Set<String> routes() {
                return played;
            }

            @Override
            public void close() {
                if (stuck) {
                    // Camel would wait for it for minutes
                    Thread thread = new Thread(agent::stop, "end of a rehearsal");
                    thread.setDaemon(true);
                    thread.start();
                } else {
                    agent.stop();
                }
            }
        };
    }
}
