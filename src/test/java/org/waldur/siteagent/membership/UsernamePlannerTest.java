package org.waldur.siteagent.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waldur.siteagent.membership.OfferingUserChange.Action.ASK;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waldur.siteagent.simulator.OfferingUserLife;

/** What is to be changed of an offering user: every state with every answer, and random worlds played against Waldur's state machine. */
class UsernamePlannerTest {
    private static final SiteAnswer NAMED = new SiteAnswer.Named("alice");
    private static final SiteAnswer NOT_YET = new SiteAnswer.NotYet();
    private static final SiteAnswer LINKING = new SiteAnswer.Linking("go there", "https://idp.example.org/");
    private static final SiteAnswer REFUSED = new SiteAnswer.Refused();
    private static final SiteAnswer UNKNOWN = new SiteAnswer.Unknown();

    private static OfferingUser user(String state, String username) {
        return user(1, state, username);
    }

    private static OfferingUser user(int number, String state, String username) {
        return new OfferingUser("%032x".formatted(number), "", username, state, false, "", "", "", "", "");
    }

    private static Naming naming(OfferingUser... users) {
        return new Naming(List.of(users), Duration.ofHours(1));
    }

    private static List<String> actions(OfferingUser user, SiteAnswer answer) {
        return UsernamePlanner.steps(user, answer).stream().map(step -> step.action().name()).toList();
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : Arrays.asList(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "Requested,,                      BEGIN NAME, BEGIN LINK, FAIL",
        "Creating,,                       NAME, LINK, FAIL",
        "Pending account linking,,        VALIDATE NAME,,",
        "Pending additional validation,,  VALIDATE NAME,,",
        "Error creating,,                 BEGIN NAME, LINK,",
        "OK,,                             NAME,,",
        ",,                               NAME,,",
        "Requested, alice,                CONFIRM, BEGIN LINK, FAIL",
        "Creating, alice,                 CONFIRM, LINK, FAIL",
        "Pending account linking, alice,  VALIDATE,,",
        "Pending additional validation, alice, VALIDATE,,",
        "Error creating, alice,           CONFIRM, LINK,",
        "OK, alice,                       ,,",
        ", alice,                         ,,",
        "Requested, was,                  BEGIN NAME, BEGIN LINK, FAIL",
        "Creating, was,                   NAME, LINK, FAIL",
        "Pending account linking, was,    NAME,,",
        "Pending additional validation, was, NAME,,",
        "Error creating, was,             BEGIN NAME, LINK,",
        "OK, was,                         ,,",
        "Requested deletion, alice,       ,,",
        "Deleting, alice,                 ,,",
        "Error deleting, alice,           ,,",
        "Deleted, alice,                  ,,",
        "What comes later, was,           ,,"})
    void everyStateHasItsStepsForEachAnswer(String state, String username, String named, String linking, String refused) {
        OfferingUser user = user(state == null ? "" : state, username == null ? "" : username);
        assertThat(actions(user, NAMED)).isEqualTo(words(named));
        assertThat(actions(user, LINKING)).isEqualTo(words(linking));
        assertThat(actions(user, REFUSED)).isEqualTo(words(refused));
        assertThat(actions(user, NOT_YET)).isEmpty();
        assertThat(actions(user, UNKNOWN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Requested deletion, BEGIN_DELETION, BEGIN_DELETION END_DELETION", "Error deleting, BEGIN_DELETION, BEGIN_DELETION END_DELETION",
        "Deleting,, END_DELETION", "Deleted,,", "OK,,", "Requested,,", ",,"})
    void whoLeavesIsDeletedOnceHeIsGone(String state, String leaving, String gone) {
        OfferingUser user = user(state == null ? "" : state, "alice");
        assertThat(actions(user, new SiteAnswer.Leaving())).isEqualTo(words(leaving));
        assertThat(actions(user, new SiteAnswer.Gone())).isEqualTo(words(gone));
    }

    @Test
    void eachStateEndsOrWaitsWithAReason() {
        for (String state : OfferingUser.STATES) {
            for (String username : List.of("", "alice", "was")) {
                for (SiteAnswer answer : List.of(NAMED, LINKING, REFUSED, NOT_YET, UNKNOWN)) {
                    OfferingUser user = user(state, username);
                    List<OfferingUserChange> steps = UsernamePlanner.steps(user, answer);
                    OfferingUser after = steps.isEmpty() ? user : steps.get(steps.size() - 1).after();
                    boolean over = after.state().equals("Deleted") || after.state().equals("OK") && !after.username().isEmpty();
                    assertThat(UsernamePlanner.waits(after, answer).isPresent()).as("%s %s %s", state, username, answer).isNotEqualTo(over);
                }
            }
        }
    }

    @Test
    void whoIsRestrictedIsNotNamed() {
        OfferingUser user = new OfferingUser("%032x".formatted(1), "", "", "Requested", true, "", "", "", "", "");
        assertThat(UsernamePlanner.steps(user, NAMED)).isEmpty();
        assertThat(UsernamePlanner.before(List.of(user))).isEmpty();
    }

    @Test
    void beforeAnybodyIsAskedItIsKnownWhoWillBe() {
        List<OfferingUserChange> changes = UsernamePlanner.before(List.of(user(1, "Requested", ""), user(2, "OK", "bob"), user(3, "Requested deletion", "carol"),
                user(4, "Deleting", "dave"), user(5, "OK", "")));
        assertThat(changes).extracting(c -> c.action().name()).containsExactly("ASK", "ASK", "BEGIN_DELETION");
        assertThat(changes.get(0).what()).isEqualTo("ask for a username of offering user " + "%032x".formatted(1));
        assertThat(changes.get(0).orders()).containsExactly("offering user " + "%032x".formatted(1));
        assertThat(changes.get(0).action()).isEqualTo(ASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "a b", "a\nb", "a,b", "é", "../etc", "a=b", "root", "ROOT", "x;y", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void whatCannotBeAUsernameIsRefused(String name) {
        Naming naming = naming();
        assertThatThrownBy(() -> naming.checked(user("Requested", ""), name)).isInstanceOf(UsernameRefused.class).message().doesNotContain("\n");
    }

    @Test
    void nobodyGetsTheNameOfAnother() {
        Naming naming = naming(user(1, "OK", "Bob"), user(2, "Deleted", "old"), user(3, "Requested", ""));
        assertThat(naming.checked(user(1, "OK", "Bob"), "bob")).isEqualTo("bob");
        for (String taken : List.of("bob", "BOB", "old")) {
            assertThatThrownBy(() -> naming.checked(user(3, "Requested", ""), taken)).isInstanceOf(UsernameRefused.class).hasMessageContaining("already");
        }
        naming.begin(UsernamePlanner.steps(user(3, "Creating", ""), new SiteAnswer.Named("new")).get(0));
        assertThatThrownBy(() -> naming.checked(user(4, "Requested", ""), "NEW")).isInstanceOf(UsernameRefused.class);
        assertThat(naming.checked(user(3, "Requested", ""), "new")).isEqualTo("new");
    }

    @Test
    void linkingHasTheFirstAddressOfItsText() {
        assertThat(SiteAnswer.Linking.of("Link it at https://idp.example.org/me?a=b please")).isEqualTo(
                new SiteAnswer.Linking("Link it at https://idp.example.org/me?a=b please", "https://idp.example.org/me?a=b"));
        assertThat(SiteAnswer.Linking.of("no\naddress javascript:x").url()).isEmpty();
        assertThat(SiteAnswer.Linking.of("no\naddress").comment()).isEqualTo("no address");
        assertThat(SiteAnswer.Linking.of("https://" + "x".repeat(300)).url()).isEmpty();
        assertThat(SiteAnswer.Linking.of("https://[bad/").url()).isEmpty();
    }

    /** A thousand worlds, in which the site first says anything at all and then names everybody. */
    @Test
    void whateverTheSiteSaysAllAreServedOnceItNamesThem() {
        for (int seed = 0; seed < 1_000; seed++) {
            new World(new Random(seed), "seed " + seed).play();
        }
    }

    private static final class World {
        private final Random random;
        private final String name;
        private final List<OfferingUser> users = new ArrayList<>();
        private final Map<String, String> ok = new HashMap<>();

        World(Random random, String name) {
            this.random = random;
            this.name = name;
            for (int i = 0; i < 6; i++) {
                String state = OfferingUser.STATES.get(random.nextInt(OfferingUser.STATES.size()));
                users.add(user(i, state, random.nextInt(3) == 0 ? "kept" + i : ""));
            }
            remember();
        }

        private void remember() {
            users.stream().filter(u -> u.state().equals("OK") && !u.username().isEmpty()).forEach(u -> ok.putIfAbsent(u.uuid(), u.username()));
        }

        void play() {
            for (int cycle = 0; cycle < 3; cycle++) {
                cycle(user -> anything(naming(users.toArray(OfferingUser[]::new)), user));
            }
            cycle(user -> UNNAMED_ANSWER);
            for (int cycle = 0; cycle < 2; cycle++) {
                cycle(user -> user.isLeaving() ? new SiteAnswer.Gone() : new SiteAnswer.Named("u" + Integer.parseInt(user.uuid(), 16)));
            }
            assertThat(users).as(name).allSatisfy(user -> assertThat(user.state().equals("Deleted") || user.state().equals("OK") && !user.username().isEmpty()).isTrue());
            assertThat(cycle(user -> user.isLeaving() ? new SiteAnswer.Gone() : NAMED)).as("nothing is left to do").isZero();
        }

        private static final SiteAnswer UNNAMED_ANSWER = new SiteAnswer.NotYet();

        private SiteAnswer anything(Naming naming, OfferingUser user) {
            if (user.isLeaving()) {
                return new SiteAnswer.Leaving();
            }
            return switch (random.nextInt(6)) {
                case 0 -> NOT_YET;
                case 1 -> LINKING;
                case 2 -> REFUSED;
                case 3 -> UNKNOWN;
                default -> named(naming, user, List.of("kept" + random.nextInt(6), "same", "SAME", "own" + user.uuid().charAt(31)).get(random.nextInt(4)));
            };
        }

        private static SiteAnswer named(Naming naming, OfferingUser user, String name) {
            try {
                return new SiteAnswer.Named(naming.checked(user, name));
            } catch (UsernameRefused e) {
                return REFUSED;
            }
        }

        private int cycle(Function<OfferingUser, SiteAnswer> site) {
            int made = 0;
            for (int i = 0; i < users.size(); i++) {
                OfferingUser user = users.get(i);
                SiteAnswer answer = site.apply(user);
                Optional<OfferingUserChange> next = UsernamePlanner.next(user, answer);
                for (int steps = 0; next.isPresent(); steps++) {
                    assertThat(steps).as(name).isLessThan(3);
                    user = play(user, next.get());
                    users.set(i, user);
                    made++;
                    if (random.nextInt(8) == 0) {
                        break;
                    }
                    next = UsernamePlanner.next(user, answer);
                }
            }
            check();
            return made;
        }

        private OfferingUser play(OfferingUser user, OfferingUserChange change) {
            String action = change.request().startsWith("PATCH ") ? "" : change.request().replaceAll(".*/(\\w+)/$", "$1");
            Optional<String> to = action.isEmpty() ? Optional.of(OfferingUserLife.named(user.state(), user.username(), change.username())) : OfferingUserLife.step(user.state(), action);
            assertThat(to).as("%s: Waldur refuses %s from %s", name, change.what(), user.state()).isPresent();
            OfferingUser after = change.action() == OfferingUserChange.Action.NAME ? user.named(change.username()).in(to.get()) : user.in(to.get());
            assertThat(after).as(name).isEqualTo(change.after());
            return after;
        }

        private void check() {
            remember();
            Set<String> seen = new HashSet<>();
            users.stream().filter(u -> !u.username().isEmpty()).forEach(u -> assertThat(seen.add(u.username().toLowerCase(Locale.ROOT))).as("%s: %s", name, u.username()).isTrue());
            users.stream().filter(u -> ok.containsKey(u.uuid())).forEach(u -> assertThat(u.username()).as(name).isEqualTo(ok.get(u.uuid())));
        }
    }
}
