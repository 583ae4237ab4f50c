package org.waldur.siteagent.simulator;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which rows of a list a query wants. Filters that a server does not know let everything through. */
final class RowFilter {
    private final Map<String, List<String>> query;
    private Predicate<Map<String, Object>> wanted = row -> true;

    RowFilter(Map<String, List<String>> query) {
        this.query = query;
    }

    /** One of several values: repeated, or with commas between them. */
    RowFilter any(String name) {
        List<String> values = query.getOrDefault(name, List.of()).stream().flatMap(value -> Arrays.stream(value.split(",")))
                .filter(value -> !value.isBlank()).toList();
        return values.isEmpty() ? this : and(row -> values.contains(text(row, name)));
    }

    /** One of several uuids, with or without dashes. */
    RowFilter anyUuid(String name) {
        List<String> uuids = query.getOrDefault(name, List.of()).stream().flatMap(value -> Arrays.stream(value.split(",")))
                .filter(value -> !value.isBlank()).map(WaldurApi::hex).toList();
        return uuids.isEmpty() ? this : and(row -> uuids.contains(text(row, name)));
    }

    /** Of a uuid that may stand once, the last one counts. */
    RowFilter uuid(String name) {
        Optional<String> uuid = WaldurPage.last(query, name).map(WaldurApi::hex);
        return uuid.isEmpty() ? this : and(row -> uuid.get().equals(text(row, name)));
    }

    RowFilter exact(String name) {
        Optional<String> value = WaldurPage.last(query, name);
        return value.isEmpty() ? this : and(row -> value.get().equals(text(row, name)));
    }

    /** The framework beneath Waldur takes anything but true and false for no filter at all. */
    RowFilter flag(String name) {
        Optional<String> value = WaldurPage.last(query, name).map(text -> text.toLowerCase(Locale.ROOT)).filter(text -> text.matches("true|false"));
        return value.isEmpty() ? this : and(row -> value.get().equals(text(row, name)));
    }

    /** Rows of that moment and later. */
    RowFilter since(String name) {
        try {
            Optional<OffsetDateTime> from = WaldurPage.last(query, name).map(OffsetDateTime::parse);
            return from.isEmpty() ? this : and(row -> !OffsetDateTime.parse(text(row, name)).isBefore(from.get()));
        } catch (DateTimeException e) {
            return and(row -> false);
        }
    }

    RowFilter and(Predicate<Map<String, Object>> more) {
        wanted = wanted.and(more);
        return this;
    }

    List<Map<String, Object>> of(Iterable<Map<String, Object>> rows) {
        List<Map<String, Object>> kept = new ArrayList<>();
        rows.forEach(row -> {
            if (wanted.test(row)) {
                kept.add(row);
            }
        });
        return kept;
    }

    /** By some fields, downwards with a minus before them. Rows without a value come last, as in Waldur's database. */
    static Comparator<Map<String, Object>> order(String names) {
        Comparator<Map<String, Object>> order = Comparator.comparing(row -> 0);
        for (String name : names.split(",")) {
            String field = name.replaceFirst("^-", "");
            // as text, a moment without microseconds would come after those of its second
            Comparator<Map<String, Object>> next = List.of("created", "modified").contains(field)
                    ? Comparator.comparing(row -> OffsetDateTime.parse(text(row, field)).toInstant())
                    : Comparator.comparing(row -> (String) row.get(field), Comparator.nullsLast(Comparator.naturalOrder()));
            order = order.thenComparing(name.startsWith("-") ? next.reversed() : next);
        }
        return order;
    }

    private static String text(Map<String, Object> row, String name) {
        return String.valueOf(row.get(name));
    }
}
