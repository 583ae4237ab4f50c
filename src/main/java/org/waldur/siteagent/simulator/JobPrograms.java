package org.waldur.siteagent.simulator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** {@code squeue} and {@code scancel}. */
final class JobPrograms {
    private static final Map<String, String> SQUEUE = Words.keys("format o", "account accounts A", "user users u",
            "cluster clusters M", "noheader h", "all a", "array r", "states state t");
    private static final Map<String, String> SCANCEL = Words.keys("account A", "user u", "cluster clusters M");
    private final SlurmWorld world;
    private final Output output;

    JobPrograms(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void squeue(List<String> args) {
        ProgramOptions options = ProgramOptions.parse(args, SQUEUE, Set.of("noheader", "all", "array"), Set.of());
        options.demand("squeue", List.of("noheader", "format"));
        String format = options.get("format");
        if (options.has("states") && !options.get("states").equals("all")) {
            throw new UnknownArgument("--states=" + options.get("states"), "all");
        }
        if (!clusterKnown(options, "squeue")) {
            return;
        }
        jobs(options).stream().filter(job -> world.seesQueue() || job.user().equals(world.caller))
                .sorted(Comparator.comparingInt(SlurmJob::id).reversed())
                .forEach(job -> output.out("%s", print(format, job)));
    }

    private static String print(String format, SlurmJob job) {
        String text = format.replaceAll("%[iA]", Integer.toString(job.id())).replace("%a", job.account()).replace("%u", job.user())
                .replace("%T", job.state());
        if (format.replaceAll("%[iAauT]", "").contains("%")) {
            throw new UnknownArgument(format, "%i %A %a %u %T");
        }
        return text;
    }

    /** @param cancel ends a job */
    void scancel(List<String> args, Consumer<SlurmJob> cancel) {
        ProgramOptions options = ProgramOptions.parse(args, SCANCEL, Set.of(), Set.of());
        if (!options.has("account") && !options.has("user")) {
            output.fail("scancel: error: No job identification provided");
        } else if (clusterKnown(options, "scancel")) {
            jobs(options).forEach(cancel);
        }
    }

    private List<SlurmJob> jobs(ProgramOptions options) {
        return world.runs.known().stream().filter(job -> named(options.get("account"), job.account())
                && named(options.get("user"), job.user())).toList();
    }

    private static boolean named(String list, String name) {
        return list == null || List.of(list.split(",")).contains(name);
    }

    private boolean clusterKnown(ProgramOptions options, String program) {
        String cluster = options.has("cluster") ? options.get("cluster") : world.cluster;
        if (!cluster.equals(world.cluster)) {
            output.fail("%1$s: error: No cluster '%2$s' known by database.\n%1$s: error: '%2$s' can't be reached now, or it is an invalid "
                    + "entry for --cluster.  Use 'sacctmgr list clusters' to see available clusters.", program, cluster);
            return false;
        }
        return true;
    }
}
