package org.waldur.siteagent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.waldur.siteagent.rehearsal.Difference;
import org.waldur.siteagent.rehearsal.Difference.Verdict;

/** What a rehearsal has found, for people and for programs. */
final class RehearsalReport {
    private final Path shipped;
    private final Path yours;
    private final boolean alone;
    private final List<Row> rows;

    /** A scenario that was played for an offering. */
    record Row(String scenario, String offering, Difference difference) {
    }

    RehearsalReport(Path shipped, Path yours, boolean alone, List<Row> rows) {
        this.shipped = shipped;
        this.yours = yours;
        this.alone = alone;
        this.rows = rows;
    }

    void print(PrintWriter out, Rehearse.Output format) throws IOException {
        if (format == Rehearse.Output.JSON) {
            out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json()));
        } else {
            rows.forEach(row -> row(out, row));
            if (rows.size() > 1) {
                out.println(rows.size() + " plays: " + count(Verdict.SAME) + " ok, " + count(Verdict.DIFFERENT) + " differ, " + count(Verdict.FAILED) + " failed");
            }
        }
        out.flush();
    }

    private long count(Verdict verdict) {
        return rows.stream().filter(row -> row.difference().verdict() == verdict).count();
    }

    private void row(PrintWriter out, Row row) {
        Difference difference = row.difference();
        boolean whole = rows.size() == 1;
        if (whole && !difference.parts().isEmpty()) {
            out.println("--- " + shipped + "\n+++ " + yours);
            difference.parts().forEach(part -> {
                out.println("\n@@ " + part.name());
                part.lines().forEach(line -> out.println((line.yours() ? "+ " : "- ") + line.text()));
            });
            out.println();
        }
        String word = switch (difference.verdict()) {
            case SAME -> "ok";
            case DIFFERENT -> "differs";
            case FAILED -> "FAILED";
        };
        int lines = difference.parts().stream().mapToInt(part -> part.lines().size()).sum();
        String much = alone ? "" : lines == 0 ? ": no difference" : ": " + lines + " lines differ" + (whole ? "" : "; play it alone to see them");
        out.println(String.format("%-8s %s", word, row.scenario() + " for " + row.offering() + much));
        difference.unmet().forEach(unmet -> out.println("         not as expected: " + unmet));
        difference.failures().forEach(failure -> out.println("         fails with your routes only: " + failure));
        if (!difference.unplayed().isEmpty()) {
            String names = String.join(", ", difference.unplayed());
            out.println("         edited, and this scenario never comes to it: " + names);
        }
    }

    private Map<String, Object> json() {
        return Map.of("shipped", shipped.toString(), "yours", yours.toString(), "plays", rows.stream().map(RehearsalReport::json).toList());
    }

    private static Map<String, Object> json(Row row) {
        Difference difference = row.difference();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scenario", row.scenario());
        json.put("offering", row.offering());
        json.put("verdict", difference.verdict().name().toLowerCase(Locale.ROOT));
        json.put("unmet", difference.unmet());
        json.put("failures", difference.failures());
        json.put("differences", difference.parts().stream().map(part -> Map.of("where", part.name(), "shipped", texts(part, false), "yours", texts(part, true))).toList());
        json.put("editedButNotPlayed", difference.unplayed());
        return json;
    }

    private static List<String> texts(Difference.Part part, boolean yours) {
        return part.lines().stream().filter(line -> line.yours() == yours).map(Difference.Line::text).toList();
    }
}
