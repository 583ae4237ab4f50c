package org.waldur.siteagent.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.waldur.siteagent.component.Components;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.exec.CommandComponent;
import org.waldur.siteagent.exec.DryRun;
import org.waldur.siteagent.exec.Snapshot;
import org.waldur.siteagent.membership.Homes;
import org.waldur.siteagent.membership.ImportClaim;
import org.waldur.siteagent.membership.Imports;
import org.waldur.siteagent.membership.Members;
import org.waldur.siteagent.membership.Membership;
import org.waldur.siteagent.membership.NameTable;
import org.waldur.siteagent.membership.Teams;
import org.waldur.siteagent.membership.UserLimits;
import org.waldur.siteagent.membership.Usernames;
import org.waldur.siteagent.order.Collect;
import org.waldur.siteagent.order.Orders;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.Changes;
import org.waldur.siteagent.plan.Selection;
import org.waldur.siteagent.record.Audit;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.record.FailedStep;
import org.waldur.siteagent.record.NewAllocations;
import org.waldur.siteagent.slurm.Slurm;
import org.waldur.siteagent.status.Cycles;
import org.waldur.siteagent.usage.Bookings;
import org.waldur.siteagent.usage.History;
import org.waldur.siteagent.usage.PlanSwitches;
import org.waldur.siteagent.usage.ReportOptions;
import org.waldur.siteagent.usage.ReportTimes;
import org.waldur.siteagent.usage.Reports;
import org.waldur.siteagent.usage.Sacct;
import org.waldur.siteagent.waldur.Features;
import org.waldur.siteagent.waldur.Patience;
import org.waldur.siteagent.waldur.Refusal;
import org.waldur.siteagent.waldur.Request;
import org.waldur.siteagent.waldur.RetryAfter;
import org.waldur.siteagent.waldur.Rows;
import org.waldur.siteagent.waldur.ServerClock;
import org.waldur.siteagent.waldur.WaldurClient;

/** Everything that routes may name, by its name, and what of it a command asks afterwards. A command adds only who listens ({@code listener}, {@code metrics}, {@code outside}). */
final class Bindings {
    final DeadLetters deadLetters;
    final Cycles cycles;
    final Announcements announcements;
    final ReportOptions options;
    final ServerClock serverClock;
    final Features features = new Features();
    final WaldurClient waldur;
    final Reports reports;
    final History history;
    final Sacct sacct;
    private final Map<String, Object> beans = new LinkedHashMap<>();

    /** @param out where plans are printed @param clock what time it is for reports, dead letters and the audit */
    Bindings(Settings settings, Consumer<String> out, Clock clock) {
        Path stateDir = settings.config().stateDir();
        Properties properties = settings.properties();
        Duration pause = settings.once() ? Duration.ZERO : settings.config().orderProcessPeriod();
        Audit audit = new Audit(stateDir.resolve("audit.jsonl"), clock, Settings.who());
        deadLetters = new DeadLetters(stateDir, clock, pause, settings.dryRun());
        cycles = new Cycles(stateDir, clock, properties.getProperty("agent.only").isEmpty());
        deadLetters.onFailure(cycles::failed);
        announcements = new Announcements(settings, out, audit, cycles);
        serverClock = new ServerClock(clock);
        options = ReportOptions.of(properties);
        waldur = new WaldurClient(settings.offerings(), "waldur-site-agent-order_process/" + Agent.VERSION + " (waldur-slurm-agent)")
                .guardedBy(settings.dryRun() ? new DryRun() : audit);
        Slurm slurm = new Slurm(properties.getProperty("agent.user"), stateDir);
        Bookings bookings = new Bookings(clock, serverClock, features, deadLetters, options);
        reports = new Reports(clock, features, slurm, deadLetters, bookings, options, announcements::report);
        history = new History(stateDir, settings.dryRun(), deadLetters, announcements::month);
        sacct = new Sacct(stateDir, clock, settings.dryRun() || !Boolean.parseBoolean(properties.getProperty("report.remembers")));
        Snapshot snapshot = new Snapshot();

        bind("exec", new CommandComponent(snapshot));
        bind("snapshot", snapshot);
        bind("audit", audit);
        if (settings.dryRun()) {
            bind("dryRun", new DryRun());
        } else {
            bind("cycles", cycles);
        }
        bind("deadLetters", deadLetters);
        bind("failedStep", new FailedStep(deadLetters));
        bind("changes", new Changes(announcements::plan));
        bind("answers", new Collect(String.class));

        bind("waldurClient", waldur);
        bind("waldurRows", new Rows());
        bind("waldurRequest", new Request());
        bind("refusal", new Refusal());
        bind("patience", new Patience());
        bind("retryAfter", new RetryAfter());
        bind("serverClock", serverClock);
        bind("features", features);
        bind("components", new Components(announcements::components));
        bind("slurm", slurm);

        Selection selection = Selection.parse(properties.getProperty("agent.only"));
        bind("orders", new Orders(settings.config().exposeErrors(), deadLetters, selection, properties.getProperty("order_process.refusal")));
        bind("preparedOrders", new Collect(PreparedOrder.class));
        bind("loadLines", new Collect(String.class));

        bind("sacct", sacct);
        bind("reports", reports);
        bind("bookings", bookings);
        bind("planSwitches", new PlanSwitches(clock, features, options));
        bind("history", history);
        bind("reportTimes", new ReportTimes(clock, settings.offerings(Mode.REPORT).stream().map(Offering::billingTimezone).collect(Collectors.toSet())));

        members(settings, selection, clock);
    }

    private void members(Settings settings, Selection selection, Clock clock) {
        Path stateDir = settings.config().stateDir();
        String reviewed = settings.properties().getProperty("agent.reviewed");
        boolean recreate = Boolean.parseBoolean(settings.properties().getProperty("membership_sync.recreate"));
        boolean whole = reviewed.isEmpty() && settings.properties().getProperty("agent.only").isEmpty();
        Teams teams = new Teams(features);
        bind("teams", teams);
        bind("membership", new Membership(teams, stateDir, deadLetters, clock, new Membership.Options(selection, reviewed, recreate), announcements::facts));
        bind("members", new Members(new NewAllocations(stateDir), deadLetters, announcements::print));
        bind("usernames", new Usernames(deadLetters, whole, announcements::besides));
        bind("nameTable", new NameTable());
        bind("homes", new Homes(deadLetters, announcements::homes));
        bind("homedirUnit", settings.homedirUnit(clock));
        bind("imports", new Imports(teams, selection, deadLetters));
        bind("importClaims", new Collect(ImportClaim.class));
        bind("additions", new Collect(Change.AddUsers.class));
        bind("readTeams", new Collect(Teams.ReadTeam.class));
        bind("readAccounts", new Collect(Teams.ReadAccounts.class));
        bind("readLimits", new Collect(UserLimits.class));
        bind("namedAllocations", new Collect(Membership.NamedAllocation.class));
    }

    private void bind(String name, Object bean) {
        beans.put(name, bean);
    }

    Map<String, Object> all() {
        return Map.copyOf(beans);
    }
}
