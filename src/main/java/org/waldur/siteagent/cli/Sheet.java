package org.waldur.siteagent.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.waldur.siteagent.waldur.Text;

/**
 * Rows under named columns, for people and for programs. A row is only made when it is printed, because there may be very many.
 *
 * @param numbers how many of the columns, by name, stand to the right
 * @param rows    gives all of them each time; an empty cell has no value
 */
record Sheet(List<String> columns, List<String> numbers, Supplier<Stream<List<String>>> rows) {
    private static final int LONGEST = 10_000;

    /** Columns as wide as their widest cell, two blanks between them; nothing is cut. */
    void text(PrintWriter out) {
        int[] widths = columns.stream().mapToInt(String::length).toArray();
        rows.get().forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], shown(row.get(i)).length());
            }
        });
        line(out, columns.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList(), widths);
        rows.get().forEach(row -> line(out, row.stream().map(Sheet::shown).toList(), widths));
    }

    private void line(PrintWriter out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String blanks = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : "  ").append(numbers.contains(columns.get(i)) ? blanks + cell : cell + blanks);
        }
        out.println(line.toString().stripTrailing());
    }

    private static String shown(String cell) {
        return cell.isEmpty() ? "-" : Text.oneLine(cell, LONGEST);
    }

    /** As RFC 4180 has it, with a header. */
    void csv(PrintWriter out) {
        Stream.concat(Stream.of(columns), rows.get()).forEach(row -> out.print(row.stream().map(Sheet::quoted).collect(Collectors.joining(",")) + "\r\n"));
        out.flush();
    }

    private static String quoted(String cell) {
        boolean plain = Stream.of(",", "\"", "\r", "\n").noneMatch(cell::contains) && cell.equals(cell.strip());
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** A list of objects; an empty cell is null. */
    void json(JsonGenerator out) {
        try {
            out.writeStartArray();
            rows.get().forEach(row -> object(out, row));
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void object(JsonGenerator out, List<String> row) {
        try {
            out.writeStartObject();
            for (int i = 0; i < columns.size(); i++) {
                value(out, columns.get(i), row.get(i));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A field that is null if its text is empty. */
    static void value(JsonGenerator out, String name, String text) throws IOException {
        out.writeFieldName(name);
        if (text.isEmpty()) {
            out.writeNull();
        } else {
            out.writeString(text);
        }
    }

    /** The same with fewer columns. */
    Sheet without(String... names) {
        List<Integer> kept = columns.stream().filter(column -> !Arrays.asList(names).contains(column)).map(columns::indexOf).toList();
        return new Sheet(kept.stream().map(columns::get).toList(), numbers, () -> rows.get().map(row -> kept.stream().map(row::get).toList()));
    }
}
