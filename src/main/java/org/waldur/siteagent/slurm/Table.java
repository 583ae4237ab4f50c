package org.waldur.siteagent.slurm;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.waldur.siteagent.exec.CommandOutput;

/**
 * The output of {@code sacctmgr --parsable2 show ...} with its header line: all of it, or {@link ClusterUnknown}. A last line without its
 * end means that the command died while it printed. Rows are read one by one and not kept.
 */
final class Table {
    private final String what;
    private final CommandOutput output;
    private final String header;
    private final Map<String, Integer> columns = new HashMap<>();

    private Table(String what, CommandOutput output) {
        this.what = what;
        this.output = output;
        this.header = output.lines().findFirst().orElse("");
    }

    /** @param needed columns that must be there, in lower case and without blanks */
    static Table of(String what, CommandOutput output, String... needed) {
        if (!output.endsWithNewline()) {
            throw new ClusterUnknown(what + " is cut: " + (output.size() == 0 ? "it is empty" : "its last line has no end"));
        }
        Table table = new Table(what, output);
        String[] names = table.header.split("\\|", -1);
        for (int i = 0; i < names.length; i++) {
            table.columns.put(names[i].toLowerCase(Locale.ROOT).replace(" ", ""), i);
        }
        for (String column : needed) {
            if (!table.columns.containsKey(column)) {
                throw new ClusterUnknown(what + " has no column " + column + ": its first line is '" + table.header + "'");
            }
        }
        return table;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    /** All rows. Each must have as many columns as the header. */
    Stream<Row> rows() {
        return lines().peek(row -> {
            if (row.cells.length != columns.size()) {
                throw new ClusterUnknown(what + " has a row of " + row.cells.length + " columns where " + columns.size()
                        + " were asked for: '" + String.join("|", row.cells) + "'");
            }
        });
    }

    /** For free text, which may hold newlines and bars: the text is the last column, and short rows belong to the text above. */
    Stream<Row> rowsThatEndInText() {
        return lines().filter(row -> row.cells.length >= columns.size());
    }

    private Stream<Row> lines() {
        return output.lines().skip(1).map(line -> new Row(line.split("\\|", -1)));
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
