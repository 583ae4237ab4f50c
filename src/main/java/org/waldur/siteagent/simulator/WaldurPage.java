package org.waldur.siteagent.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Lists as Waldur answers them: one page of at most 300 rows, with the fields that are asked for. */
final class WaldurPage {
    private static final int MOST = 300;
    private static final int FALLBACK = 10;

    private WaldurPage() {
    }

    /** A Link header whose first page has no number; 404 past the end. */
    static <T> Reply of(List<T> rows, Map<String, List<String>> query, Function<T, Map<String, Object>> shown) {
        int size = last(query, "page_size").filter(text -> text.matches("[1-9]\\d{0,8}"))
                .map(text -> Math.min(MOST, Integer.parseInt(text))).orElse(FALLBACK);
        int pages = Math.max(1, (rows.size() + size - 1) / size);
        String wanted = last(query, "page").orElse("1");
        int page = wanted.equals("last") ? pages : wanted.matches("[1-9]\\d{0,8}") ? Integer.parseInt(wanted) : Integer.MAX_VALUE;
        if (page > pages) {
            return Reply.of(404, Map.of("detail", "Invalid page."));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Result-Count", String.valueOf(rows.size()));
        String base = "<https://waldur.example.com/api/?page_size=" + size;
        headers.put("Link", base + ">; rel=\"first\"" + (page < pages ? ", " + base + "&page=" + (page + 1) + ">; rel=\"next\"" : "")
                + ", " + base + "&page=" + pages + ">; rel=\"last\"");
        return new Reply(200, rows.subList((page - 1) * size, Math.min(rows.size(), page * size)).stream().map(shown).toList(), headers);
    }

    static Reply of(List<Map<String, Object>> rows, Map<String, List<String>> query) {
        return of(rows, query, row -> fields(row, query));
    }

    /** The fields that are asked for; all, if none of them is known. */
    static Map<String, Object> fields(Map<String, Object> row, Map<String, List<String>> query) {
        Map<String, Object> sparse = new LinkedHashMap<>(row);
        List<String> wanted = query.getOrDefault("field", List.of());
        if (wanted.stream().anyMatch(row::containsKey)) {
            sparse.keySet().retainAll(wanted);
        }
        return sparse;
    }

    /** Of a parameter that may stand once, the last one counts; a blank one is none. */
    static Optional<String> last(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1)).filter(value -> !value.isBlank());
    }
}
