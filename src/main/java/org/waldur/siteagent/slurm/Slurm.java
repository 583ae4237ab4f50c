package org.waldur.siteagent.slurm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.config.Offering;

/** What the Slurm routes compute with. Bean {@code slurm}. */
public final class Slurm {
    private static final Pattern SLURM_USER = Pattern.compile("(?m)^SlurmUser\\s*=\\s*([^\\s(]+)\\(");
    private final String caller;
    private final Path stateDir;

    /**
     * @param caller   the operating system's user that we run as
     * @param stateDir where a file for {@code sacctmgr load} is put
     */
    public Slurm(String caller, Path stateDir) {
        this.caller = caller;
        this.stateDir = stateDir;
    }

    /** @param slurmUser as {@link #slurmUser(String)} gives it, {@code -} if nobody has asked */
    public Cluster read(String associations, String accounts, String users, String tres, String slurmUser, Offering offering) {
        return ClusterReader.read(associations, accounts, users, tres, offering.backend().clusterName().orElse(""), new Caller(caller, slurmUser));
    }

    /** Whether this list of users does not yet say that we may see everything. */
    public boolean unprivileged(String users) {
        return !new Caller(caller, "-").seesAll(users);
    }

    /** The user that slurmdbd runs as, by {@code sacctmgr show configuration}: "SlurmUser = slurm(64030)"; {@code -} if it does not say. */
    public String slurmUser(String configuration) {
        Matcher line = SLURM_USER.matcher(configuration);
        return line.find() ? line.group(1) : "-";
    }

    public boolean has(Cluster cluster, String account) {
        return cluster.exists(account);
    }

    /** Accounts that squeue shows jobs of; its lines are {@code JOBID|ACCOUNT}, and with --clusters a line names the cluster. */
    public List<String> accountsWithJobs(String jobs) {
        return Arrays.stream(jobs.split("\n")).filter(line -> line.contains("|"))
                .map(line -> line.substring(line.indexOf('|') + 1).strip()).distinct().sorted().toList();
    }

    /** Writes the file for {@code sacctmgr load}, see its section in sacctmgr(1). Gives its path. */
    public String loadFile(Offering offering, Cluster cluster, List<String> lines) {
        Path file = stateDir.resolve("load-" + offering.uuid() + ".cfg");
        try {
            Files.createDirectories(stateDir);
            Files.writeString(file, "Cluster - '" + cluster.name() + "'\n" + String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file.toString();
    }

    /** Throws {@link AccountTakenOver} if {@code load} changed what somebody made between our look and our write. */
    public void checkLoaded(String output) {
        List<String> changed = output.lines().map(String::strip).filter(line -> line.startsWith("Changed ")).toList();
        if (!changed.isEmpty()) {
            throw new AccountTakenOver(changed);
        }
    }
}
