package org.waldur.siteagent.rehearsal;

import java.util.List;
import java.util.function.Consumer;
import org.waldur.siteagent.config.Mode;

/** One step of a scenario. */
sealed interface Step {
    /** Something happens in Waldur, on the cluster, or to the clock. */
    record Happening(Consumer<Stage> what) implements Step {
    }

    /** The agent makes a cycle of each of these modes. */
    record Cycle(List<Mode> modes) implements Step {
    }

    /** It is looked at what there is by now. */
    record Look(Expectation expectation) implements Step {
    }
}
