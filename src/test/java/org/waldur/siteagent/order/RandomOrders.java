package org.waldur.siteagent.order;

import java.math.BigDecimal;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.waldur.siteagent.config.BackendSettings;
import org.waldur.siteagent.config.BackendSettings.DefaultAccountPolicy;
import org.waldur.siteagent.config.BackendSettings.MissingLimit;
import org.waldur.siteagent.config.Component;
import org.waldur.siteagent.config.Component.AccountingType;
import org.waldur.siteagent.config.Mode;
import org.waldur.siteagent.config.MembershipSettings;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.config.Secret;
import org.waldur.siteagent.order.Order.State;
import org.waldur.siteagent.order.Order.Type;
import org.waldur.siteagent.order.OrderWorld.Acc;

/** Worlds in which everything that can be wrong is wrong now and then. Names come from few words, so that they clash often. */
final class RandomOrders {
    private static final String[][] PREFIXES = {{"hpc_", "hpc_", "hpc_"}, {"c_", "p_", "a_"}, {"HPC_", "HPC_", "HPC_"}, {"Cust.", "hpc_", "hpc_"}};
    private static final List<String> SLUGS = List.of("one", "two", "Three", "four", "proj-1", "cust-1", "top", "default", "a".repeat(60));
    private static final List<String> HOSTILE = List.of("", " ", "a b", "a=b", "a,b", "a|b", "x\ny", "\"", "[1-3]", "\uD83D\uDE00", "-x", "a".repeat(5000));
    private static final List<String> TEXTS = List.of("Sample", "x\" parent=root", "line\nwaldur:" + id('f', 0), "\u0000\uD83D\uDE00", "", "-i");
    private static final List<String> LIMITS = List.of("0", "10", "10.5", "0.0000001", "-1", "1e400", "1e-400", "99999999999999999999");
    private final Random random;

    RandomOrders(Random random) {
        this.random = random;
    }

    static String id(char kind, int number) {
        return String.format("%c%031x", kind, number);
    }

    OrderWorld world() {
        OrderWorld world = new OrderWorld(offering());
        BackendSettings settings = world.offering.backend();
        for (String account : List.of(settings.rootAccount(), settings.defaultAccount(), settings.parentAccount().orElse("root"))) {
            if (often()) {
                world.accounts.putIfAbsent(account.toLowerCase(), new Acc("root", rarely() ? "marked waldur:" + id('b', random.nextInt(5)) : "made by hand"));
            }
        }
        boolean byProject = random.nextInt(3) == 0;
        for (int i = 0; i < 6; i++) {
            parents(world, i % 3);
            resource(world, i, byProject);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            foreign(world, settings.allocationPrefix().toLowerCase() + word().toLowerCase());
        }
        for (int i = 0; i < 2 + random.nextInt(7); i++) {
            order(world, id('a', i), random.nextInt(6), byProject);
        }
        return world;
    }

    private Offering offering() {
        String[] prefixes = PREFIXES[random.nextInt(PREFIXES.length)];
        Optional<String> flat = random.nextInt(4) == 0 ? Optional.of(random.nextBoolean() ? prefixes[1] + "top" : "Top") : Optional.empty();
        BackendSettings backend = new BackendSettings(one("root", "default", prefixes[2] + "default"), one(DefaultAccountPolicy.values()), prefixes[0],
                prefixes[1], prefixes[2], 12 + random.nextInt(31), one("root", "root", "Science", prefixes[0] + "top"), flat, Optional.empty(), "/usr/bin",
                false, "0077", Optional.empty(), one(MissingLimit.values()), false, MembershipSettings.USUAL);
        Map<String, Component> components = new LinkedHashMap<>();
        add(components, new Component("cpu", "CPU", "k-Hours", new BigDecimal("60000"), AccountingType.LIMIT, Optional.empty(), Map.of(), Map.of()));
        add(components, new Component("mem", "RAM", "gb-Hours", new BigDecimal("61440"), AccountingType.USAGE, Optional.of(BigDecimal.TEN), Map.of(), Map.of()));
        if (random.nextBoolean()) {
            add(components, new Component("node", "Node", "h", new BigDecimal("0.5"), AccountingType.ONE, Optional.empty(),
                    Map.of("cpu", new BigDecimal("64"), "gres/gpu", BigDecimal.ONE, "license/x", BigDecimal.ONE), Map.of()));
        }
        return new Offering("slurm", id('f', 1), URI.create("http://localhost/api/"), new Secret("x"), true, Optional.empty(), Optional.empty(), "slurm",
                EnumSet.allOf(Mode.class), false, ZoneOffset.UTC, backend, components);
    }

    private static void add(Map<String, Component> components, Component component) {
        components.put(component.type(), component);
    }

    /** The accounts of project i and its customer, mostly as we would have made them. */
    private void parents(OrderWorld world, int i) {
        BackendSettings settings = world.offering.backend();
        String top = settings.parentAccount().orElse(settings.rootAccount()).toLowerCase();
        if (!world.accounts.containsKey(top) || random.nextBoolean()) {
            return;
        }
        String customer = (settings.customerPrefix() + SLUGS.get(5)).toLowerCase();
        String project = (settings.projectPrefix() + projectSlug(i)).toLowerCase();
        if (settings.parentAccount().isEmpty() && often()) {
            world.accounts.putIfAbsent(customer, new Acc(top, marked(id('d', 1))));
        }
        String above = settings.parentAccount().isEmpty() && world.accounts.containsKey(customer) && often() ? customer : anyAccount(world);
        world.accounts.putIfAbsent(project, new Acc(above, marked(id('c', i))));
        if (rarely()) {
            world.accounts.get(project).users().add("carol");
        }
    }

    private String projectSlug(int i) {
        return i == 0 ? "proj-1" : i == 1 ? "proj-2" : "one";
    }

    /** Resource i, and its account somewhere, or another's, or none. */
    private void resource(OrderWorld world, int i, boolean byProject) {
        BackendSettings settings = world.offering.backend();
        String uuid = id('b', i);
        String slug = rarely() ? one(HOSTILE) : random.nextInt(4) == 0 ? word() : "alloc-" + i;
        String account = (settings.allocationPrefix() + (rarely() ? word() : "alloc-" + i)).toLowerCase();
        boolean short42 = account.length() <= 42;
        if (short42 && random.nextBoolean()) {
            String project = (settings.projectPrefix() + projectSlug(i % 3)).toLowerCase();
            String parent = world.accounts.containsKey(project) && often() ? project : anyAccount(world);
            if (world.accounts.putIfAbsent(account, new Acc(parent, marked(uuid))) == null) {
                Acc made = world.accounts.get(account);
                made.limits().putAll(random.nextBoolean() ? Map.of("cpu", 600000L, "mem", 614400L) : Map.of("cpu", 1L, "gres/gpu", 7L));
                if (random.nextBoolean()) {
                    made.users().addAll(List.of("alice", "bob"));
                }
                if (rarely()) {
                    world.accounts.put(account, new Acc(made.parent(), made.description(), made.limits(), true, made.users()));
                }
            }
        }
        if (rarely()) {
            world.accounts.putIfAbsent(settings.allocationPrefix().toLowerCase() + "twin" + i, new Acc(anyAccount(world), "twin waldur:" + uuid));
        }
        String backendId = switch (random.nextInt(12)) {
            case 0 -> anyAccount(world);
            case 1 -> settings.allocationPrefix().toLowerCase() + "gone";
            case 2 -> settings.allocationPrefix().toLowerCase() + "alloc-" + random.nextInt(6);
            case 3 -> settings.allocationPrefix().toLowerCase() + one(HOSTILE);
            case 4, 5, 6 -> "";
            default -> account;
        };
        world.resources.put(uuid, new Resource(uuid, "Resource " + i, slug, one("Creating", "OK", "Erred", "Terminating"), backendId, Optional.empty(),
                Optional.empty(), byProject ? "project_slug" : "", Optional.of(id('e', random.nextInt(2))), Map.of()));
    }

    private void foreign(OrderWorld world, String name) {
        if (rarely()) {
            world.rows.putIfAbsent(name, "of another cluster");
            world.accounts.keySet().forEach(world.rows::remove);
        } else {
            world.rows.remove(name);
            world.accounts.putIfAbsent(name.length() < 200 ? name : name.substring(0, 200), new Acc(anyAccount(world), one("a department", "waldur:short",
                    "other waldur:" + id('e', random.nextInt(3)))));
        }
    }

    private void order(OrderWorld world, String uuid, int i, boolean byProject) {
        BackendSettings settings = world.offering.backend();
        Resource resource = world.resources.get(id('b', i));
        String projectSlug = rarely() ? one(HOSTILE) : projectSlug(i % 3);
        String customerSlug = rarely() ? one(HOSTILE) : "cust-1";
        Map<String, Optional<BigDecimal>> limits = new LinkedHashMap<>();
        for (String component : rarely() ? List.<String>of() : List.of("cpu", "node", "other")) {
            if (often()) {
                limits.put(component, rarely() ? Optional.of(one(LIMITS)).map(BigDecimal::new) : rarely() ? Optional.empty() : Optional.of(BigDecimal.TEN));
            }
        }
        Order order = new Order(uuid, one(Type.values()), random.nextBoolean() ? State.EXECUTING : State.PENDING_PROVIDER, resource.uuid(),
                rarely() ? one(TEXTS) : "Sample", Optional.empty(), limits, Optional.of(id('e', 0)), rarely() ? "" : id('c', i % 3), projectSlug, one(TEXTS), rarely() ? "" : id('d', 1),
                customerSlug, one(TEXTS));
        String allocation = settings.allocationPrefix() + (byProject ? projectSlug : resource.slug());
        world.orders.put(uuid, new PreparedOrder(order, resource, new PreparedOrder.Names(settings.customerPrefix() + customerSlug,
                settings.projectPrefix() + projectSlug, allocation, byProject), verdict(), "because the site says so"));
    }

    private PreparedOrder.Verdict verdict() {
        return random.nextInt(15) == 0 ? one(PreparedOrder.Verdict.values()) : PreparedOrder.Verdict.ACCEPT;
    }

    /** A description with this marker, or with none, or with that of somebody else. */
    private String marked(String uuid) {
        return switch (random.nextInt(8)) {
            case 0 -> "made by the incumbent";
            case 1 -> "waldur:" + id('b', random.nextInt(6));
            default -> "ours waldur:" + uuid;
        };
    }

    private String anyAccount(OrderWorld world) {
        return one(new ArrayList<>(world.accounts.keySet()));
    }

    private String word() {
        return one(SLUGS);
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
