package org.waldur.siteagent.membership;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.MembershipSettings.Bound;
import org.waldur.siteagent.config.MembershipSettings.Brake;
import org.waldur.siteagent.config.MembershipSettings.PauseBy;
import org.waldur.siteagent.config.MembershipSettings.Restriction;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.membership.Allocation.Owner;
import org.waldur.siteagent.membership.MembershipWorld.Acc;
import org.waldur.siteagent.membership.MembershipWorld.Kind;
import org.waldur.siteagent.membership.MembershipWorld.Person;
import org.waldur.siteagent.membership.MembershipWorld.ServiceAccount;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.order.Resource;

/** Worlds in which everything that can be wrong is wrong now and then. Names come from few words, so that they clash often. */
final class RandomMembers {
    static final String PAUSED = "Stop";
    static final String DOWNSCALED = "Slow";
    private static final String[][] PREFIXES = {{"hpc_", "hpc_", "hpc_"}, {"c_", "p_", "a_"}, {"HPC_", "HPC_", "HPC_"}, {"Cust.", "hpc_", "hpc_"}};
    private static final List<String> STRANGE_NAMES = List.of("jane@example.org", "a,root", "-rf", "Ann Lee", "x".repeat(60));
    private static final List<String> QOS = List.of("normal", "high", "extra");
    private static final int PROJECTS = 4;
    private static final int CUSTOMERS = 3;
    private final Random random;
    private MembershipWorld world;
    private BackendSettings settings;

    RandomMembers(Random random) {
        this.random = random;
    }

    static String id(char kind, int number) {
        return String.format("%c%031x", kind, number);
    }

    MembershipWorld world() {
        world = new MembershipWorld(offering());
        settings = world.offering.backend();
        for (String account : List.of(settings.rootAccount(), settings.defaultAccount(), settings.parentAccount().orElse("root"))) {
            if (often()) {
                world.accounts.putIfAbsent(account.toLowerCase(Locale.ROOT), new Acc("root", rarely() ? "marked waldur:" + id('b', random.nextInt(5)) : "made by hand"));
            }
        }
        for (int i = 0; i < CUSTOMERS; i++) {
            customer(i);
        }
        for (int i = 0; i < PROJECTS; i++) {
            project(i);
        }
        for (int i = 0; i < 8; i++) {
            allocation(i);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            foreign();
        }
        world.accounts.values().forEach(a -> a.users.keySet().forEach(user -> world.defaults.putIfAbsent(user, "")));
        world.accounts.forEach((name, a) -> a.users.keySet().forEach(user -> {
            if (often() && world.defaults.get(user).isEmpty()) {
                world.defaults.put(user, name);
            }
        }));
        world.defaults.values().removeIf(String::isEmpty);
        world.accounts.keySet().forEach(world.rows::remove);
        return world;
    }

    private Offering offering() {
        String[] prefixes = PREFIXES[random.nextInt(PREFIXES.length)];
        Optional<String> flat = random.nextInt(6) == 0 ? Optional.of(prefixes[1] + "top") : Optional.empty();
        PauseBy pauseBy = one(PauseBy.values());
        MembershipSettings membership = new MembershipSettings(random.nextBoolean() ? Optional.of("Normal") : Optional.empty(),
                often() ? Optional.of(DOWNSCALED) : Optional.empty(), pauseBy == PauseBy.QOS || random.nextBoolean() ? Optional.of(PAUSED) : Optional.empty(), pauseBy,
                one(Restriction.values()), random.nextBoolean() ? Brake.USUAL : new Brake(bound(4), bound(12)), Duration.ofSeconds(60), random.nextBoolean(),
                rarely() ? Optional.of("batch") : Optional.empty());
        BackendSettings backend = new BackendSettings(one("root", "default", prefixes[2] + "default"), one(DefaultAccountPolicy.values()), prefixes[0],
                prefixes[1], prefixes[2], 20 + random.nextInt(23), one("root", "root", "root", "Science"), flat, Optional.empty(), "/usr/bin",
                false, "0077", Optional.empty(), one(MissingLimit.values()), false, membership);
        Map<String, Component> components = new LinkedHashMap<>();
        components.put("cpu", new Component("cpu", "CPU", "k-Hours", new BigDecimal("60000"), AccountingType.LIMIT, Optional.empty(), Map.of(), Map.of()));
        components.put("mem", new Component("mem", "RAM", "gb-Hours", new BigDecimal("61440"), AccountingType.USAGE, Optional.of(BigDecimal.TEN), Map.of(), Map.of()));
        if (random.nextBoolean()) {
            components.put("node", new Component("node", "Node", "h", new BigDecimal("60"), AccountingType.ONE, Optional.empty(),
                    Map.of("gres/gpu", new BigDecimal("4"), "license/x", BigDecimal.ONE), Map.of()));
        }
        return new Offering("slurm", id('f', 1), URI.create("http://localhost/api/"), new Secret("x"), true, Optional.empty(), Optional.empty(), "slurm",
                EnumSet.allOf(Mode.class), false, ZoneOffset.UTC, backend, components);
    }

    private Bound bound(int most) {
        return new Bound(random.nextInt(most), random.nextInt(101));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private String customerAccount(int i) {
        return lower(settings.customerPrefix() + "cust-" + i);
    }

    private String projectAccount(int i) {
        return lower(settings.projectPrefix() + "proj-" + i);
    }

    private void customer(int i) {
        String top = lower(settings.rootAccount());
        if (settings.parentAccount().isEmpty() && world.accounts.containsKey(top) && random.nextInt(3) > 0) {
            world.accounts.putIfAbsent(customerAccount(i), new Acc(often() ? top : anyAccount(), marked(id('d', i))));
            if (rarely()) {
                world.accounts.putIfAbsent(lower(settings.customerPrefix()) + "old-" + i, new Acc(top, "ours waldur:" + id('d', i)));
            }
        }
    }

    private void project(int i) {
        String customer = customerAccount(random.nextInt(CUSTOMERS));
        String above = settings.parentAccount().map(RandomMembers::lower).filter(world.accounts::containsKey)
                .orElse(world.accounts.containsKey(customer) && often() ? customer : anyAccount());
        world.accounts.putIfAbsent(projectAccount(i), new Acc(above, marked(id('c', i))));
        if (rarely()) {
            world.accounts.get(projectAccount(i)).qos.add(one(QOS));
        }
        if (often()) {
            String team = rarely() ? "" : id('c', i);
            world.teams.put(team, team(i));
        }
        for (int k = random.nextInt(3); k > 0; k--) {
            world.others.add(new ServiceAccount(rarely() ? "" : id('c', i), one("svc" + k, "Course" + k, one(STRANGE_NAMES), "u" + i + "-1"), one("OK", "OK", "Closed", "Erred")));
        }
        world.othersUnknown |= random.nextInt(25) == 0;
    }

    private List<Person> team(int project) {
        List<Person> team = new ArrayList<>();
        int size = rarely() ? 0 : rarely() ? 12 + random.nextInt(8) : random.nextInt(6);
        for (int k = 0; k < size; k++) {
            Kind kind = random.nextInt(4) == 0 ? one(Kind.values()) : Kind.OK;
            kind = (kind == Kind.NAMELESS || kind == Kind.OK_WITHOUT_NAME) && often() ? Kind.OK : kind;
            String name = random.nextInt(25) == 0 ? one(STRANGE_NAMES) : one("u", "u", "U") + project + "-" + (rarely() ? random.nextInt(3) : k);
            team.add(new Person(id('9', project * 100 + k), name, kind));
        }
        return team;
    }

    /** Resource i, and its account somewhere, or another's, or none. */
    private void allocation(int i) {
        String uuid = id('b', i);
        int project = i % PROJECTS;
        int customer = random.nextInt(8) == 0 ? random.nextInt(CUSTOMERS) : project % CUSTOMERS;
        String account = lower(settings.allocationPrefix() + (rarely() ? one("proj-1", "cust-1", "default", "alloc-0") : "alloc-" + i));
        if (random.nextInt(6) > 0 && world.accounts.putIfAbsent(account, new Acc(often() ? projectAccount(project) : anyAccount(), marked(uuid))) == null) {
            filled(world.accounts.get(account), project);
        }
        if (random.nextInt(20) == 0) {
            world.accounts.putIfAbsent(lower(settings.allocationPrefix()) + "twin" + i, new Acc(anyAccount(), "twin waldur:" + uuid));
        }
        String backendId = switch (random.nextInt(24)) {
            case 0 -> anyAccount();
            case 1 -> lower(settings.allocationPrefix()) + "gone";
            case 2 -> lower(settings.allocationPrefix()) + "alloc-" + random.nextInt(6);
            case 3 -> lower(settings.allocationPrefix()) + one("a b", "x\ny", "-x", "g".repeat(60), "a,b");
            case 4 -> "";
            default -> account;
        };
        Map<String, Optional<BigDecimal>> limits = new LinkedHashMap<>();
        for (String component : List.of("cpu", "node", "other")) {
            if (often()) {
                limits.put(component, rarely() ? Optional.of(new BigDecimal(one("0", "-1", "1e400", "0.0000001"))) : rarely() ? Optional.empty() : Optional.of(BigDecimal.TEN));
            }
        }
        Resource resource = new Resource(uuid, "Resource " + i, "alloc-" + i, one("OK", "OK", "OK", "Erred", "OK", "OK", one("Creating", "Updating", "Terminating")), backendId,
                random.nextBoolean() ? Optional.of(OffsetDateTime.parse("2026-01-15T12:00:00Z")) : Optional.empty(),
                random.nextBoolean() ? Optional.of(LocalDate.parse("2026-04-16")) : Optional.empty(), "", Optional.empty(), limits);
        boolean says = often();
        world.allocations.put(uuid, new Allocation(resource, owner(rarely() ? "" : id('c', project), "proj-" + project), owner(rarely() ? "" : id('d', customer), "cust-" + customer),
                flag(says, 4), flag(says, 4), flag(says, 5), Optional.of("2026-01-01T00:00:00Z"),
                MembershipWorld.json(one("{}", "{\"qos\": \"normal\", \"seen\": 1}", "null")), MembershipWorld.json("{}")));
        world.names.put(uuid, new PreparedOrder.Names(settings.customerPrefix() + "cust-" + customer, settings.projectPrefix() + "proj-" + project,
                settings.allocationPrefix() + "alloc-" + i, false));
        if (random.nextInt(3) == 0) {
            world.userLimitsKnown = true;
            world.userLimits.put(uuid, new TreeMap<>(Map.of("u" + project + "-0", new BigDecimal(one("1", "0.5", "-1")), "u" + project + "-1", BigDecimal.ONE)));
        }
        if (random.nextInt(3) == 0) {
            remembered(uuid, account, project);
        }
    }

    private static Owner owner(String uuid, String slug) {
        return new Owner(uuid, slug, "Name \"of\" " + slug);
    }

    private Optional<Boolean> flag(boolean says, int of) {
        return says ? Optional.of(random.nextInt(of) == 0) : Optional.empty();
    }

    /** What somebody has made of an account until now. */
    private void filled(Acc account, int project) {
        account.limits.putAll(random.nextBoolean() ? Map.of("cpu", 600000L, "mem", 614400L) : Map.of("cpu", 1L, "gres/gpu", 7L));
        if (random.nextInt(3) == 0) {
            account.submit = one(OptionalLong.of(0), OptionalLong.of(100), OptionalLong.empty());
        }
        for (int k = random.nextInt(3); k > 0; k--) {
            account.qos.add(random.nextInt(5) == 0 ? lower(one(PAUSED, DOWNSCALED)) : one(QOS));
        }
        if (!account.qos.isEmpty() && random.nextBoolean()) {
            account.defaultQos = one(new ArrayList<>(account.qos));
        }
        List<String> usual = new ArrayList<>();
        world.teams.getOrDefault(id('c', project), List.of()).forEach(p -> usual.addAll(p.stays()));
        usual.forEach(user -> add(account, user, often()));
        world.teams.getOrDefault(id('c', project), List.of()).stream().filter(p -> p.stays().isEmpty()).forEach(p -> add(account, lower(p.username()), random.nextBoolean()));
        add(account, "svc1", random.nextBoolean());
        for (int k = rarely() ? random.nextInt(20) : random.nextInt(3); k > 0; k--) {
            add(account, "gone" + k, true);
        }
        if (rarely()) {
            usual.stream().filter(u -> rarely()).forEach(world.strangers::add);
        }
    }

    private void add(Acc account, String user, boolean really) {
        if (really && !user.contains(",") && !user.contains(" ")) {
            account.users.put(user, random.nextInt(5) == 0 ? new TreeMap<>(Map.of("cpu", one(60000L, 7L))) : new TreeMap<>());
        }
    }

    private void remembered(String uuid, String account, int project) {
        Optional<Before.Qos> qos = random.nextBoolean() ? Optional.of(one(new Before.Qos(new TreeSet<>(List.of("high", "normal")), "high"), new Before.Qos(new TreeSet<>(), "")))
                : Optional.empty();
        Optional<OptionalLong> submit = random.nextBoolean() ? Optional.of(one(OptionalLong.of(100), OptionalLong.empty())) : Optional.empty();
        TreeMap<String, java.util.SortedMap<String, Long>> limits = new TreeMap<>();
        limits.put("u" + project + "-2", new TreeMap<>(Map.of("cpu", 60000L)));
        Before before = new Before(rarely() ? "hpc_another" : account, qos, submit, random.nextBoolean() ? limits : new TreeMap<>());
        if (!before.isNothing()) {
            world.before.put(uuid, before);
        }
        Acc found = world.accounts.get(account);
        if (found != null && random.nextBoolean()) {
            qos.ifPresent(q -> {
                found.defaultQos = lower(one(PAUSED, DOWNSCALED));
                found.qos = new TreeSet<>(List.of(found.defaultQos));
                if (rarely()) {
                    found.qos.add("bonus");
                }
            });
            submit.ifPresent(s -> found.submit = OptionalLong.of(0));
        }
    }

    private void foreign() {
        String name = lower(settings.allocationPrefix()) + one("one", "alloc-" + random.nextInt(8), "proj-" + random.nextInt(PROJECTS));
        if (rarely()) {
            world.rows.putIfAbsent(name, "of another cluster");
        } else {
            Acc made = new Acc(anyAccount(), one("a department", "waldur:short", "other waldur:" + id('e', random.nextInt(3))));
            made.users.put("somebody", new TreeMap<>());
            world.accounts.putIfAbsent(name, made);
        }
    }

    /** A description with this marker, or with none, or with that of somebody else. */
    private String marked(String uuid) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> "made by the incumbent";
            case 2 -> "waldur:" + id(one('b', 'e'), random.nextInt(6));
            default -> "ours waldur:" + uuid;
        };
    }

    private String anyAccount() {
        return one(new ArrayList<>(world.accounts.keySet()));
    }

    private boolean often() {
        return random.nextInt(8) != 0;
    }

    private boolean rarely() {
        return random.nextInt(10) == 0;
    }

    @SafeVarargs
    private <T> T one(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
