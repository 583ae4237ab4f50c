package org.waldur.siteagent.simulator;

import java.time.Instant;
import java.util.List;

/**
 * A command that was run on the simulated cluster.
 *
 * @param argv the program's name and its arguments
 * @param rc   exit code; 137 if it was killed
 */
public record SlurmCommand(List<String> argv, Instant start, Instant end, int rc, String out, String err) {
}
