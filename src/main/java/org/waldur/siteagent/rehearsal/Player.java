package org.waldur.siteagent.rehearsal;

import java.nio.file.Path;
import java.util.Set;
import org.waldur.siteagent.config.Mode;

/** Makes agents that play on a stage. */
public interface Player {
    /** Starts one with the routes of a folder; throws what the agent would throw at its start. */
    Playing start(Stage stage, Path routes) throws Exception;

    /** An agent that is started and makes no cycle of its own. */
    interface Playing extends AutoCloseable {
        void cycle(Mode mode) throws Exception;

        /** Ids of the routes that an exchange has come to so far. */
        Set<String> routes();

        @Override
        void close();
    }
}
