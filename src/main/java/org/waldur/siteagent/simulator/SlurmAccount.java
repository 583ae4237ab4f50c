package org.waldur.siteagent.simulator;

/** A row of {@code sacctmgr show account}; it may outlive its association. */
public record SlurmAccount(String name, String description, String organization) {
}
