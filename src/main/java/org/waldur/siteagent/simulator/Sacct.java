package org.waldur.siteagent.simulator;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code sacct}: runs of jobs that touch a window of time. */
final class Sacct {
    private static final Map<String, String> KEYS = Words.keys("parsable2 P", "noconvert", "allocations X", "allusers a", "duplicates D",
            "truncate T", "noheader n", "starttime S", "endtime E", "format o", "clusters cluster M", "accounts account A", "jobs j");
    private static final Set<String> FLAGS =
            Set.of("parsable2", "noconvert", "allocations", "allusers", "duplicates", "truncate", "noheader");
    private static final List<String> ALWAYS =
            List.of("parsable2", "noconvert", "allocations", "allusers", "duplicates", "starttime", "endtime", "format");
    /** As sacct sorts: the earliest submitted first; what is no task of an array comes before arrays. */
    private static final Comparator<SacctRow> ORDER = Comparator.<SacctRow, Long>comparing(row -> SacctRow.seconds(row.run().submit()))
            .thenComparing(row -> row.run().array())
            .thenComparing(row -> row.run().array() == 0 ? -1 : row.run().index())
            .thenComparing(row -> row.run().id());
    private final SlurmWorld world;
    private final Output output;

    Sacct(SlurmWorld world, Output output) {
        this.world = world;
        this.output = output;
    }

    void run(ProgramCall call) {
        List<String> argv = call.argv();
        ProgramOptions options = ProgramOptions.parse(argv.subList(1, argv.size()), KEYS, FLAGS, Set.of("accounts", "jobs", "clusters"));
        options.demand("sacct", ALWAYS);
        ZoneId zone = zone(call.zone());
        SacctFields fields = new SacctFields(world.cluster, call.timeFormat(), zone);
        List<String> names = fields.names(options.get("format"));
        long from = seconds(options.get("starttime"), zone);
        long to = seconds(options.get("endtime"), zone);
        if (from > to) {
            output.fail("sacct: error: Start time (%s) requested is after end time (%s).", from, to);
            return;
        }
        long now = world.runs.now().getEpochSecond();
        long last = to == from || to == now ? to + 1 : to;
        if (!options.has("noheader")) {
            output.out("%s", String.join("|", names));
        }
        if (options.has("clusters") && !list(options, "clusters").contains(world.cluster)) {
            return;
        }
        world.runs.all().stream().filter(touches(options, from, last)).filter(accounts(options)).filter(this::isSeen)
                .map(run -> options.has("truncate") ? SacctRow.clipped(run, from, last, now) : SacctRow.whole(run, now)).sorted(ORDER)
                .forEach(row -> output.out("%s", names.stream().map(name -> fields.text(name, row)).collect(Collectors.joining("|"))));
    }

    /** A window has what was eligible before its end; with ids of jobs, what was submitted before it. */
    private static Predicate<SlurmRun> touches(ProgramOptions options, long from, long to) {
        Predicate<SlurmRun> open = run -> run.end() == null || run.end().getEpochSecond() >= from;
        if (!options.has("jobs")) {
            return open.and(run -> run.eligible() != null && run.eligible().getEpochSecond() < to);
        }
        Set<Integer> ids = list(options, "jobs").stream().map(Sacct::id).collect(Collectors.toSet());
        return open.and(run -> run.submit().getEpochSecond() < to)
                .and(run -> ids.contains(run.id()) || ids.contains(run.array()) || ids.contains(run.leader()));
    }

    private static int id(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new UnknownArgument("--jobs=" + text, "raw ids");
        }
        return Integer.parseInt(text);
    }

    private static Predicate<SlurmRun> accounts(ProgramOptions options) {
        Set<String> names = options.has("accounts") ? Set.copyOf(list(options, "accounts")) : Set.of();
        return run -> !options.has("accounts") || names.contains(run.account());
    }

    private boolean isSeen(SlurmRun run) {
        return world.seesAll() || run.user().equals(world.caller);
    }

    private static List<String> list(ProgramOptions options, String key) {
        return List.of(options.get(key).toLowerCase(Locale.ROOT).split(",")).stream().distinct().toList();
    }

    private static ZoneId zone(String name) {
        try {
            return name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw new UnknownArgument("TZ=" + name, "names of the time zone database");
        }
    }

    private static long seconds(String text, ZoneId zone) {
        try {
            LocalDateTime time = text.contains("T") ? LocalDateTime.parse(text) : LocalDate.parse(text).atStartOfDay();
            return time.atZone(zone).toEpochSecond();
        } catch (DateTimeException unknown) {
            throw new UnknownArgument(text, "2026-11-03, 2026-11-03T00:00:00");
        }
    }
}
