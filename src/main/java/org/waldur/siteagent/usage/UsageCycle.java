package org.waldur.siteagent.usage;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Execution;
import org.waldur.siteagent.plan.Plan;
import org.waldur.siteagent.plan.UsageChange;
import org.waldur.siteagent.plan.UsageChange.HoldUsage;
import org.waldur.siteagent.plan.UsageChange.SetUsage;
import org.waldur.siteagent.plan.UsageChange.SetUserUsages;
import org.waldur.siteagent.plan.UsageChange.TellLimits;

/** The report of one offering while it is told to Waldur: what is told, and what is left for the next cycle. */
public final class UsageCycle implements Execution {
    private final UsageReport report;
    private final Set<Change> told = new HashSet<>();
    private final Set<Change> left = new HashSet<>();
    private final Reported reported;
    private final boolean whole;
    private boolean refused;

    /** @param whole no month is Unknown */
    UsageCycle(UsageReport report, Reported reported, boolean whole) {
        this.report = report;
        this.reported = reported;
        this.whole = whole;
    }

    boolean isWhole() {
        return whole;
    }

    public UsageReport report() {
        return report;
    }

    @Override
    public Plan getPlan() {
        return report.plan();
    }

    /** What is still to be booked, the oldest month first. */
    public List<SetUsage> getUsages() {
        return open(SetUsage.class, change -> true);
    }

    /** What is still to be booked for people, on rows that Waldur has; not where the whole is not booked. */
    public List<SetUserUsages> getUserUsages() {
        return people().stream().filter(change -> !rows(change).isEmpty()).toList();
    }

    /** Months of which people's usage is to be booked on rows that Waldur has only just made. */
    public List<String> getMonthsToList() {
        return people().stream().filter(change -> rows(change).isEmpty()).map(change -> change.month().toString()).distinct().sorted().toList();
    }

    private List<SetUserUsages> people() {
        Set<String> without = report.plan().of(SetUsage.class).stream().filter(usage -> !told.contains(usage)).map(UsageCycle::whole).collect(Collectors.toSet());
        return open(SetUserUsages.class, change -> !without.contains(whole(change)));
    }

    /** A resource in a month. */
    private static String whole(UsageChange change) {
        return change.resource() + (change instanceof SetUsage usage ? usage.month() : change instanceof SetUserUsages users ? users.month() : "");
    }

    public List<TellLimits> getLimits() {
        return open(TellLimits.class, change -> true);
    }

    public List<HoldUsage> getHeld() {
        return report.plan().of(HoldUsage.class);
    }

    private <C extends Change> List<C> open(Class<C> kind, Predicate<C> which) {
        return report.plan().of(kind).stream().filter(change -> !isOver(change)).filter(which).toList();
    }

    /** Whether a change is told already, or left. */
    public boolean isOver(Change change) {
        return told.contains(change) || left.contains(change);
    }

    void told(Change change) {
        told.add(change);
    }

    /** A whole is not booked in this cycle, and so neither is what people used of it. */
    void left(SetUsage change) {
        left.add(change);
        left.addAll(open(SetUserUsages.class, users -> whole(users).equals(whole(change))));
    }

    int toldNumber() {
        return told.size();
    }

    int leftNumber() {
        return left.size();
    }

    /** Waldur takes no usage of a month from us, because it is invoiced. */
    void refused() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    /** The rows that people's usage is booked on. */
    List<Reported.Row> rows(SetUserUsages change) {
        return reported.rows(new Reported.Key(change.resource(), change.month(), change.component()));
    }

    Reported reported() {
        return reported;
    }

    @Override
    public String noun() {
        return "figures";
    }

    @Override
    public void leave(String orders, String why) {
        // a dead letter says it; what was not told differs in the next cycle, too
    }

    @Override
    public Set<String> waiting() {
        return report.plan().changes().stream().filter(change -> !change.isHeld() && !told.contains(change)).flatMap(change -> change.orders().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public int leaveAll(String why) {
        List<Change> open = report.plan().changes().stream().filter(change -> !change.isHeld() && !isOver(change)).toList();
        left.addAll(open);
        return open.size();
    }
}
