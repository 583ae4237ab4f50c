package org.waldur.siteagent.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.simulator.WaldurRequest;

/** Plays a scenario on a stage of its own: on the two simulators, without any effect outside of them. */
public final class Rehearsal {
    private static final String LOCK = "/usr/bin/flock --exclusive --wait 120 --conflict-exit-code 75 ";
    private final Player player;
    private final AgentConfig config;
    private final Path shipped;

    /**
     * @param config  of the operator
     * @param shipped the routes by which allocations are made that a scenario begins with
     */
    public Rehearsal(Player player, AgentConfig config, Path shipped) {
        this.player = player;
        this.config = config;
        this.shipped = shipped;
    }

    /**
     * Plays it for an offering with these routes.
     *
     * @param folder for the files of the stage; the caller deletes it
     */
    public Played play(Scenario scenario, Offering offering, Path routes, Path folder) throws Exception {
        Played played = new Played();
        try (Stage stage = new Stage(folder, offering, scenario)) {
            scenario.given().allocations().forEach(stage::order);
            if (!scenario.given().allocations().isEmpty()) {
                try (Player.Playing before = player.start(stage, shipped)) {
                    before.cycle(Mode.ORDER_PROCESS);
                }
            }
            stage.begin();
            played.parts.put("what begins a cycle", RouteTexts.read(routes).beginnings());
            try (Player.Playing agent = player.start(stage, routes)) {
                steps(stage, agent, played);
                played.routes.addAll(agent.routes());
            }
            end(stage, played);
        }
        return played;
    }

    private void steps(Stage stage, Player.Playing agent, Played played) {
        int cycles = 0;
        for (Step step : stage.scenario().steps()) {
            if (step instanceof Step.Happening happening) {
                happening.what().accept(stage);
            } else if (step instanceof Step.Cycle cycle) {
                for (Mode mode : cycle.modes()) {
                    cycle(++cycles + ". cycle, " + mode.key(), mode, stage, agent, played);
                }
            } else if (step instanceof Step.Look look) {
                String when = cycles == 0 ? "" : "after the " + cycles + ". cycle: ";
                new Looks(stage, letters(stage)).unmet(look.expectation()).forEach(unmet -> played.unmet.add(when + stage.plain(unmet, config)));
            }
        }
    }

    private void cycle(String name, Mode mode, Stage stage, Player.Playing agent, Played played) {
        int commands = stage.outside().commands().size();
        int requests = stage.waldur.requests().size();
        int elsewhere = stage.outside().elsewhere().size();
        List<String> failed = new ArrayList<>();
        try {
            agent.cycle(mode);
        } catch (Exception e) {
            failed.add("the cycle failed: " + e.getMessage());
        }
        letters(stage).stream().filter(letter -> !letter.held()).forEach(letter -> failed.add(text(letter)));
        put(played, stage, name + ": commands", stage.outside().commands().stream().skip(commands));
        put(played, stage, name + ": requests", Stream.concat(stage.waldur.requests().stream().skip(requests).map(Rehearsal::text),
                stage.outside().elsewhere().stream().skip(elsewhere)));
        put(played, stage, name + ": failures", failed.stream());
        played.parts.get(name + ": failures").forEach(failure -> played.failures.add(name + ": " + failure));
    }

    private static String text(WaldurRequest request) {
        return request.status() + " " + request.line();
    }

    private static String text(DeadLetter letter) {
        return letter.orders() + ": " + letter.doing() + ": " + letter.why();
    }

    private static List<DeadLetter> letters(Stage stage) {
        return new DeadLetters(stage.stateDir(), stage.clock(), Duration.ZERO, true).all();
    }

    private void put(Played played, Stage stage, String part, Stream<String> lines) {
        String lock = LOCK + config.stateDir().resolve("slurm.lock") + " ";
        played.parts.put(part, lines.map(line -> stage.plain(line, config).replace(lock, "flock ")).toList());
    }

    private void end(Stage stage, Played played) throws IOException {
        put(played, stage, "Waldur at the end", Stream.of(stage.waldur.state().lines(), stage.people.stream().map(person -> person(stage, person)), stage.waldur.usages().stream(),
                stage.orders.keySet().stream().flatMap(name -> stage.waldur.statuses(stage.last(name)).stream().map(line -> name + ": " + line))).flatMap(lines -> lines));
        List<String> homes = List.of();
        if (Files.isDirectory(stage.slurm.homePath())) {
            try (Stream<Path> files = Files.list(stage.slurm.homePath())) {
                homes = files.map(file -> "home directory " + file).sorted().toList();
            }
        }
        put(played, stage, "the cluster at the end", Stream.of(stage.slurm.tree().lines(), shares(stage), homes.stream()).flatMap(lines -> lines));
        put(played, stage, "dead letters at the end", letters(stage).stream().map(letter -> (letter.held() ? "held: " : "failed: ") + text(letter)).sorted());
    }

    /** Shares that are none of the usual ones; the tree does not show them. */
    private static Stream<String> shares(Stage stage) {
        return stage.slurm.associations().stream().filter(a -> !List.of("1", "parent").contains(a.share()))
                .map(a -> "fairshare of " + a.account() + (a.user().isEmpty() ? "" : ", user " + a.user()) + ": " + a.share()).sorted();
    }

    private static String person(Stage stage, String person) {
        return "user      " + person + " " + stage.waldur.offeringUser(person).get("state") + " '" + stage.waldur.offeringUser(person).get("username") + "'";
    }
}
