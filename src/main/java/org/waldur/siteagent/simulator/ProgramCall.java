package org.waldur.siteagent.simulator;

import java.nio.file.Path;
import java.util.List;

/**
 * How a program was called.
 *
 * @param folder     its working folder
 * @param timeFormat SLURM_TIME_FORMAT of its environment; empty if there is none
 * @param zone       TZ of its environment; empty if there is none
 * @param argv       the program's name and its arguments
 */
record ProgramCall(Path folder, String timeFormat, String zone, List<String> argv) {
}
