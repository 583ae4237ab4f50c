package org.waldur.siteagent.rehearsal;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.waldur.siteagent.config.AgentConfig;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.simulator.SlurmFault;
import org.waldur.siteagent.simulator.SlurmRun;
import org.waldur.siteagent.simulator.SlurmSimulator;
import org.waldur.siteagent.simulator.WaldurSimulator;

/** A Waldur and a cluster for one offering of a config, on which one scenario is played once. Its files are in a folder that the caller deletes. */
public final class Stage implements AutoCloseable {
    private static final Duration BEFORE = Duration.ofDays(60);
    private static final BigDecimal USUAL_LIMIT = BigDecimal.TEN;

    final WaldurSimulator waldur;
    final SlurmSimulator slurm;
    /** Allocation to its orders, the last one last. */
    final Map<String, List<String>> orders = new LinkedHashMap<>();
    final Set<String> people = new LinkedHashSet<>();
    private final Offering theirs;
    private final Path folder;
    private final Scenario scenario;
    private final StageClock clock;
    private final Outside outside;
    private final Set<Away> away = EnumSet.noneOf(Away.class);
    private int jobs;
    private boolean begun;

    /** Opens it as the scenario says it is before the first step, but for its allocations: they are still to be ordered. */
    Stage(Path folder, Offering theirs, Scenario scenario) throws IOException {
        this.folder = folder;
        this.theirs = theirs;
        this.scenario = scenario;
        clock = new StageClock(scenario.now().minus(BEFORE));
        waldur = WaldurSimulator.start().clock(clock).zone(theirs.billingTimezone());
        slurm = SlurmSimulator.start(folder.resolve("slurm"), theirs.backend().clusterName().orElse("cluster"));
        slurm.clock(clock);
        outside = new Outside(slurm, waldur.apiUrl(), scenario.outside());
        cluster();
        market();
    }

    /**
     * Opens one with nothing on it but what a config asks for, at this moment.
     *
     * @param theirs an offering of the config
     */
    public static Stage empty(Path folder, Offering theirs) throws IOException {
        Scenario.Given given = new Scenario.Given(List.of(), List.of(), Map.of(), Map.of(), Map.of(), List.of());
        Stage stage = new Stage(folder, theirs, new Scenario("empty", "", Instant.now(), given, new Outside.Answers(Map.of(), Map.of()), Map.of(), List.of()));
        stage.begin();
        return stage;
    }

    public WaldurSimulator waldur() {
        return waldur;
    }

    public SlurmSimulator slurm() {
        return slurm;
    }

    private void cluster() {
        MembershipSettings membership = theirs.backend().membership();
        Stream.of(membership.qosDefault(), membership.qosDownscaled(), membership.qosPaused()).flatMap(Optional::stream).forEach(slurm::addQos);
        scenario.given().qos().forEach(slurm::addQos);
        Stream.of(theirs.backend().defaultAccount(), theirs.backend().rootAccount(), theirs.backend().parentAccount().orElse("root")).distinct()
                .filter(account -> !account.equals("root") && !account.isBlank())
                .forEach(account -> slurm.run("sacctmgr", "-i", "add", "account", "name=" + account, "parent=root", "description=" + account, "organization=site"));
        scenario.given().users().forEach(slurm::addLinuxUsers);
    }

    private void market() {
        waldur.addOffering(theirs.uuid(), theirs.name(), "");
        scenario.given().options().forEach((key, value) -> waldur.pluginOption(theirs.uuid(), key, value));
        theirs.components().values().forEach(c -> component(c.type(), c.accountingType().name().toLowerCase(Locale.ROOT)));
        scenario.given().components().forEach(this::component);
        scenario.given().projects().forEach((slug, project) -> project.members().forEach(user -> join(slug, user, true)));
    }

    private void component(String type, String billed) {
        waldur.addComponent(theirs.uuid(), Map.of("type", type, "name", type, "billing_type", billed, "measured_unit", "h"));
    }

    /** The time of the first step comes. */
    void begin() {
        clock.pass(BEFORE);
        begun = true;
    }

    Scenario scenario() {
        return scenario;
    }

    /** The config with nothing in it that leads outside. */
    public AgentConfig config(AgentConfig whole) {
        // somebody makes the allocations that are there already, be it another agent
        Set<Mode> modes = begun ? theirs.modes() : EnumSet.allOf(Mode.class);
        Offering played = theirs.on(waldur.apiUrl(), new Secret(waldur.token()), modes, theirs.backend().homesIn(slurm.homePath().toString()));
        return whole.in(stateDir(), List.of(played));
    }

    /** Properties of the routes: what waits does not wait, and we are root. */
    public Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(Map.of("agent.user", "root", "agent.root", "true", "waldur.retry_delay", "1", "waldur.look_again_after", "1",
                "membership_sync.second", "0", "slurm.snapshot", "0", "host.notify_socket", "", "host.homedirs_unit", folder.resolve("no-unit").toString()));
        properties.putAll(scenario.properties());
        return properties;
    }

    public Clock clock() {
        return clock;
    }

    public Outside outside() {
        return outside;
    }

    Path stateDir() {
        return folder.resolve("state");
    }

    void order(Scenario.Wanted wanted) {
        Map<String, BigDecimal> limits = new TreeMap<>(wanted.limits());
        if (limits.isEmpty()) {
            theirs.components().values().stream().filter(c -> c.accountingType() != Component.AccountingType.USAGE).forEach(c -> limits.put(c.type(), USUAL_LIMIT));
        }
        String customer = scenario.given().projects().get(wanted.project()).customer();
        orders.computeIfAbsent(wanted.name(), name -> new ArrayList<>()).add(waldur.create(theirs.uuid(), wanted.name(), wanted.project(), customer, limits));
    }

    void change(String name, Map<String, BigDecimal> limits) {
        orders.get(name).add(waldur.update(last(name), limits));
    }

    void terminate(String name) {
        orders.get(name).add(waldur.terminate(last(name)));
    }

    /** @param named false: the provider is still to give him a username */
    void join(String project, String user, boolean named) {
        people.add(user);
        slurm.addLinuxUsers(user);
        if (named) {
            waldur.join(theirs.uuid(), project, user);
        } else {
            waldur.joinRequested(theirs.uuid(), project, user);
        }
    }

    void leave(String project, String user) {
        waldur.leave(project, user);
    }

    void flag(String name, String flag, boolean on) {
        waldur.setFlag(last(name), flag, on);
    }

    void job(String account, String user, Optional<Instant> start, Duration time, String tres) {
        Instant from = start.orElse(clock.instant().minus(time));
        slurm.addJob(SlurmRun.ran(++jobs, account(account), user, from, from.plus(time), tres));
    }

    /** Waldur has usage of this month that somebody else has reported. @param component empty: of each that the config has */
    void reported(String name, Optional<String> component, BigDecimal amount) {
        component.map(List::of).orElseGet(() -> List.copyOf(theirs.components().keySet()))
                .forEach(type -> waldur.putUsage(last(name), month().toString(), type, amount.setScale(2, RoundingMode.HALF_UP).toPlainString()));
    }

    void waits(Duration time) {
        clock.pass(time);
    }

    void away(Away who, boolean leaves) {
        if (leaves ? away.add(who) : away.remove(who)) {
            waldur.calm();
            slurm.calm();
            away.forEach(each -> each.leave(waldur, slurm));
        }
    }

    void fail(String command, int exit, String says, int times) {
        slurm.inject(SlurmFault.fail(argv -> String.join(" ", argv).contains(command), exit, says).times(times));
    }

    /** The month that it is for Waldur. */
    YearMonth month() {
        return YearMonth.from(clock.instant().atZone(theirs.billingTimezone()));
    }

    /** The last order of an allocation. */
    String last(String name) {
        List<String> all = orders.get(name);
        return all.get(all.size() - 1);
    }

    /** The account of an allocation; any other text is an account itself, in which the prefixes of the config may stand as {@code ${allocation_prefix}}. */
    String account(String name) {
        String backendId = orders.containsKey(name) ? (String) waldur.resource(last(name)).get("backend_id") : "";
        return !backendId.isEmpty() ? backendId : filled(name).toLowerCase(Locale.ROOT);
    }

    /** A text with the prefixes of the config in it. */
    String filled(String text) {
        return text.replace("${customer_prefix}", theirs.backend().customerPrefix()).replace("${project_prefix}", theirs.backend().projectPrefix())
                .replace("${allocation_prefix}", theirs.backend().allocationPrefix());
    }

    /** A text in which nothing is told from another play of the same: names instead of uuids, and the places of the config instead of those of the stage. */
    String plain(String text, AgentConfig whole) {
        String plain = text.replace(waldur.apiUrl().toString(), theirs.apiUrl().toString()).replace(waldur.apiUrl().getAuthority(), theirs.apiUrl().getAuthority())
                .replace(stateDir().toString(), whole.stateDir().toString()).replace(slurm.homePath().toString(), "/home").replace(folder.toString(), "...");
        for (Map.Entry<String, List<String>> each : orders.entrySet()) {
            plain = plain.replace((String) waldur.resource(each.getValue().get(0)).get("uuid"), "<" + each.getKey() + ">");
            for (String order : each.getValue()) {
                plain = plain.replace(order, "<" + waldur.order(order).get("type") + " of " + each.getKey() + ">");
            }
        }
        return plain.replace(theirs.uuid(), "<offering>");
    }

    @Override
    public void close() throws IOException {
        waldur.close();
        slurm.close();
    }
}
