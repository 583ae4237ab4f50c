package org.waldur.siteagent.simulator;

import java.util.Optional;

/** Waldur's state machine of offering users alone, for tests that need no server. */
public final class OfferingUserLife {
    private OfferingUserLife() {
    }

    /** The state after a step; empty if it is refused. */
    public static Optional<String> step(String state, String action) {
        return OfferingUserStep.of(action).filter(step -> step.from.contains(state)).map(step -> step.to);
    }

    /** The state after a username was given. */
    public static String named(String state, String before, String username) {
        return !username.isEmpty() && !username.equals(before) && OfferingUserStep.UNNAMED.contains(state) ? "OK" : state;
    }
}
