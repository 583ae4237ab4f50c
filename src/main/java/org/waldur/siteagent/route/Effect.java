package org.waldur.siteagent.route;

import java.util.List;

/** What a step does with variables. */
sealed interface Effect {

    record Sets(String variable, Entry where) implements Effect {
    }

    /** @param optional the step can do without a value */
    record Reads(String variable, Entry where, boolean optional) implements Effect {
    }

    /** A route is played in between, with the same variables. */
    record Calls(String route) implements Effect {
    }

    /** Nothing comes after this. */
    record Ends() implements Effect {
    }

    /** One of several ways is gone. @param orNone or none of them */
    record Ways(List<List<Effect>> ways, boolean orNone) implements Effect {
    }

    /** Happens to a copy of the message; what is set there is gone afterwards. */
    record Apart(List<Effect> effects) implements Effect {
    }

    /** May happen at any time, so that anything may be set by then. */
    record Anytime(List<Effect> effects) implements Effect {
    }
}
