package org.waldur.siteagent.slurm;

import java.util.Set;
import org.waldur.siteagent.exec.CommandOutput;

/** A cluster for tests of planning, built as sacctmgr would print it. */
public final class FoundCluster {
    private final StringBuilder associations = new StringBuilder("Cluster|Account|User|Partition|ParentName|GrpTRESMins|GrpSubmit|QOS|Def QOS\nlab|root|||||||\n");
    private final StringBuilder accounts = new StringBuilder("Account|Org|Descr\nroot|root|default root account\n");
    private final StringBuilder defaults = new StringBuilder("Cluster|Account|User\nlab|root|root\n");

    public FoundCluster account(String name, String parent, String description) {
        return account(name, parent, description, "", "");
    }

    public FoundCluster account(String name, String parent, String description, String limits, String submit) {
        return account(name, parent, description, limits, submit, "", "");
    }

    /** @param qos a list with commas between; empty: inherited, like an empty defaultQos */
    public FoundCluster account(String name, String parent, String description, String limits, String submit, String qos, String defaultQos) {
        associations.append(String.join("|", "lab", name, "", "", parent, limits, submit, qos, defaultQos)).append('\n');
        return row(name, description);
    }

    /** A row of {@code show account} without an association on this cluster. */
    public FoundCluster row(String name, String description) {
        accounts.append(name).append("|org|").append(description).append('\n');
        return this;
    }

    public FoundCluster user(String name, String account, String defaultAccount) {
        return user(name, account, defaultAccount, "");
    }

    public FoundCluster user(String name, String account, String defaultAccount, String limits) {
        associations.append(String.join("|", "lab", account, name, "", "", limits, "", "", "")).append('\n');
        if (!defaultAccount.isEmpty()) {
            defaults.append("lab|").append(defaultAccount).append('|').append(name).append('\n');
        }
        return this;
    }

    public Cluster read() {
        return ClusterReader.read(CommandOutput.of(associations.toString()), CommandOutput.of(accounts.toString()),
                CommandOutput.of(defaults.toString()), Set.of("cpu", "mem", "gres/gpu"), "", new Caller("root", "administrator", "-"));
    }
}
