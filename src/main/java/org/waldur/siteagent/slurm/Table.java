package org.waldur.siteagent.slurm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The output of {@code sacctmgr --parsable2 show ...} with its header line: all of it, or {@link ClusterUnknown}. A last line
 * without its end means that the command died while it printed.
 */
final class Table {
    private final String what;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<String[]> rows = new ArrayList<>();

    private Table(String what) {
        this.what = what;
    }

    /** Every row must have as many columns as the header. */
    static Table strict(String what, String output, String... needed) {
        Table table = withHeader(what, output, needed);
        for (String[] row : table.rows) {
            if (row.length != table.columns.size()) {
                throw new ClusterUnknown(what + " has a row of " + row.length + " columns where " + table.columns.size()
                        + " were asked for: '" + String.join("|", row) + "'");
            }
        }
        return table;
    }

    /** For free text, which may hold newlines and bars: the text is the last column, and short rows belong to the text above. */
    static Table lastColumnIsText(String what, String output, String... needed) {
        Table table = withHeader(what, output, needed);
        table.rows.removeIf(row -> row.length < table.columns.size());
        return table;
    }

    private static Table withHeader(String what, String output, String... needed) {
        if (!output.endsWith("\n")) {
            throw new ClusterUnknown(what + " is cut: " + (output.isEmpty() ? "it is empty" : "its last line has no end"));
        }
        Table table = new Table(what);
        List<String> lines = Arrays.asList(output.split("\n"));
        String[] header = lines.get(0).split("\\|", -1);
        for (int i = 0; i < header.length; i++) {
            table.columns.put(header[i].toLowerCase(Locale.ROOT).replace(" ", ""), i);
        }
        for (String column : needed) {
            if (!table.columns.containsKey(column)) {
                throw new ClusterUnknown(what + " has no column " + column + ": its first line is '" + lines.get(0) + "'");
            }
        }
        lines.subList(1, lines.size()).forEach(line -> table.rows.add(line.split("\\|", -1)));
        return table;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    List<Row> rows() {
        return rows.stream().map(Row::new).toList();
    }

    final class Row {
        private final String[] cells;

        private Row(String[] cells) {
            this.cells = cells;
        }

        String get(String column) {
            return cells[columns.get(column)];
        }

        String lower(String column) {
            return get(column).toLowerCase(Locale.ROOT);
        }

        long number(String column) {
            try {
                return Long.parseLong(get(column));
            } catch (NumberFormatException e) {
                throw new ClusterUnknown(what + " has '" + get(column) + "' in column " + column + " where a number belongs");
            }
        }
    }
}
