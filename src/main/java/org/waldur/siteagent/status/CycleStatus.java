package org.waldur.siteagent.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.Plan;

/**
 * What became of the cycles of a mode, as it stands in {@code STATE_DIR/status/MODE.json}.
 *
 * @param running since when a cycle runs, UTC; empty: none does
 * @param pid     of the process that wrote this
 * @param last    null: none has ended yet
 */
public record CycleStatus(String mode, long pid, String running, Outcome last) {
    public CycleStatus {
        running = Objects.requireNonNullElse(running, "");
    }

    /**
     * A cycle that has ended.
     *
     * @param failures    dead letters that it wrote, new ones and old ones once more
     * @param lastSuccess when a cycle ended without any; empty: never
     */
    public record Outcome(String began, String ended, int failures, String lastSuccess, List<PlanStatus> plans) {
        public Outcome {
            began = Objects.requireNonNullElse(began, "");
            ended = Objects.requireNonNullElse(ended, "");
            lastSuccess = Objects.requireNonNullElse(lastSuccess, "");
            plans = plans == null ? List.of() : List.copyOf(plans);
        }

        /** Whether nothing failed. */
        @JsonIgnore
        public boolean isGood() {
            return failures == 0;
        }
    }

    /**
     * The plan of one offering.
     *
     * @param changes kind to number, of all that was to be written
     * @param held    what waits for an operator or for its time, and why; no more than {@value #MOST}
     * @param waiting how many orders, accounts or figures have changes that could not be made
     */
    public record PlanStatus(String offering, String checksum, Map<String, Integer> changes, List<Held> held, int waiting) {
        private static final int MOST = 200;

        public PlanStatus {
            offering = Objects.requireNonNullElse(offering, "");
            checksum = Objects.requireNonNullElse(checksum, "");
            changes = changes == null ? Map.of() : new TreeMap<>(changes);
            held = held == null ? List.of() : List.copyOf(held);
        }

        static PlanStatus of(Execution cycle) {
            Plan plan = cycle.getPlan();
            Map<String, Integer> changes = new TreeMap<>();
            plan.changes().stream().map(cycle::made).filter(change -> !change.isHeld()).forEach(change -> changes.merge(change.kind(), 1, Integer::sum));
            List<Held> held = plan.changes().stream().map(cycle::made).filter(Change::isHeld).limit(MOST).map(change -> new Held(change.what(), change.needsOperator(), change.reason())).toList();
            return new PlanStatus(plan.offering(), plan.checksum(), changes, held, cycle.waiting().size());
        }
    }

    /**
     * @param operator whether an operator has to do something about it; else it waits for its time
     * @param reason   with the command that lets it through, where there is one
     */
    public record Held(String what, boolean operator, String reason) {
        public Held {
            what = Objects.requireNonNullElse(what, "");
            reason = Objects.requireNonNullElse(reason, "");
        }
    }
}
