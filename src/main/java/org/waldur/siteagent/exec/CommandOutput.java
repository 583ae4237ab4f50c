package org.waldur.siteagent.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a command printed on its stdout, all of it, as UTF-8. It is the body after {@code exec:command?output=lines}, and is read line by
 * line, any number of times, without being held as a whole: what is larger than 1 MB lies in a file that has no name any more. It is
 * good until the exchange that ran the command is over; then the file is closed, which ends it, unless {@link #another() another} of it is still open.
 */
public final class CommandOutput implements AutoCloseable {
    /** Bytes that {@link #text()} gives at most. */
    static final int MOST_TEXT = 16 << 20;
    /** Bytes of a line. Nothing that prints longer ones is made for reading by lines. */
    private static final int LONGEST_LINE = 1 << 20;
    private final byte[] held;
    private final FileChannel file;
    private final long size;
    /** How many of them are open, which have the file together. */
    private final AtomicInteger open;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param file holds the {@code size} bytes if {@code held} is null */
    CommandOutput(byte[] held, FileChannel file, long size) {
        this(held, file, size, new AtomicInteger(1));
    }

    private CommandOutput(byte[] held, FileChannel file, long size, AtomicInteger open) {
        this.held = held;
        this.file = file;
        this.size = size;
        this.open = open;
    }

    /** The same output for somebody else, who closes it for himself; empty if the last of them is closed. */
    Optional<CommandOutput> another() {
        int before = open.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before == 0 ? Optional.empty() : Optional.of(new CommandOutput(held, file, size, open));
    }

    /** An output of this text, as if a command had printed it. */
    public static CommandOutput of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new CommandOutput(bytes, null, bytes.length);
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /** All of it. Throws {@link IllegalStateException} if it is larger than 16 MB. */
    public String text() {
        if (size > MOST_TEXT) {
            throw new IllegalStateException(tooLarge());
        }
        return head(MOST_TEXT);
    }

    String tooLarge() {
        return "printed " + (size >> 20) + " MB, and no more than " + (MOST_TEXT >> 20) + " MB are held as one text; read it with output: lines";
    }

    /** Its first bytes as text. */
    String head(int most) {
        byte[] bytes = new byte[(int) Math.min(most, size)];
        int length = read(0, bytes);
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Whether its last line has its end. Where it has none, the command may have died while it printed. Empty: false. */
    public boolean endsWithNewline() {
        byte[] last = new byte[1];
        return size > 0 && read(size - 1, last) == 1 && last[0] == '\n';
    }

    /**
     * Its lines without their ends; a line ends with a newline and with nothing else. Throws {@link IllegalStateException} at a line that
     * is longer than 1 MB.
     */
    public Stream<String> lines() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(new Lines(), Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    public InputStream stream() {
        return new Bytes();
    }

    /** For people. What was printed is in {@link #text()}. */
    @Override
    public String toString() {
        return "an output of " + size + " bytes";
    }

    @Override
    public void close() {
        try {
            if (closed.compareAndSet(false, true) && open.decrementAndGet() == 0 && file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills the buffer from this position on, as far as there is anything. Gives the number of bytes. */
    private int read(long position, byte[] buffer) {
        int length = (int) Math.max(0, Math.min(buffer.length, size - position));
        if (held != null) {
            System.arraycopy(held, (int) Math.min(position, size), buffer, 0, length);
            return length;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
            while (bytes.hasRemaining()) {
                if (file.read(bytes, position + bytes.position()) < 0) {
                    throw new IOException("an output is shorter than it was");
                }
            }
            return length;
        } catch (IOException e) {
            throw new UncheckedIOException("the output of a command cannot be read any more: " + e, e);
        }
    }

    private final class Bytes extends InputStream {
        private long position;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            byte[] part = new byte[length];
            int count = CommandOutput.this.read(position, part);
            System.arraycopy(part, 0, bytes, offset, count);
            position += count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    private final class Lines implements Iterator<String> {
        private final byte[] buffer = new byte[64 << 10];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long position;
        private int at;
        private int end;

        @Override
        public boolean hasNext() {
            if (at == end) {
                at = 0;
                end = read(position, buffer);
                position += end;
            }
            return at < end;
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            line.reset();
            while (hasNext()) {
                int from = at;
                while (at < end && buffer[at] != '\n') {
                    at++;
                }
                line.write(buffer, from, at - from);
                if (at < end) {
                    at++;
                    break;
                }
                if (line.size() > LONGEST_LINE) {
                    throw new IllegalStateException("a command printed a line that is longer than " + LONGEST_LINE + " bytes");
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        }
    }
}
