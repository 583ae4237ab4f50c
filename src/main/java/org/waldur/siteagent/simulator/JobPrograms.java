package org.waldur.siteagent.simulator;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code squeue} and {@code scancel}. */
final class JobPrograms {
    private static final Map<String, String> SQUEUE =
            Words.keys("format o", "account accounts A", "user users u", "cluster clusters M", "noheader h");
    private static final Map<String, String> SCANCEL = Words.keys("account A", "user u", "cluster clusters M");
    private final SlurmWorld world;
    private final Output output;

    JobPrograms(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void squeue(List<String> args) {
        Map<String, String> options = options(args, SQUEUE);
        String format = options.get("format");
        if (format == null || !options.containsKey("noheader")) {
            throw new UnknownArgument("squeue " + String.join(" ", args), "squeue --noheader --format=");
        }
        if (!clusterKnown(options, "squeue")) {
            return;
        }
        jobs(options).stream().sorted(Comparator.comparingInt(SlurmJob::id).reversed())
                .forEach(job -> output.out("%s", print(format, job)));
    }

    private static String print(String format, SlurmJob job) {
        String text = format.replace("%i", Integer.toString(job.id())).replace("%a", job.account()).replace("%u", job.user())
                .replace("%T", job.state());
        if (format.replaceAll("%[iauT]", "").contains("%")) {
            throw new UnknownArgument(format, "%i %a %u %T");
        }
        return text;
    }

    /** @param cancel ends a job */
    void scancel(List<String> args, Consumer<SlurmJob> cancel) {
        Map<String, String> options = options(args, SCANCEL);
        if (!options.containsKey("account") && !options.containsKey("user")) {
            output.fail("scancel: error: No job identification provided");
        } else if (clusterKnown(options, "scancel")) {
            jobs(options).forEach(cancel);
        }
    }

    private List<SlurmJob> jobs(Map<String, String> options) {
        return world.jobs.values().stream().filter(job -> named(options.get("account"), job.account())
                && named(options.get("user"), job.user())).toList();
    }

    private static boolean named(String list, String name) {
        return list == null || List.of(list.split(",")).contains(name);
    }

    private boolean clusterKnown(Map<String, String> options, String program) {
        String cluster = options.getOrDefault("cluster", world.cluster);
        if (!cluster.equals(world.cluster)) {
            output.fail("%1$s: error: No cluster '%2$s' known by database.\n%1$s: error: '%2$s' can't be reached now, or it is an invalid "
                    + "entry for --cluster.  Use 'sacctmgr list clusters' to see available clusters.", program, cluster);
            return false;
        }
        return true;
    }

    /** Options with their values: {@code --key=value}, {@code -k value} or a flag. */
    private static Map<String, String> options(List<String> args, Map<String, String> keys) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            int equals = arg.indexOf('=');
            boolean isLong = arg.startsWith("--");
            String name = isLong ? arg.substring(2, equals < 0 ? arg.length() : equals) : arg.startsWith("-") ? arg.substring(1) : "";
            String key = keys.get(name);
            boolean flag = "noheader".equals(key);
            if (key == null || isLong && !flag && equals < 0 || !isLong && !flag && i + 1 == args.size()) {
                throw new UnknownArgument(arg, String.join(", ", keys.keySet()));
            }
            options.put(key, flag ? "" : isLong ? arg.substring(equals + 1) : args.get(++i));
        }
        return options;
    }
}
