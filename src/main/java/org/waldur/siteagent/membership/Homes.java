package org.waldur.siteagent.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.waldur.siteagent.account.AccountName;
import org.waldur.siteagent.config.Offering;
import org.waldur.siteagent.record.DeadLetter;
import org.waldur.siteagent.record.DeadLetters;
import org.waldur.siteagent.waldur.Text;

/** Who has no home directory yet. Bean {@code homes}. */
public final class Homes {
    private static final Logger LOG = LoggerFactory.getLogger("homes");
    private static final String LETTER = "home of ";
    private final DeadLetters deadLetters;
    private final Consumer<HomePlan> announce;

    /** @param announce who hears of a plan before anything is made */
    public Homes(DeadLetters deadLetters, Consumer<HomePlan> announce) {
        this.deadLetters = deadLetters;
        this.announce = announce;
    }

    /** As long as the machine has not answered. */
    public Passwd nobody() {
        return Passwd.of(List.of(), List.of());
    }

    /** @param answers of getent(1) */
    public Passwd existing(List<String> answers, Collection<String> asked) {
        return Passwd.of(answers, asked);
    }

    /** These users, and those of this offering whose home could not be made before; but not whose home failed a short while ago. */
    public List<String> due(Offering offering, Collection<String> homeless) {
        SortedSet<String> due = new TreeSet<>(homeless);
        failed().filter(letter -> offering.name().equals(letter.offering())).flatMap(Homes::users).filter(AccountName::isUser).forEach(due::add);
        Set<String> later = deadLetters.backingOff();
        due.removeIf(user -> later.contains(LETTER + user));
        return List.copyOf(due);
    }

    /** Whose home directory is missing. */
    public List<String> missing(Offering offering, Passwd existing) {
        return List.copyOf(missingHomes(offering, existing).keySet());
    }

    private static SortedMap<String, Path> missingHomes(Offering offering, Passwd existing) {
        Map<String, Path> homes = offering.backend().homedirBasePath().map(base -> existing.beneath(Path.of(base))).orElse(existing.homes());
        SortedMap<String, Path> missing = new TreeMap<>(homes);
        missing.values().removeIf(Files::exists);
        return missing;
    }

    /** What once failed about the homes that are there is of the past. */
    public void settle(Passwd existing, Collection<String> missing) {
        Set<String> without = Set.copyOf(missing);
        Set<String> there = failed().filter(letter -> users(letter).allMatch(user -> existing.knows(user) && !without.contains(user)))
                .flatMap(Homes::users).map(user -> LETTER + user).collect(Collectors.toSet());
        if (!there.isEmpty()) {
            deadLetters.settleAll(there);
        }
    }

    private Stream<DeadLetter> failed() {
        return deadLetters.all().stream().filter(letter -> letter.orders().startsWith(LETTER));
    }

    private static Stream<String> users(DeadLetter letter) {
        return Stream.of(letter.orders().split(",")).filter(order -> order.startsWith(LETTER)).map(order -> order.substring(LETTER.length()));
    }

    /** What concerns the homes of all these users, as a dead letter names it. */
    public String concerns(Collection<String> users) {
        return users.stream().map(user -> LETTER + user).collect(Collectors.joining(","));
    }

    /**
     * Who may have a home directory: everybody whose offering user is OK and not restricted, and has a username. In lower case, as
     * everywhere.
     *
     * @param offeringUsers {@code GET marketplace-offering-users/}; a Waldur 7 knows no states
     */
    public List<String> users(List<JsonNode> offeringUsers) {
        SortedSet<String> users = new TreeSet<>();
        for (JsonNode row : offeringUsers) {
            String username = row.path("username").asText("").strip();
            boolean may = row.path("state").asText("OK").equals("OK") && !row.path("is_restricted").asBoolean(false) && row.path("username").isTextual();
            if (may && AccountName.isUser(username)) {
                users.add(username.toLowerCase(Locale.ROOT));
            } else if (may && !username.isEmpty()) {
                LOG.warn("'{}' gets no home directory, because Slurm can have no user of that name", Text.oneLine(username, 60));
            }
        }
        return List.copyOf(users);
    }

    /** Announces what is to be made for the users of an offering; gives those whose home directory is missing. */
    public List<String> plan(Offering offering, List<String> users, Passwd existing, String maker) {
        SortedMap<String, Path> missing = missingHomes(offering, existing);
        List<String> unknown = new ArrayList<>(users);
        unknown.removeIf(existing::knows);
        String remark = missing.isEmpty() || !maker.equals(HomedirUnit.NOBODY) ? "" : HomedirUnit.INSTALL;
        announce.accept(new HomePlan(offering.name(), missing, existing.homes().size() - missing.size(), unknown, remark));
        return List.copyOf(missing.keySet());
    }
}
