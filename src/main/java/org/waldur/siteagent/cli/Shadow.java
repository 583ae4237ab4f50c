package org.waldur.siteagent.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.shadow.Difference;
import org.waldur.siteagent.shadow.Lines;
import org.waldur.siteagent.shadow.Watch;

/** Cycles that write nothing, each compared with the one before it. */
final class Shadow implements AutoCloseable {
    private final Agent agent;
    private final Clock clock;
    private final int patience;
    private final Map<Mode, Watch> watches = new EnumMap<>(Mode.class);
    private final List<Difference> found = new ArrayList<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * @param making   gives the agent, which must be one of a dry run, for what takes its texts
     * @param patience see {@link Watch}
     */
    Shadow(Function<Consumer<String>, Agent> making, Clock clock, int patience) throws Exception {
        this.clock = clock;
        this.patience = patience;
        this.agent = making.apply(this::hear).onPlan(plan -> found.addAll(Difference.of(plan))).onFailure(() -> failed.set(true));
        agent.start();
    }

    /** What is no part of a plan, like usernames, is said in lines of its own. */
    private void hear(String text) {
        if (text.startsWith("Plan ")) {
            return;
        }
        String what = null;
        for (String line : text.split("\n")) {
            if (what != null) {
                boolean reason = line.startsWith("      because ");
                found.add(Difference.of(what, reason ? line.substring("      because ".length()) : ""));
                what = null;
            }
            if (line.startsWith("  + ")) {
                what = line.substring(4);
            }
        }
        if (what != null) {
            found.add(Difference.of(what, ""));
        }
    }

    /** One cycle of a mode. */
    Watch.Cycle look(Mode mode) throws Exception {
        found.clear();
        failed.set(false);
        agent.cycle(mode.job());
        return watches.computeIfAbsent(mode, m -> new Watch(patience)).see(found, !failed.get());
    }

    List<String> lines(Mode mode, Watch.Cycle cycle, boolean json) {
        return json ? Lines.json(clock.instant(), mode, cycle) : Lines.text(clock.instant(), mode, cycle);
    }

    /** The exit code of all cycles so far. */
    int exitCode() {
        return agent.exitCode();
    }

    @Override
    public void close() {
        agent.stop();
    }
}
