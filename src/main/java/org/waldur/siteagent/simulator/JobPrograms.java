package org.waldur.siteagent.simulator;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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
        if (options.has("user")) {
            names(options.get("user")).stream().filter(user -> !user.isEmpty() && !isLinuxUser(user))
                    .forEach(user -> output.err("squeue: error: Invalid user: %s\n", user));
        }
        world.runs.known().stream().filter(job -> listed(options, "account", job.account().toLowerCase(Locale.ROOT)))
                .filter(job -> !options.has("user") || listed(options, "user", job.user()) && isLinuxUser(job.user()))
                .filter(job -> world.seesQueue() || job.user().equals(world.caller))
                .sorted(Comparator.comparingInt(SlurmJob::id).reversed())
                .forEach(job -> output.out("%s", print(format, job, isLinuxUser(job.user()) ? job.user() : "nobody")));
    }

    /** @param user whom the machine takes for the one whose job it is: somebody whom it does not know is nobody */
    private static String print(String format, SlurmJob job, String user) {
        String text = format.replaceAll("%[iA]", Integer.toString(job.id())).replace("%a", job.account()).replace("%u", user)
                .replace("%T", job.state());
        if (format.replaceAll("%[iAauT]", "").contains("%")) {
            throw new UnknownArgument(format, "%i %A %a %u %T");
        }
        return text;
    }

    /**
     * Its options take one name each: with a comma it is one odd name. Ids and options all have to fit. An id of no job is an error only
     * beside an option.
     *
     * @param cancel ends a job
     */
    void scancel(List<String> args, Consumer<SlurmJob> cancel) {
        List<String> ids = args.stream().filter(arg -> arg.matches("[0-9]+")).toList();
        ProgramOptions options = ProgramOptions.parse(args.stream().filter(arg -> !ids.contains(arg)).toList(), SCANCEL, Set.of(), Set.of());
        String user = options.get("user");
        boolean filtered = options.has("account") || user != null;
        if (!filtered && ids.isEmpty()) {
            output.fail("scancel: error: No job identification provided");
        } else if (!clusterKnown(options, "scancel")) {
            return;
        } else if (user != null && !isLinuxUser(user)) {
            output.fail("scancel: error: Invalid user name: %s", user);
        } else {
            List<SlurmJob> jobs = world.runs.known().stream().filter(job -> !job.state().equals("COMPLETING")).toList();
            Set<String> there = jobs.stream().map(job -> Integer.toString(job.id())).collect(Collectors.toSet());
            if (filtered) {
                ids.stream().filter(id -> !there.contains(id))
                        .forEach(id -> output.fail("scancel: error: Kill job error on job id %s: Invalid job id specified", id));
            }
            jobs.stream().filter(job -> ids.isEmpty() || ids.contains(Integer.toString(job.id())))
                    .filter(job -> !options.has("account") || options.get("account").equalsIgnoreCase(job.account()))
                    .filter(job -> user == null || user.equals(job.user())).forEach(cancel);
        }
    }

    private static boolean listed(ProgramOptions options, String key, String name) {
        return !options.has(key) || names(key.equals("account") ? options.get(key).toLowerCase(Locale.ROOT) : options.get(key)).contains(name);
    }

    private boolean isLinuxUser(String user) {
        return user.equals("root") || world.passwd.containsKey(user);
    }

    private static List<String> names(String list) {
        return List.of(list.split(","));
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
