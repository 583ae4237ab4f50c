package org.waldur.siteagent.simulator;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Takes the commands of {@link ProgramFiles} on a loopback port. A command runs to its end even if its program is gone. */
final class SlurmServer implements AutoCloseable {
    private final ServerSocket socket;
    private final String token = UUID.randomUUID().toString();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "slurm-simulator");
        thread.setDaemon(true);
        return thread;
    });
    private final Function<ProgramCall, SlurmCommand> commands;

    /** @param commands runs a program */
    SlurmServer(Function<ProgramCall, SlurmCommand> commands) throws IOException {
        this.commands = commands;
        socket = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** What a program must send first: others on this machine cannot run commands. */
    String token() {
        return token;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> answer(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket client) {
        try (client; InputStream in = new BufferedInputStream(client.getInputStream())) {
            if (!field(in).equals(token)) {
                return;
            }
            int count = Integer.parseInt(field(in)) + 1;
            Path folder = Path.of(field(in));
            String timeFormat = field(in);
            String zone = field(in);
            List<String> argv = new ArrayList<>();
            while (argv.size() < count) {
                argv.add(field(in));
            }
            SlurmCommand command = commands.apply(new ProgramCall(folder, timeFormat, zone, List.copyOf(argv)));
            String answer = command.rc() + "\0" + command.err() + "\0" + command.out();
            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // the program was killed; what it asked for is done
        }
    }

    private static String field(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != 0; next = in.read()) {
            if (next < 0) {
                throw new EOFException("a field without end");
            }
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
