package org.waldur.siteagent.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Keeps what a command prints: in memory as long as it is small, then in a file. No more than so much; what is more is an IOException. */
final class Spool extends OutputStream {
    private static final int MOST_IN_MEMORY = 1 << 20;
    private final long most;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private FileChannel file;
    private long size;

    /** @param most in bytes */
    Spool(long most) {
        this.most = most;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (size + length > most) {
            throw new IOException("it printed more than " + (most >> 20) + " MB");
        }
        if (file == null && size + length > MOST_IN_MEMORY) {
            file = open();
            append(memory.toByteArray(), 0, memory.size());
            memory = null;
        }
        if (file == null) {
            memory.write(bytes, offset, length);
        } else {
            append(bytes, offset, length);
        }
        size += length;
    }

    /** For us only, and without a name from its first moment on: it is gone with the process, however that ends. */
    private static FileChannel open() throws IOException {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "waldur-site-agent-" + UUID.randomUUID());
        return FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private void append(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    /** What has been written so far. */
    CommandOutput output() {
        return new CommandOutput(memory == null ? null : memory.toByteArray(), file, size);
    }
}
