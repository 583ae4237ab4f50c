package org.waldur.siteagent.waldur;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** No answer takes longer than a deadline, however slowly it drips, and none is larger than can be held. */
final class Bounds implements ExecChainHandler {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "deadlines of requests");
        thread.setDaemon(true);
        return thread;
    });
    private final Duration deadline;
    private final long most;

    Bounds(Duration deadline, long most) {
        this.deadline = deadline;
        this.most = most;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        ScheduledFuture<?> end = CLOCK.schedule(scope.execRuntime::discardEndpoint, deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (response.getEntity() == null) {
                end.cancel(false);
            } else {
                response.setEntity(new BoundedEntity(response.getEntity(), end));
            }
            return response;
        } catch (IOException e) {
            throw end.cancel(false) ? e : late();
        }
    }

    private SocketTimeoutException late() {
        return new SocketTimeoutException("no whole answer within " + deadline.toSeconds() + " s");
    }

    private final class BoundedEntity extends HttpEntityWrapper {
        private final ScheduledFuture<?> end;

        private BoundedEntity(HttpEntity entity, ScheduledFuture<?> end) {
            super(entity);
            this.end = end;
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
                    try {
                        int n = super.read(buffer, offset, length);
                        total += Math.max(0, n);
                        if (total > most) {
                            throw new AnswerTooLarge(most);
                        }
                        if (n < 0) {
                            end.cancel(false);
                        }
                        return n;
                    } catch (AnswerTooLarge e) {
                        throw e;
                    } catch (IOException e) {
                        throw end.isDone() && !end.isCancelled() ? late() : e;
                    }
                }

                @Override
                public void close() throws IOException {
                    end.cancel(false);
                    super.close();
                }
            };
        }
    }
}
