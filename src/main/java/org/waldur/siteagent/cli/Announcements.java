package org.waldur.siteagent.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.waldur.siteagent.component.ComponentChange;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.membership.Facts;
import org.waldur.siteagent.membership.HomePlan;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.NotReviewed;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.record.Audit;
import org.waldur.siteagent.status.Cycles;
import org.waldur.siteagent.usage.History;
import org.waldur.siteagent.usage.UsageCycle;
import org.waldur.siteagent.usage.UsageReport;

/**
 * What cycles are going to do: it is printed, written into the audit file, and told to whoever wants to know, before any of it is done. Remembers what
 * that comes to for an exit code.
 */
final class Announcements {
    private final Settings settings;
    private final Consumer<String> out;
    private final Audit audit;
    private final Cycles cycles;
    private final String reviewed;
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private volatile boolean changed;
    private volatile boolean held;
    private volatile Consumer<Plan> plans = plan -> { };
    private volatile Consumer<Facts> facts = all -> { };
    private volatile Consumer<UsageReport> reports = report -> { };
    private volatile Consumer<History.Step> months = step -> { };

    /** @param out where plans are printed */
    Announcements(Settings settings, Consumer<String> out, Audit audit, Cycles cycles) {
        this.settings = settings;
        this.out = out;
        this.audit = audit;
        this.cycles = cycles;
        this.reviewed = settings.properties().getProperty("agent.reviewed");
    }

    void onPlan(Consumer<Plan> listener) {
        plans = listener;
    }

    void onFacts(Consumer<Facts> listener) {
        facts = listener;
    }

    void onReport(Consumer<UsageReport> listener) {
        reports = listener;
    }

    void onMonth(Consumer<History.Step> listener) {
        months = listener;
    }

    /** Throws {@link NotReviewed} if another plan was reviewed. */
    void plan(Execution cycle) {
        Plan plan = cycle.getPlan();
        plans.accept(plan);
        if (!reviewed.isEmpty() && !plan.checksum().equals(reviewed)) {
            throw new NotReviewed(plan);
        }
        cycles.planned(cycle);
        if (!settings.dryRun() && !plan.isEmpty()) {
            audit.planned(plan);
        }
        changed |= !plan.isEmpty();
        held |= plan.changes().stream().anyMatch(Change::needsOperator);
        out.accept(plan.text());
    }

    void report(UsageCycle cycle) {
        plan(cycle);
        released.addAll(cycle.report().released());
        reports.accept(cycle.report());
    }

    void components(Offering offering, List<ComponentChange> changes) {
        changed |= !changes.isEmpty();
        out.accept("Components of offering " + offering.name() + ": " + (changes.isEmpty() ? "nothing to do" : changes.size() + " to write") + "\n"
                + changes.stream().map(ComponentChange::text).collect(Collectors.joining()));
    }

    void homes(HomePlan plan) {
        changed |= !plan.missing().isEmpty();
        out.accept(plan.text());
    }

    /** Something that is no part of a plan, and is going to be done. */
    void besides(String text) {
        changed = true;
        out.accept(text);
    }

    /** What is no change, and is printed. */
    void print(String text) {
        out.accept(text);
    }

    /** What a plan of membership_sync rests on. */
    void facts(Facts all) {
        facts.accept(all);
    }

    /** A month of history is done with. */
    void month(History.Step step) {
        months.accept(step);
    }

    /** What was released, of all that was to be. */
    Set<String> released() {
        return Set.copyOf(released);
    }

    /** Whether there was anything to do. */
    boolean isChanged() {
        return changed;
    }

    /** Whether anything waits for an operator. */
    boolean isHeld() {
        return held;
    }
}
