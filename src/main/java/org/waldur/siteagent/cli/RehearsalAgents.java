package org.waldur.siteagent.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.rehearsal.Player;
import org.waldur.siteagent.rehearsal.Stage;

/** The agents of a rehearsal. The routes of a folder are checked once. */
final class RehearsalAgents implements Player {
    private final Settings theirs;
    private final Set<Path> checked = new HashSet<>();

    /** @param theirs the operator's */
    RehearsalAgents(Settings theirs) {
        this.theirs = theirs;
    }

    @Override
    public Playing start(Stage stage, Path routes) throws Exception {
        AgentConfig config = stage.config(theirs.config());
        Settings settings = new Settings(config, routes, config.offerings(), Set.of(), true, false, theirs.with(stage.properties()).overrides());
        Set<String> played = new ConcurrentSkipListSet<>();
        Agent agent = new Agent(settings, plan -> { }, stage.clock()).rehearse(stage.outside(), played);
        (checked.add(routes) ? agent : agent.trustRoutes()).start();
        return new Playing() {
            @Override
            public void cycle(Mode mode) throws Exception {
                agent.cycle(mode.job());
            }

            @Override
            public Set<String> routes() {
                return played;
            }

            @Override
            public void close() {
                agent.stop();
            }
        };
    }
}
