package org.waldur.siteagent.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.order.Resource;
import org.waldur.siteagent.waldur.AnswerUnreadable;
import org.waldur.siteagent.waldur.Uuid;

/** What Waldur has of the usage of an offering, month by month. */
public final class Reported {

    /** A component of a resource in a month. */
    record Key(String resource, YearMonth month, String component) {
    }

    /**
     * A row of {@code GET marketplace-component-usages/}.
     *
     * @param uuid    of the row, where people's usage of it is booked
     * @param created as the server writes it
     */
    record Row(String uuid, BigDecimal amount, String created) {
    }

    private final Map<Key, List<Row>> rows = new HashMap<>();
    private final Set<OffsetDateTime> times = new HashSet<>();
    private final Map<String, SortedMap<String, BigDecimal>> users = new HashMap<>();
    private final Set<String> elsewhere = new HashSet<>();

    /** Adds the rows of a month, in place of those that it had. Throws {@link AnswerUnreadable} for a row that says nothing. */
    void add(YearMonth month, Collection<JsonNode> usages, Collection<JsonNode> userUsages) {
        rows.keySet().removeIf(key -> key.month().equals(month));
        for (JsonNode row : usages) {
            if (row.path("billing_period").asText(month + "-01").startsWith(month.toString())) {
                Row listed = new Row(uuid(row, "uuid"), amount(row), row.path("created").asText());
                List<Row> some = rows.computeIfAbsent(new Key(uuid(row, "resource_uuid"), month, row.path("type").asText()), key -> new ArrayList<>());
                // a list that changes while its pages are read has a row twice
                some.removeIf(other -> other.uuid().equals(listed.uuid()));
                some.add(listed);
            }
        }
        usages.forEach(row -> Stream.of("created", "date").forEach(field -> Resource.moment(row.path(field).asText("")).ifPresent(times::add)));
        for (JsonNode row : userUsages) {
            // a list of users is not always filtered by month; the row that it belongs to says which
            String usage = row.path("component_usage").asText().replaceAll("/+$", "").replaceAll(".*/", "");
            String username = row.path("username").asText();
            Uuid.optional(usage).filter(uuid -> !username.isEmpty())
                    .ifPresent(uuid -> users.computeIfAbsent(uuid, u -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER)).merge(username, amount(row), BigDecimal::max));
        }
    }

    private static String uuid(JsonNode row, String field) {
        return Uuid.optional(row.path(field).asText()).orElseThrow(() -> new AnswerUnreadable("a usage without " + field + " is listed"));
    }

    private static BigDecimal amount(JsonNode row) {
        try {
            return new BigDecimal(row.path("usage").asText());
        } catch (NumberFormatException e) {
            throw new AnswerUnreadable("a usage of '" + row.path("usage").asText() + "' is listed");
        }
    }

    /** When rows were made and what they were last reported for, as the server writes it, in its own time zone. */
    Set<OffsetDateTime> times() {
        return Collections.unmodifiableSet(times);
    }

    /** Rows of a month that are of another plan period than that on which its usage is booked: they stay as they are, and are billed besides. */
    void elsewhere(YearMonth month, Set<String> uuids) {
        rows.forEach((key, found) -> found.stream().filter(row -> key.month().equals(month) && uuids.contains(row.uuid())).forEach(row -> elsewhere.add(row.uuid())));
    }

    /** What is booked; empty if nothing is. */
    Optional<BigDecimal> amount(Key key) {
        return rows(key).stream().map(Row::amount).reduce(BigDecimal::add);
    }

    /** The rows on which a component is booked, the youngest last. */
    List<Row> rows(Key key) {
        return rows(key, false);
    }

    private List<Row> rows(Key key, boolean others) {
        return rows.getOrDefault(key, List.of()).stream().filter(row -> elsewhere.contains(row.uuid()) == others).sorted(Comparator.comparing(Row::created)).toList();
    }

    /** What is booked under another plan of the same month; zero for nothing. */
    BigDecimal amountElsewhere(Key key) {
        return rows(key, true).stream().map(Row::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The components of a resource that something is booked for in a month. */
    List<String> components(String resource, YearMonth month) {
        return rows.keySet().stream().filter(key -> key.resource().equals(resource) && key.month().equals(month)).map(Key::component).sorted().toList();
    }

    /** The resources that something is booked for in a month, sorted. */
    SortedSet<String> resources(YearMonth month) {
        return rows.keySet().stream().filter(key -> key.month().equals(month)).map(Key::resource).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is booked for people, by username, in any case of letters. */
    SortedMap<String, BigDecimal> users(Key key) {
        return users(rows(key));
    }

    /** What is booked for people under another plan of the same month. */
    SortedMap<String, BigDecimal> usersElsewhere(Key key) {
        return users(rows(key, true));
    }

    private SortedMap<String, BigDecimal> users(List<Row> booked) {
        SortedMap<String, BigDecimal> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        booked.forEach(row -> users.getOrDefault(row.uuid(), Collections.emptySortedMap()).forEach((user, amount) -> all.merge(user, amount, BigDecimal::add)));
        return all;
    }
}
