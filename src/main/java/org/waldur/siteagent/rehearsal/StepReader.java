package org.waldur.siteagent.rehearsal;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.waldur.siteagent.config.Located;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.text.Nearest;

/** Reads the steps of a scenario, one after the other: an allocation can be named once it was ordered. */
final class StepReader {
    private static final List<String> KINDS = List.of("order", "change", "terminate", "join", "leave", "flag", "job", "reported", "wait", "away", "back", "fail", "cycle", "expect");
    private static final List<String> EXPECTED = List.of("orders", "resources", "accounts", "no_accounts", "users", "limits", "usages", "commands", "no_commands",
            "dead_letters", "held");
    private static final List<String> FLAGS = List.of("paused", "downscaled", "restrict_member_access");
    private static final List<String> ON_OFF = List.of("true", "false");
    private static final BigDecimal LONGEST_JOB = BigDecimal.valueOf(10_000);

    private final Map<String, Scenario.Project> projects;
    private final Set<String> allocations = new LinkedHashSet<>();

    StepReader(Scenario.Given given) {
        projects = given.projects();
        given.allocations().forEach(allocation -> allocations.add(allocation.name()));
    }

    /** Empty, with a mistake, if it is no step. */
    Optional<Step> read(Located item) {
        Map<String, Located> entries = item.map();
        if (entries.size() != 1) {
            item.wrong("a step is a map with one key", "- KIND: ..., with KIND one of " + String.join(", ", KINDS));
            return Optional.empty();
        }
        String kind = entries.keySet().iterator().next();
        Located where = entries.get(kind);
        return switch (kind) {
            case "cycle" -> Optional.of(new Step.Cycle(modes(where)));
            case "expect" -> Optional.of(new Step.Look(expectation(where)));
            default -> happening(kind, where).map(Step.Happening::new);
        };
    }

    private Optional<Consumer<Stage>> happening(String kind, Located where) {
        switch (kind) {
            case "order":
                Scenario.Wanted wanted = wanted(where, projects);
                allocations.add(wanted.name());
                return Optional.of(stage -> stage.order(wanted));
            case "change":
                Fields change = new Fields(where, List.of("name", "limits"));
                String changed = allocation(change, "name");
                Map<String, BigDecimal> limits = change.map("limits", Fields::amount);
                return Optional.of(stage -> stage.change(changed, limits));
            case "terminate":
                String ended = allocation(where);
                return Optional.of(stage -> stage.terminate(ended));
            case "join":
                Fields join = new Fields(where, List.of("project", "user", "named"));
                String joined = project(join, projects);
                String user = join.needed("user", "alice");
                boolean named = join.get("named").isEmpty() || join.choice("named", ON_OFF).equals("true");
                return Optional.of(stage -> stage.join(joined, user, named));
            case "leave":
                Fields leave = new Fields(where, List.of("project", "user"));
                String left = project(leave, projects);
                String leaver = leave.needed("user", "alice");
                return Optional.of(stage -> stage.leave(left, leaver));
            case "flag":
                Fields flag = new Fields(where, List.of("name", "flag", "on"));
                String flagged = allocation(flag, "name");
                String word = flag.choice("flag", FLAGS);
                boolean on = flag.get("on").isEmpty() || flag.choice("on", ON_OFF).equals("true");
                return Optional.of(stage -> stage.flag(flagged, word, on));
            case "job":
                return Optional.of(job(where));
            case "reported":
                Fields reported = new Fields(where, List.of("name", "component", "amount"));
                String used = allocation(reported, "name");
                Optional<String> component = reported.text("component");
                BigDecimal amount = reported.get("amount").map(Fields::amount).orElse(BigDecimal.TEN);
                return Optional.of(stage -> stage.reported(used, component, amount));
            case "wait":
                Duration time = duration(where);
                return Optional.of(stage -> stage.waits(time));
            case "away":
            case "back":
                Optional<Away> who = Away.of(Fields.text(where));
                if (who.isEmpty()) {
                    where.wrong("'" + where.text() + "' cannot be away", String.join(" or ", Away.names()));
                }
                return who.map(away -> stage -> stage.away(away, kind.equals("away")));
            case "fail":
                Fields fail = new Fields(where, List.of("command", "exit", "says", "times"));
                String text = fail.needed("command", "add user");
                int exit = fail.whole("exit", 1);
                int times = fail.whole("times", 1);
                String says = fail.text("says").orElse("it failed");
                return Optional.of(stage -> stage.fail(text, exit, says, times));
            default:
                where.wrong("there is no such step", Nearest.of(kind, KINDS) + " perhaps; possible are " + String.join(", ", KINDS));
                return Optional.empty();
        }
    }

    private Consumer<Stage> job(Located where) {
        Fields job = new Fields(where, List.of("account", "user", "start", "hours", "tres"));
        String account = job.needed("account", "the name of an allocation, or an account");
        String user = job.needed("user", "alice");
        Optional<Instant> start = job.moment("start");
        Duration hours = Duration.ofMinutes(job.get("hours").map(StepReader::hours).orElse(BigDecimal.ONE).multiply(BigDecimal.valueOf(60)).longValue());
        String tres = job.text("tres").orElse("billing=64,cpu=64,gres/gpu=2,mem=65536M,node=1");
        return stage -> stage.job(account, user, start, hours, tres);
    }

    private static BigDecimal hours(Located where) {
        BigDecimal hours = Fields.amount(where);
        if (hours.signum() < 0 || hours.compareTo(LONGEST_JOB) > 0) {
            where.wrong("no job runs for " + hours + " hours", "hours: 1.5, at most " + LONGEST_JOB);
            return BigDecimal.ONE;
        }
        return hours;
    }

    Expectation expectation(Located where) {
        Fields fields = new Fields(where, EXPECTED);
        for (String key : List.of("orders", "resources")) {
            fields.map(key, value -> value).forEach((name, value) -> known(name, value));
        }
        return new Expectation(fields.map("orders", Fields::text), fields.map("resources", Fields::text), fields.texts("accounts"), fields.texts("no_accounts"),
                fields.map("users", Fields::texts), fields.map("limits", StepReader::amounts), fields.map("usages", StepReader::amounts), fields.texts("commands"),
                fields.texts("no_commands"), count(fields, "dead_letters"), count(fields, "held"));
    }

    private static OptionalInt count(Fields fields, String key) {
        return fields.get(key).isPresent() ? OptionalInt.of(fields.whole(key, 0)) : OptionalInt.empty();
    }

    private static Map<String, BigDecimal> amounts(Located where) {
        return Fields.entries(where, Fields::amount);
    }

    static Scenario.Wanted wanted(Located where, Map<String, Scenario.Project> projects) {
        Fields fields = new Fields(where, List.of("name", "project", "limits"));
        return new Scenario.Wanted(fields.needed("name", "Brain images"), project(fields, projects), fields.map("limits", Fields::amount));
    }

    private static String project(Fields fields, Map<String, Scenario.Project> projects) {
        String project = fields.needed("project", projects.isEmpty() ? "brains" : projects.keySet().iterator().next());
        if (!projects.containsKey(project) && fields.get("project").isPresent()) {
            fields.where("project").wrong("there is no project '" + project + "'", "one of given.projects: " + projects.keySet());
        }
        return project;
    }

    private String allocation(Fields fields, String key) {
        String name = fields.needed(key, "Brain images");
        return fields.get(key).isPresent() ? known(name, fields.where(key)) : name;
    }

    private String allocation(Located where) {
        return known(Fields.text(where), where);
    }

    private String known(String name, Located where) {
        if (!allocations.contains(name)) {
            where.wrong("there is no allocation '" + name + "' by then", allocations.isEmpty() ? "one that was ordered before" : "one that was ordered before: " + String.join(", ", allocations));
        }
        return name;
    }

    private static List<Mode> modes(Located where) {
        List<String> words = where.isList() ? Fields.texts(where) : List.of(Fields.text(where).split(" *, *"));
        return words.stream().flatMap(word -> {
            Optional<Mode> mode = Arrays.stream(Mode.values()).filter(m -> m.key().equals(word)).findFirst();
            if (mode.isEmpty()) {
                where.wrong("there is no mode '" + word + "'", String.join(" or ", Arrays.stream(Mode.values()).map(Mode::key).toList()));
            }
            return mode.stream();
        }).toList();
    }

    private static Duration duration(Located where) {
        String text = Fields.text(where);
        try {
            Duration time = text.matches("\\d{1,4}d") ? Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))) : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (!time.isNegative()) {
                return time;
            }
        } catch (DateTimeException e) {
            // said below
        }
        where.wrong("'" + text + "' is no time to wait", "2d, 10h or 30m");
        return Duration.ZERO;
    }
}
