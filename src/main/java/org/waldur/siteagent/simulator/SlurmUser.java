package org.waldur.siteagent.simulator;

/** A row of {@code sacctmgr show user}. @param defaultAccount empty if he has none */
public record SlurmUser(String name, String defaultAccount, AdminLevel adminLevel) {

    /** Rights in the accounting database, least first. */
    public enum AdminLevel {
        NONE("None"), OPERATOR("Operator"), ADMINISTRATOR("Administrator");

        final String text;

        AdminLevel(String text) {
            this.text = text;
        }
    }
}
