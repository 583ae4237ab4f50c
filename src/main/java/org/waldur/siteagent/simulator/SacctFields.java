package org.waldur.siteagent.simulator;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The columns of {@code sacct}. */
final class SacctFields {
    private final Map<String, Function<SacctRow, String>> known = new LinkedHashMap<>();
    private final Function<Long, String> time;

    /** @param timeFormat SLURM_TIME_FORMAT: {@code %s} for epoch seconds, or empty */
    SacctFields(String cluster, String timeFormat, ZoneId zone) {
        if (!List.of("", "standard", "%s").contains(timeFormat)) {
            throw new UnknownArgument("SLURM_TIME_FORMAT=" + timeFormat, "%s, standard");
        }
        DateTimeFormatter iso = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(zone);
        time = timeFormat.equals("%s") ? seconds -> Long.toString(seconds) : seconds -> iso.format(Instant.ofEpochSecond(seconds));
        known.put("Cluster", row -> cluster);
        known.put("JobID", row -> row.run().jobId());
        known.put("JobIDRaw", row -> Integer.toString(row.run().id()));
        known.put("Account", row -> row.run().account());
        known.put("User", row -> row.run().user());
        known.put("State", row -> row.run().state());
        known.put("Submit", row -> time(SacctRow.seconds(row.run().submit())));
        known.put("Start", row -> time(row.start()));
        known.put("End", row -> time(row.end()));
        known.put("Elapsed", row -> SacctRow.clockTime(row.elapsed()));
        known.put("ElapsedRaw", row -> Long.toString(row.elapsed()));
        known.put("Suspended", row -> SacctRow.clockTime(row.suspended()));
        known.put("TimelimitRaw", row -> timelimit(row.run().timelimit()));
        known.put("AllocTRES", row -> tres(row.run().allocTres()));
    }

    /** Names of these columns, as the first line has them. */
    List<String> names(String format) {
        return Arrays.stream(format.split(",")).map(this::name).toList();
    }

    private String name(String field) {
        return known.keySet().stream().filter(field::equalsIgnoreCase).findFirst()
                .orElseThrow(() -> new UnknownArgument(field.toLowerCase(Locale.ROOT), String.join(",", known.keySet())));
    }

    String text(String name, SacctRow row) {
        return known.get(name).apply(row);
    }

    private String time(long seconds) {
        return seconds == 0 ? "Unknown" : seconds == SacctRow.NEVER ? "None" : time.apply(seconds);
    }

    private static String timelimit(long minutes) {
        return minutes == SlurmRun.UNLIMITED ? "UNLIMITED" : minutes == SlurmRun.PARTITION_LIMIT ? "Partition_Limit"
                : minutes == 0 ? "" : Long.toString(minutes);
    }

    /** Sorted as texts, so that {@code gres/gpu:a100=1} comes before {@code gres/gpu=1}. */
    private static String tres(String text) {
        return String.join(",", Arrays.stream(text.split(",")).sorted().toList());
    }
}
