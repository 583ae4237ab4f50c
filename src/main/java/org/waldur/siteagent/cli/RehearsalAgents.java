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
        Agent agent = new Agent(settings, plan -> { }, stage.clock());
        Play play = new Play(agent, seconds);
        agent.rehearse(stage.outside(), play::cameTo);
        (checked.add(routes) ? agent : agent.trustRoutes()).start();
        return play;
    }

    /** Each cycle has a thread of its own, so that one that does not end can be left. */
    private static final class Play implements Playing {
        private final Agent agent;
        private final long seconds;
        private final Set<String> routes = new ConcurrentSkipListSet<>();
        private volatile String last = "";
        private boolean stuck;

        private Play(Agent agent, long seconds) {
            this.agent = agent;
            this.seconds = seconds;
        }

        private void cameTo(String route) {
            last = route;
            routes.add(route);
        }

        @Override
        public void cycle(Mode mode) throws Exception {
            if (stuck) {
                throw new IllegalStateException("it was not played, because one before it has not ended");
            }
            FutureTask<Void> cycle = new FutureTask<>(() -> {
                agent.cycle(mode.job());
                return null;
            });
            Thread thread = daemon(cycle);
            try {
                cycle.get(seconds, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            } catch (TimeoutException e) {
                stuck = true;
                thread.interrupt();
                throw new IllegalStateException("it did not end within " + seconds + " s; the route that it came to last is " + last);
            }
        }

        @Override
        public Set<String> routes() {
            return routes;
        }

        /** Camel would wait for minutes for what is stuck. */
        @Override
        public void close() {
            if (stuck) {
                daemon(agent::stop);
            } else {
                agent.stop();
            }
        }

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "rehearsal");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }
}
