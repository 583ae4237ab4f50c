package org.waldur.siteagent.slurm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandOutput;

/** What the Slurm routes compute with. Bean {@code slurm}. */
public final class Slurm {
    private static final Pattern SLURM_USER = Pattern.compile("(?m)^SlurmUser\\s*=\\s*([^\\s(]+)\\(");
    private final String caller;
    private final Path stateDir;
    /** By the folder of sacctmgr, because all clusters of a slurmdbd have the same. */
    private final Map<String, Set<String>> tres = new ConcurrentHashMap<>();

    /**
     * @param caller   the operating system's user that we run as
     * @param stateDir where a file for {@code sacctmgr load} is put
     */
    public Slurm(String caller, Path stateDir) {
        this.caller = caller;
        this.stateDir = stateDir;
    }

    /**
     * One picture of what was read, or {@link ClusterUnknown}.
     *
     * @param defaults  {@code -} if nobody has asked for default accounts
     * @param rights    {@code show user} with adminlevel, of us
     * @param slurmUser as {@link #slurmUser(String)} gives it, {@code -} if nobody has asked
     */
    public Cluster read(CommandOutput associations, CommandOutput accounts, CommandOutput defaults, CommandOutput rights, String slurmUser, Offering offering) {
        Set<String> known = tres.get(slurmdbd(offering));
        if (known == null) {
            throw new ClusterUnknown("nobody has asked for its TRES");
        }
        boolean asked = !defaults.lines().findFirst().orElse("").equals("-");
        return ClusterReader.read(associations, accounts, asked ? defaults : null, known, offering.backend().clusterName().orElse(""), Caller.of(caller, rights, slurmUser));
    }

    /** The accounts and their limits only, or {@link ClusterUnknown}; parameters as above. */
    public Accounts accounts(CommandOutput associations, CommandOutput rights, String slurmUser, Offering offering) {
        return ClusterReader.accounts(associations, offering.backend().clusterName().orElse(""), Caller.of(caller, rights, slurmUser));
    }

    /** Whether these rights do not yet say that we may see everything. */
    public boolean unprivileged(CommandOutput rights) {
        return !Caller.of(caller, rights, "-").seesAll();
    }

    /** Whether to ask for the TRES: nobody has yet, or a component is none that was known then. A new kind of GPU appears without a restart. */
    public boolean tresUnknown(Offering offering) {
        Set<String> known = tres.getOrDefault(slurmdbd(offering), Set.of());
        return offering.components().values().stream().flatMap(c -> c.tres().keySet().stream())
                .anyMatch(name -> !known.contains(name.toLowerCase(Locale.ROOT)));
    }

    /** The TRES that the cluster of an offering knows; none if nobody has asked. */
    public Set<String> tres(Offering offering) {
        return tres.getOrDefault(slurmdbd(offering), Set.of());
    }

    /** @param output {@code show tres} with type and name */
    public void rememberTres(Offering offering, CommandOutput output) {
        tres.put(slurmdbd(offering), ClusterReader.tres(output));
    }

    private static String slurmdbd(Offering offering) {
        return offering.backend().slurmBinPath();
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
