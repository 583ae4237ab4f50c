package org.waldur.siteagent.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads what a process prints, in a thread of its own, so that the process never waits for us. */
final class Output {
    private final InputStream stream;
    private final Thread reader;
    private volatile String trouble = "";

    /** @param to gets all of it; reading ends at once when it refuses more */
    Output(InputStream stream, OutputStream to, String name) {
        this.stream = stream;
        reader = new Thread(() -> read(to), name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(OutputStream to) {
        byte[] buffer = new byte[64 << 10];
        for (int n = next(buffer); n >= 0; n = next(buffer)) {
            try {
                to.write(buffer, 0, n);
            } catch (IOException e) {
                trouble = e.getMessage();
                return;
            }
        }
    }

    private int next(byte[] buffer) {
        try {
            return stream.read(buffer);
        } catch (IOException e) {
            return -1; // we closed the stream, because somebody still holds it
        }
    }

    /** Waits for the end of the output, or until it is in trouble. False if neither came in time. */
    boolean ended(long milliseconds) throws InterruptedException {
        reader.join(Math.max(1, milliseconds));
        return !reader.isAlive();
    }

    /** Why not all of it could be kept; empty: all is well. */
    String trouble() {
        return trouble;
    }

    /** Reads no further. */
    void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // nothing more to read, which is what we want
        }
    }
}
