package org.waldur.siteagent.waldur;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * No request takes longer than a deadline, however slowly its answer drips, and no answer is larger than can be held. It stands outside
 * of all else that the client does: what is unpacked counts as it is then, and connecting is part of the time.
 *
 * @param connect until there is a connection
 * @param silence until the answer begins, and between two pieces of it
 * @param whole   until the answer has ended
 * @param most    bytes of an answer, unpacked
 */
record Bounds(Duration connect, Duration silence, Duration whole, long most) implements ExecChainHandler {
    /** Waldur may think for a while, and a page of rows has far less than a megabyte; the heap is small. */
    static final Bounds USUAL = new Bounds(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(120), 8 << 20);
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "deadlines of requests");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        Deadline deadline = new Deadline(scope);
        boolean goesOn = false;
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (response.getEntity() != null) {
                response.setEntity(new BoundedEntity(response.getEntity(), deadline));
                goesOn = true;
            }
            return response;
        } catch (IOException e) {
            throw deadline.explained(e);
        } finally {
            if (!goesOn) {
                deadline.end();
            }
        }
    }

    /** The time of one request. */
    private final class Deadline {
        private final ExecChain.Scope scope;
        private final Future<?> alarm;
        private volatile boolean over;

        private Deadline(ExecChain.Scope scope) {
            this.scope = scope;
            alarm = CLOCK.schedule(() -> {
                over = true;
                abort();
            }, whole.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Ends the request wherever it is; nothing more is read from its connection, which is not used again. */
        private void abort() {
            if (scope.originalRequest instanceof Cancellable request) {
                request.cancel();
            }
            scope.execRuntime.discardEndpoint();
        }

        private void end() {
            alarm.cancel(false);
        }

        private IOException explained(IOException e) {
            return over ? new SocketTimeoutException("no whole answer within " + whole.toSeconds() + " s") : e;
        }
    }

    private final class BoundedEntity extends HttpEntityWrapper {
        private final Deadline deadline;

        private BoundedEntity(HttpEntity entity, Deadline deadline) {
            super(entity);
            this.deadline = deadline;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new FilterInputStream(super.getContent()) {
                private long total;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int n;
                    try {
                        n = super.read(buffer, offset, length);
                    } catch (IOException e) {
                        throw deadline.explained(e);
                    }
                    total += Math.max(0, n);
                    if (total > most) {
                        // who closes a stream reads it to its end
                        deadline.abort();
                        throw new AnswerTooLarge(most);
                    }
                    return n;
                }

                @Override
                public void close() throws IOException {
                    try {
                        super.close();
                    } finally {
                        deadline.end();
                    }
                }
            };
        }
    }
}
