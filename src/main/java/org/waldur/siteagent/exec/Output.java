package org.waldur.siteagent.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;


/** What a process prints, read by a thread of its own so that the process never waits for us. */
final class Output {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader;
    private final InputStream stream;
    private volatile boolean over;

    /** @param most bytes to keep; what comes after them is read and dropped */
    Output(InputStream stream, int most, String name) {
        this.stream = stream;
        reader = new Thread(() -> read(most), name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(int most) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                synchronized (kept) {
                    int room = Math.max(0, most - kept.size());
                    kept.write(buffer, 0, Math.min(n, room));
                    over |= n > room;
                }
            }
        } catch (IOException e) {
            // the process is gone, or we closed the stream because a child of it still holds it
        }
    }

    /** Waits a little for the end of the output. False if somebody still holds the stream. */
    boolean ended(long milliseconds) throws InterruptedException {
        reader.join(Math.max(1, milliseconds));
        if (reader.isAlive()) {
            try {
                stream.close();
            } catch (IOException e) {
                // nothing more to read, which is what we want
            }
            return false;
        }
        return true;
    }

    boolean isOver() {
        return over;
    }

    String text() {
        synchronized (kept) {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

}
