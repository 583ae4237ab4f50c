package org.waldur.siteagent.simulator;

/** The simulator does not know this argument and must not guess what the real program would do: exit code 64. */
final class UnknownArgument extends RuntimeException {
    UnknownArgument(String argument, String known) {
        super("the simulator does not know '" + argument + "'; it knows: " + known);
    }
}
