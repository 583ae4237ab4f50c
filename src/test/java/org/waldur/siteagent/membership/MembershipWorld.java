package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.order.PreparedOrder;
import org.waldur.siteagent.plan.Change;
import org.waldur.siteagent.plan.MembershipChange;
import org.waldur.siteagent.slurm.Cluster;
import org.waldur.siteagent.slurm.FoundCluster;
import org.waldur.siteagent.slurm.TresLimits;

/**
 * A Waldur and a cluster as simple as they can be, on which a plan can be carried out: a change does what it says, or is an
 * {@link AssertionError} where Slurm would refuse it or lose something. It shares no code with what carries plans out.
 */
final class MembershipWorld {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADDABLE = "[a-z0-9_][a-z0-9_.-]{0,41}";

    /** An account with its own row, and its users with their limits. */
    static final class Acc {
        String parent;
        final String description;
        final SortedMap<String, Long> limits = new TreeMap<>();
        OptionalLong submit = OptionalLong.empty();
        SortedSet<String> qos = new TreeSet<>();
        String defaultQos = "";
        final SortedMap<String, SortedMap<String, Long>> users = new TreeMap<>();

        Acc(String parent, String description) {
            this.parent = parent;
            this.description = description;
        }

        Acc copy() {
            Acc copy = new Acc(parent, description);
            copy.limits.putAll(limits);
            copy.submit = submit;
            copy.qos = new TreeSet<>(qos);
            copy.defaultQos = defaultQos;
            users.forEach((user, had) -> copy.users.put(user, new TreeMap<>(had)));
            return copy;
        }

        String marker() {
            String[] words = description.split(" ");
            String last = words[words.length - 1];
            return last.matches("waldur:[0-9a-f]{32}") ? last.substring(7) : "";
        }

        /** What it may do, in one line. */
        String access() {
            return qos + " by default '" + defaultQos + "', jobs " + submit;
        }

        @Override
        public String toString() {
            return "beneath " + parent + " '" + description + "' " + limits + " " + access() + " " + users;
        }
    }

    /** How Waldur tells of a person or of a service account. */
    enum Kind { OK, WAITING, NEW, RESTRICTED, DELETED, NAMELESS, ONLY_ON_TEAM, RENAMED, OK_WITHOUT_NAME }

    /** @param username as Waldur writes it */
    record Person(String uuid, String username, Kind kind) {
        private String name() {
            return username.strip().toLowerCase(Locale.ROOT);
        }

        /** Slurm can have no such user by a command. */
        private boolean isAddable() {
            return name().matches(ADDABLE);
        }

        /** Whether he may compute. */
        boolean isWanted() {
            return isAddable() && (kind == Kind.OK || kind == Kind.ONLY_ON_TEAM || kind == Kind.RENAMED);
        }

        /** All that he may be called on the cluster, if he is not to go. */
        Set<String> stays() {
            return switch (kind) {
                case OK, WAITING, ONLY_ON_TEAM -> Set.of(name());
                case RENAMED -> Set.of(name(), "old_" + name());
                case NEW, RESTRICTED, DELETED, NAMELESS, OK_WITHOUT_NAME -> Set.of();
            };
        }

        /** Whether a row of the list of offering users has this name. */
        boolean isCalled(String user) {
            return !Set.of(Kind.NEW, Kind.NAMELESS, Kind.OK_WITHOUT_NAME, Kind.ONLY_ON_TEAM).contains(kind) && name().equals(user);
        }

        /** Whether that row is settled. */
        boolean isCertain() {
            return Set.of(Kind.OK, Kind.RENAMED, Kind.RESTRICTED).contains(kind);
        }

        boolean isNameless() {
            return kind == Kind.NAMELESS || kind == Kind.OK_WITHOUT_NAME;
        }

        private String teamRow() {
            String name = switch (kind) {
                case ONLY_ON_TEAM -> ", \"offering_user_username\": \"" + username + "\"";
                case RENAMED -> ", \"offering_user_username\": \"old_" + username + "\"";
                case NEW -> ", \"offering_user_username\": null";
                default -> "";
            };
            return "{\"uuid\": \"" + uuid + "\"" + name + "}";
        }

        private String offeringUser() {
            String head = "{\"user_uuid\": \"" + uuid + "\", \"username\": ";
            return switch (kind) {
                case OK, RENAMED -> head + "\"" + username + "\", \"state\": \"OK\"}";
                case WAITING -> head + "\"" + username + "\", \"state\": \"Error creating\"}";
                case NEW -> head + "\"\", \"state\": \"Requested\"}";
                case RESTRICTED -> head + "\"" + username + "\", \"state\": \"OK\", \"is_restricted\": true}";
                case DELETED -> head + "\"" + username + "\", \"state\": \"Requested deletion\"}";
                case OK_WITHOUT_NAME -> head + "null, \"state\": \"OK\"}";
                case NAMELESS, ONLY_ON_TEAM -> "";
            };
        }
    }

    /** @param state {@code OK}, {@code Closed} or {@code Erred} */
    record ServiceAccount(String project, String username, String state) {
    }

    final Offering offering;
    final Map<String, Acc> accounts = new TreeMap<>();
    /** Rows of {@code show account} without an association here: name to description. */
    final Map<String, String> rows = new TreeMap<>();
    final Map<String, String> defaults = new TreeMap<>();
    final Map<String, Allocation> allocations = new TreeMap<>();
    /** By {@link Allocation#team()}; none: Unknown. */
    final Map<String, List<Person>> teams = new TreeMap<>();
    final List<ServiceAccount> others = new ArrayList<>();
    boolean othersUnknown;
    boolean userLimitsKnown;
    /** Resource to user to Waldur's amount of cpu. */
    final Map<String, Map<String, BigDecimal>> userLimits = new TreeMap<>();
    final Map<String, Before> before = new TreeMap<>();
    final Map<String, PreparedOrder.Names> names = new TreeMap<>();
    final Set<String> strangers = new TreeSet<>();

    MembershipWorld(Offering offering) {
        this.offering = offering;
        accounts.put("root", new Acc("", "default root account"));
    }

    MembershipWorld copy() {
        MembershipWorld copy = new MembershipWorld(offering);
        accounts.forEach((name, a) -> copy.accounts.put(name, a.copy()));
        copy.rows.putAll(rows);
        copy.defaults.putAll(defaults);
        copy.allocations.putAll(allocations);
        copy.teams.putAll(teams);
        copy.others.addAll(others);
        copy.othersUnknown = othersUnknown;
        copy.userLimitsKnown = userLimitsKnown;
        copy.userLimits.putAll(userLimits);
        copy.before.putAll(before);
        copy.names.putAll(names);
        copy.strangers.addAll(strangers);
        return copy;
    }

    MembershipPlanner.Planned planned() {
        return MembershipPlanner.plan(facts(false));
    }

    org.waldur.siteagent.plan.Plan plan() {
        return planned().plan();
    }

    /** As the routes would gather them. @param backwards everything in the opposite order */
    Facts facts(boolean backwards) {
        List<Allocation> all = turned(new ArrayList<>(allocations.values()), backwards);
        Map<String, Team> read = new LinkedHashMap<>();
        turned(new ArrayList<>(teams.keySet()), backwards).forEach(project -> read.put(project, team(teams.get(project), backwards)));
        Map<String, Map<String, Map<String, BigDecimal>>> limits = new LinkedHashMap<>();
        turned(new ArrayList<>(userLimits.keySet()), backwards).forEach(resource -> {
            Map<String, Map<String, BigDecimal>> ofUsers = new LinkedHashMap<>();
            turned(new ArrayList<>(userLimits.get(resource).keySet()), backwards).forEach(user -> ofUsers.put(user, Map.of("cpu", userLimits.get(resource).get(user))));
            limits.put(resource, ofUsers);
        });
        Facts facts = new Facts(offering, all, read, otherAccounts(backwards), userLimitsKnown ? new UserLimits(true, limits) : UserLimits.UNKNOWN,
                new HashMap<>(before), Map.of(), Map.of(), new TreeSet<>(strangers), cluster(backwards));
        Map<String, PreparedOrder.Names> asked = new HashMap<>(names);
        asked.keySet().retainAll(MembershipPlanner.unnamed(facts));
        return facts.named(asked);
    }

    private static <T> List<T> turned(List<T> list, boolean backwards) {
        if (backwards) {
            Collections.reverse(list);
        }
        return list;
    }

    private static Team team(List<Person> people, boolean backwards) {
        List<Person> turned = turned(new ArrayList<>(people), backwards);
        return Team.of(turned.stream().map(p -> json(p.teamRow())).toList(), turned.stream().map(Person::offeringUser).filter(r -> !r.isEmpty()).map(MembershipWorld::json).toList());
    }

    private OtherAccounts otherAccounts(boolean backwards) {
        return othersUnknown ? new OtherAccounts.Unknown("list_course_accounts failed") : OtherAccounts.of(turned(new ArrayList<>(others), backwards).stream()
                .map(o -> json("{\"project_uuid\": \"" + o.project() + "\", \"username\": \"" + o.username() + "\", \"state\": \"" + o.state() + "\"}")).toList());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private Cluster cluster(boolean backwards) {
        FoundCluster found = new FoundCluster();
        List<String> all = new ArrayList<>(accounts.keySet());
        all.remove("root");
        turned(all, backwards).forEach(name -> {
            Acc a = accounts.get(name);
            found.account(name, a.parent, a.description, TresLimits.format(a.limits), a.submit.isPresent() ? "" + a.submit.getAsLong() : "", String.join(",", a.qos), a.defaultQos);
            turned(new ArrayList<>(a.users.keySet()), backwards).forEach(user -> found.user(user, name,
                    name.equals(defaults.get(user)) ? name : "", TresLimits.format(a.users.get(user))));
        });
        rows.forEach(found::row);
        return found.read();
    }

    /** Carries out a whole plan. */
    MembershipWorld cycle() {
        return cycle(Integer.MAX_VALUE);
    }

    /**
     * Remembers what a plan wants remembered, and carries out no more than its first so many changes; of QoS, half a change besides: the
     * list without its default, as somebody's hand may have left it.
     */
    MembershipWorld cycle(int changes) {
        MembershipPlanner.Planned planned = planned();
        planned.before().forEach((resource, had) -> {
            if (had.isNothing()) {
                before.remove(resource);
            } else {
                before.put(resource, had);
            }
        });
        planned.plan().changes().stream().limit(changes).filter(c -> !c.isHeld()).forEach(this::apply);
        planned.plan().changes().stream().skip(changes).limit(1).forEach(c -> {
            if (c instanceof MembershipChange.SetQos set) {
                apply(new MembershipChange.SetQos(set.account(), set.qos(), "", "", List.of()));
            }
        });
        return this;
    }

    /** Cycle after cycle, until a plan writes nothing. */
    MembershipWorld run() {
        for (int cycle = 0; cycle < 8; cycle++) {
            if (plan().isEmpty()) {
                return cycle();
            }
            cycle();
        }
        throw new AssertionError("there is something to do in every cycle: " + plan().text());
    }

    void apply(Change change) {
        if (change instanceof Change.CreateAccount c) {
            check(!accounts.containsKey(c.name()) && accounts.containsKey(c.parent()), change);
            Acc made = new Acc(c.parent(), rows.containsKey(c.name()) ? rows.remove(c.name()) : c.description());
            made.limits.putAll(c.grpTresMins());
            accounts.put(c.name(), made);
        } else if (change instanceof Change.SetLimits c) {
            merge(at(c.account(), change).limits, c.grpTresMins());
        } else if (change instanceof Change.AddUsers c) {
            Acc account = at(c.account(), change);
            check(!c.account().equals("root") && c.users().stream().noneMatch(account.users::containsKey) && c.users().stream().noneMatch(strangers::contains)
                    && c.users().stream().allMatch(u -> u.matches(ADDABLE)), change);
            c.users().forEach(user -> {
                account.users.put(user, new TreeMap<>());
                defaults.putIfAbsent(user, c.account());
            });
        } else if (change instanceof Change.SetDefaultAccount c) {
            check(at(c.account(), change).users.containsKey(c.user()), change);
            defaults.putIfAbsent(c.user(), c.account());
        } else if (change instanceof MembershipChange c) {
            applyToMembers(c);
        } else {
            throw new AssertionError("not a change of this job: " + change);
        }
    }

    private void applyToMembers(MembershipChange change) {
        if (change instanceof MembershipChange.SetMetadata c) {
            Allocation a = allocations.get(c.resource());
            allocations.put(c.resource(), new Allocation(a.resource(), a.project(), a.customer(), a.paused(), a.downscaled(), a.restricted(), a.lastSync(), json(c.metadata()), a.options()));
            return;
        }
        Acc account = at(change.account(), change);
        if (change instanceof MembershipChange.MoveAccount c) {
            check(accounts.containsKey(c.parent()) && account.parent.equals(c.from()) && !path(c.parent()).contains(c.account()), change);
            account.parent = c.parent();
        } else if (change instanceof MembershipChange.SetQos c) {
            check(c.defaultQos().isEmpty() || c.qos().isEmpty() || c.qos().contains(c.defaultQos()), change);
            account.qos = new TreeSet<>(c.qos());
            account.defaultQos = c.defaultQos();
        } else if (change instanceof MembershipChange.SetSubmitLimit c) {
            account.submit = c.jobs();
        } else if (change instanceof MembershipChange.SetUserLimits c) {
            check(account.users.containsKey(c.user()), change);
            merge(account.users.get(c.user()), c.grpTresMins());
        } else if (change instanceof MembershipChange.RemoveUsers c) {
            check(account.users.keySet().containsAll(c.users()), change);
            c.users().forEach(user -> {
                account.users.remove(user);
                defaults.remove(user, c.account());
            });
        } else {
            throw new AssertionError("not a change that is made: " + change);
        }
    }

    private static void merge(Map<String, Long> limits, Map<String, Long> more) {
        limits.putAll(more);
        limits.values().removeIf(v -> v == TresLimits.CLEAR);
    }

    private Acc at(String account, Change change) {
        check(accounts.containsKey(account), change);
        return accounts.get(account);
    }

    private static void check(boolean possible, Change change) {
        if (!possible) {
            throw new AssertionError("not possible at its time: " + change);
        }
    }

    /** An account and all that are above it. */
    List<String> path(String account) {
        List<String> path = new ArrayList<>();
        for (String above = account; !above.isEmpty() && accounts.containsKey(above) && !path.contains(above); above = accounts.get(above).parent) {
            path.add(above);
        }
        return path;
    }

    /** What is there at the end, but for default accounts. */
    String text() {
        StringBuilder text = new StringBuilder();
        accounts.forEach((name, a) -> text.append(name).append(' ').append(a).append('\n'));
        allocations.values().forEach(a -> text.append(a.uuid()).append(' ').append(a.metadata()).append('\n'));
        return text.append(before).append('\n').toString();
    }

    /** For the reader of a failed test. */
    String waldur() {
        StringBuilder text = new StringBuilder();
        allocations.values().forEach(a -> text.append(a).append('\n'));
        return text + "teams " + teams + "\nothers " + (othersUnknown ? "Unknown" : others) + "\nstrangers " + strangers + "\nlimits of users " + (userLimitsKnown ? userLimits : "Unknown")
                + "\nnames " + names + "\n" + offering.backend() + "\n";
    }

    /** The account of an allocation that anything may be done about, by the words of the issue. */
    Optional<String> accountOf(Allocation allocation) {
        String reported = allocation.resource().backendId();
        List<String> candidates = accounts.keySet().stream()
                .filter(a -> !isProtected(a) && (accounts.get(a).marker().equals(allocation.uuid()) || a.equals(reported))).toList();
        boolean certain = candidates.size() == 1 && isAccountOf(allocation, candidates.get(0));
        boolean foreign = accounts.containsKey(reported) && !candidates.contains(reported);
        return allocation.isSettled() && certain && !foreign ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    private boolean isAccountOf(Allocation allocation, String account) {
        Acc found = accounts.get(account);
        boolean byMarker = found.marker().equals(allocation.uuid());
        boolean alone = allocations.values().stream().filter(a -> a.resource().backendId().equals(account)).count() == 1;
        boolean byReport = allocation.resource().backendId().equals(account) && hasPrefix(account, offering.backend().allocationPrefix()) && found.marker().isEmpty() && alone;
        return !isProtected(account) && (byMarker || byReport);
    }

    /** A project's account above an allocation of ours, or with its marker. @param beneath allocations that are going to be beneath it */
    boolean isProjectOfOurs(String account, Set<String> beneath) {
        String marker = accounts.get(account).marker();
        List<Allocation> ours = allocations.values().stream().filter(a -> beneath.contains(a.uuid()) || accounts.keySet().stream()
                .anyMatch(c -> accounts.get(c).parent.equals(account) && isClaimed(a, c))).toList();
        boolean own = ours.stream().anyMatch(a -> a.project().uuid().equals(marker));
        boolean above = marker.isEmpty() && hasPrefix(account, offering.backend().projectPrefix()) && !ours.isEmpty();
        return !isProtected(account) && (own || above) && allocations.values().stream().noneMatch(a -> isClaimed(a, account));
    }

    private boolean isClaimed(Allocation allocation, String account) {
        Acc found = accounts.get(account);
        return found.marker().equals(allocation.uuid()) || allocation.resource().backendId().equals(account) && found.marker().isEmpty()
                && hasPrefix(account, offering.backend().allocationPrefix());
    }

    boolean isProtected(String account) {
        return List.of("root", offering.backend().rootAccount(), offering.backend().defaultAccount(), offering.backend().parentAccount().orElse("root"))
                .stream().anyMatch(account::equalsIgnoreCase);
    }

    private static boolean hasPrefix(String account, String prefix) {
        return account.startsWith(prefix.toLowerCase(Locale.ROOT));
    }

    /** Who may compute there, by what Waldur says; empty: a part of it is Unknown. */
    Optional<SortedSet<String>> wanted(Allocation allocation) {
        return Optional.ofNullable(teams.get(allocation.team())).map(team -> {
            SortedSet<String> wanted = team.stream().filter(Person::isWanted).map(Person::name).collect(Collectors.toCollection(TreeSet::new));
            ofProject(allocation).filter(o -> o.state().equals("OK") && !o.project().isEmpty() && o.project().equals(allocation.project().uuid())).map(o -> o.username().toLowerCase(Locale.ROOT)).filter(o -> o.matches(ADDABLE)).forEach(wanted::add);
            return wanted;
        });
    }

    /** Who is not to be removed from there; nobody of whom it is not known. */
    SortedSet<String> staying(Allocation allocation) {
        SortedSet<String> staying = new TreeSet<>();
        teams.getOrDefault(allocation.team(), List.of()).forEach(p -> staying.addAll(p.stays()));
        ofProject(allocation).filter(o -> !o.state().equals("Closed")).forEach(o -> staying.add(o.username().toLowerCase(Locale.ROOT)));
        return staying;
    }

    private java.util.stream.Stream<ServiceAccount> ofProject(Allocation allocation) {
        return othersUnknown ? java.util.stream.Stream.empty()
                : others.stream().filter(o -> o.project().isEmpty() || allocation.project().uuid().isEmpty() || o.project().equals(allocation.project().uuid()));
    }
}
