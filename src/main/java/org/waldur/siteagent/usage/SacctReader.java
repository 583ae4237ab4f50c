package org.waldur.siteagent.usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.waldur.siteagent.exec.CommandOutput;
import org.waldur.siteagent.waldur.Text;

/**
 * Reads what {@code sacct --parsable2} printed with its header line and times in epoch seconds, row by row and without keeping any: all of
 * it, or {@link UsageUnknown}. Seen are an answer without a header, a cut within a line, a line of something else among the rows, and
 * rows of another cluster. It works on bytes, because a month of a large site has millions of rows.
 */
final class SacctReader {
    private static final List<String> NEEDED = List.of("cluster", "jobidraw", "account", "user", "start", "end", "elapsedraw", "suspended", "timelimitraw",
            "alloctres");
    private static final int CLUSTER = 0;
    private static final int ID = 1;
    private static final int ACCOUNT = 2;
    private static final int USER = 3;
    private static final int START = 4;
    private static final int END = 5;
    private static final int ELAPSED = 6;
    private static final int SUSPENDED = 7;
    private static final int LIMIT = 8;
    private static final int TRES = 9;
    private static final byte[] PAUSED = "SUSPENDED".getBytes(StandardCharsets.US_ASCII);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NO_TIME = (long) EIGHT.get("00:00:00".getBytes(StandardCharsets.US_ASCII), 0);
    private static final long BARS = 0x7C7C7C7C7C7C7C7CL;
    private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
    private static final long NEVER = -2;
    private static final int LONGEST_LINE = 32 << 10;
    private static final int MOST_COLUMNS = 100;
    private static final int MOST_DIGITS = 12;

    private final Known<JobRun.Owner> owners = new Known<>(SacctReader::owner);
    private final Known<Tres> tres = new Known<>(Tres::parse);
    private final Known<Long> durations = new Known<>(Durations::seconds);
    private final byte[] buffer = new byte[2 * LONGEST_LINE];
    private final int[] ends = new int[MOST_COLUMNS + 1];
    private final int[] column = new int[NEEDED.size()];
    private final Consumer<JobRun> runs;
    private int state;
    private int columns;
    private byte[] cluster;

    private SacctReader(String cluster, Consumer<JobRun> runs) {
        this.cluster = cluster.isEmpty() ? null : cluster.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        this.runs = runs;
    }

    /**
     * @param cluster whose rows they must be; empty: all must be of the same one
     * @param runs    gets each run that has begun
     */
    static void read(CommandOutput output, String cluster, Consumer<JobRun> runs) {
        if (!output.endsWithNewline()) {
            throw new UsageUnknown("the answer of sacct is cut: " + (output.size() == 0 ? "it is empty, without even its header" : "its last line has no end"));
        }
        try (InputStream in = output.stream()) {
            read(in, cluster, runs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for a stream that is known to end in a newline. */
    static void read(InputStream in, String cluster, Consumer<JobRun> runs) throws IOException {
        new SacctReader(cluster, runs).lines(in);
    }

    private void lines(InputStream in) throws IOException {
        int held = 0;
        for (int n = in.read(buffer, 0, buffer.length); n > 0; n = in.read(buffer, held, buffer.length - held)) {
            int end = held + n;
            int from = 0;
            for (int next = line(from, end); next > 0; next = line(from, end)) {
                from = next;
            }
            held = end - from;
            System.arraycopy(buffer, from, buffer, 0, held);
            if (held > LONGEST_LINE) {
                throw new UsageUnknown("sacct printed a line that is longer than " + LONGEST_LINE + " bytes");
            }
        }
    }

    /** Reads the line that begins here. Gives where the next one begins; 0 if the buffer ends before this one does. */
    private int line(int from, int end) {
        byte[] bytes = buffer;
        int count = 0;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, at);
            for (long marks = zeros(eight ^ BARS) | zeros(eight ^ NEWLINES); marks != 0; marks &= marks - 1) {
                int mark = at + (Long.numberOfTrailingZeros(marks) >>> 3);
                ends[count++] = mark;
                if (bytes[mark] == '\n') {
                    line(from, mark, count);
                    return mark + 1;
                }
                count = Math.min(count, MOST_COLUMNS);
            }
        }
        for (; at < end; at++) {
            if (bytes[at] == '|' || bytes[at] == '\n') {
                ends[count++] = at;
                if (bytes[at] == '\n') {
                    line(from, at, count);
                    return at + 1;
                }
                count = Math.min(count, MOST_COLUMNS);
            }
        }
        return 0;
    }

    /** The highest bit of each of eight bytes that is zero (Hacker's Delight, 6-1). */
    private static long zeros(long eight) {
        long low = 0x7F7F7F7F7F7F7F7FL;
        return ~((eight & low) + low | eight | low);
    }

    private void line(int from, int to, int count) {
        if (columns == 0) {
            header(new String(buffer, from, to - from, StandardCharsets.UTF_8));
            return;
        }
        if (count != columns) {
            throw wrong(from, to, "it has " + count + " columns, and the header has " + columns);
        }
        try {
            run(from);
        } catch (IllegalArgumentException e) {
            throw wrong(from, to, e.getMessage());
        }
    }

    private void header(String line) {
        List<String> names = Arrays.stream(line.split("\\|", -1)).map(name -> name.toLowerCase(Locale.ROOT)).toList();
        columns = names.size();
        state = names.indexOf("state");
        for (int i = 0; i < column.length; i++) {
            column[i] = names.indexOf(NEEDED.get(i));
            if (column[i] < 0 || columns > MOST_COLUMNS - 2) {
                throw new UsageUnknown("the answer of sacct has no column " + NEEDED.get(i) + ": its first line is '" + Text.oneLine(line, 200) + "'");
            }
        }
        if (column[USER] != column[ACCOUNT] + 1) {
            throw new UsageUnknown("sacct was not asked for User right after Account: its first line is '" + Text.oneLine(line, 200) + "'");
        }
    }

    private void run(int row) {
        byte[] bytes = buffer;
        if (cluster == null) {
            cluster = Arrays.copyOfRange(bytes, from(row, CLUSTER), to(CLUSTER));
        } else if (!Arrays.equals(cluster, 0, cluster.length, bytes, from(row, CLUSTER), to(CLUSTER))) {
            throw new IllegalArgumentException("it is of another cluster than " + new String(cluster, StandardCharsets.UTF_8));
        }
        long start = time(row, START);
        long end = time(row, END);
        long elapsed = number(row, column[ELAPSED]);
        boolean ran = start != NEVER && elapsed > 0;
        if (from(row, TRES) == to(TRES)) {
            if (ran) {
                throw new IllegalArgumentException("it ran, and has no TRES; slurmdbd may have died meanwhile");
            }
            return;
        }
        if (start == NEVER) {
            return;
        }
        long suspended = suspended(row);
        boolean open = end == NEVER;
        // that is how slurmdbd works it out
        if (!open && elapsed != Math.max(0, end - start - suspended)) {
            throw new IllegalArgumentException("its end, its start, ElapsedRaw and Suspended do not fit together");
        }
        boolean paused = state >= 0 && Arrays.equals(bytes, start(row, state), ends[state], PAUSED, 0, PAUSED.length);
        runs.accept(new JobRun(number(row, column[ID]), owners.of(bytes, from(row, ACCOUNT), to(USER)), start, open ? start + elapsed + suspended : end, open,
                paused, elapsed, suspended, limit(row),
                known(row, TRES, tres)));
    }

    /** In seconds. Nearly all jobs have never been suspended. */
    private long suspended(int row) {
        int from = from(row, SUSPENDED);
        boolean never = to(SUSPENDED) - from == Long.BYTES && (long) EIGHT.get(buffer, from) == NO_TIME;
        return never ? 0 : known(row, SUSPENDED, durations);
    }

    private static JobRun.Owner owner(String accountAndUser) {
        if (accountAndUser.chars().anyMatch(c -> Character.isISOControl(c))) {
            throw new IllegalArgumentException("no account and no user has such a name");
        }
        int bar = accountAndUser.indexOf('|');
        return new JobRun.Owner(accountAndUser.substring(0, bar).toLowerCase(Locale.ROOT), accountAndUser.substring(bar + 1).toLowerCase(Locale.ROOT));
    }

    private <T> T known(int row, int which, Known<T> known) {
        return known.of(buffer, from(row, which), to(which));
    }

    /** Epoch seconds; {@link #NEVER} for what has not happened. */
    private long time(int row, int which) {
        return isDigit(from(row, which)) ? number(row, column[which]) : word(row, which, NEVER, "Unknown", "None");
    }

    /** In seconds. sacct(1) gives minutes, or a word: there is no limit, or the partition has it. */
    private long limit(int row) {
        return isDigit(from(row, LIMIT)) ? 60 * number(row, column[LIMIT]) : word(row, LIMIT, JobRun.UNLIMITED, "UNLIMITED", "Partition_Limit", "");
    }

    private boolean isDigit(int at) {
        return buffer[at] >= '0' && buffer[at] <= '9';
    }

    private long word(int row, int which, long meaning, String... words) {
        String word = text(from(row, which), to(which));
        if (!List.of(words).contains(word)) {
            throw new IllegalArgumentException("'" + word + "' is none of " + List.of(words) + ", and no number");
        }
        return meaning;
    }

    private long number(int row, int position) {
        byte[] bytes = buffer;
        int from = start(row, position);
        int to = ends[position];
        long number = 0;
        int sign = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            number = 10 * number + digit;
            sign |= digit | 9 - digit;
        }
        if (sign < 0 || from == to || to - from > MOST_DIGITS) {
            throw new IllegalArgumentException("'" + text(from, to) + "' is no number that is possible there");
        }
        return number;
    }

    private String text(int from, int to) {
        return Text.oneLine(new String(buffer, from, to - from, StandardCharsets.UTF_8), 200);
    }

    private int from(int row, int which) {
        return start(row, column[which]);
    }

    private int start(int row, int position) {
        return position == 0 ? row : ends[position - 1] + 1;
    }

    private int to(int which) {
        return ends[column[which]];
    }

    private UsageUnknown wrong(int from, int to, String why) {
        return new UsageUnknown("sacct printed a row that is not to be believed, because " + why + ": '"
                + text(from, to) + "'");
    }
}
