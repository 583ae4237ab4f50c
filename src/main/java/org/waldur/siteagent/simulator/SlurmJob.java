package org.waldur.siteagent.simulator;

/** A job of the simulated cluster. @param state as squeue prints it, for example {@code RUNNING} */
public record SlurmJob(int id, String account, String user, String state) {
}
