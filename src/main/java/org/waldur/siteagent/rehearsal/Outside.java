package org.waldur.siteagent.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.waldur.siteagent.exec.Argv;
import org.waldur.siteagent.exec.CommandRunner;
import org.waldur.siteagent.simulator.SlurmCommand;
import org.waldur.siteagent.simulator.SlurmSimulator;

/**
 * What is outside of a rehearsal, and stays untouched: no program is started and no request leaves for anybody but the simulated Waldur. Programs that the
 * simulated cluster has are played by it, wherever a route says they are; all others are written down, and end as the scenario says.
 */
public final class Outside implements CommandRunner, ExecChainHandler {
    private static final List<String> WRAPPERS = List.of("flock", "sudo", "env", "nice", "ionice", "timeout", "setsid");
    private static final int LONGEST_BODY = 10_000;
    /** As the shipped routes run what writes to Slurm. */
    private static final Map<String, String> ENVIRONMENT = Map.of("TZ", "UTC", "SLURM_TIME_FORMAT", "%s");

    /** How a program ends, or with which status a server answers, and what it says. */
    record Answer(int code, String text) {
    }

    /**
     * What answers: a program by its path, a server by the beginning of the address. What is not there ends with 0 or answers with 200, and says nothing.
     */
    record Answers(Map<String, Answer> programs, Map<String, Answer> servers) {
    }

    private final SlurmSimulator slurm;
    private final URI waldur;
    private final Answers answers;
    private final List<String> commands = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();

    Outside(SlurmSimulator slurm, URI waldur, Answers answers) {
        this.slurm = slurm;
        this.waldur = waldur;
        this.answers = answers;
    }

    @Override
    public Ran run(Argv argv) {
        List<String> words = argv.words();
        int first = WRAPPERS.contains(base(words.get(0)))
                ? IntStream.range(1, words.size()).filter(i -> SlurmSimulator.plays(base(words.get(i)))).findFirst().orElse(0) : 0;
        if (SlurmSimulator.plays(base(words.get(first)))) {
            List<String> played = new ArrayList<>(words.subList(first, words.size()));
            played.set(0, base(played.get(0)));
            List<String> loaded = loaded(played);
            SlurmCommand ended = slurm.run(ENVIRONMENT, played.toArray(String[]::new));
            note(commands, ended.rc() + " " + argv);
            loaded.forEach(line -> note(commands, "  | " + line));
            return new Ran(ended.rc(), ended.out(), ended.err());
        }
        Answer answer = answers.programs().getOrDefault(words.get(0), new Answer(0, ""));
        note(commands, answer.code() + " (not run) " + argv);
        return new Ran(answer.code(), answer.text(), "");
    }

    /** The lines of the file that a {@code sacctmgr load} reads: that is where its words are. */
    private static List<String> loaded(List<String> words) {
        Optional<Path> file = words.contains("load") ? words.stream().filter(word -> word.startsWith("file=")).map(word -> Path.of(word.substring(5))).findFirst() : Optional.empty();
        try {
            return file.isPresent() ? Files.readAllLines(file.get()) : List.of();
        } catch (IOException e) {
            return List.of("(" + e + ")");
        }
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        try {
            URI uri = request.getUri();
            if (waldur.getAuthority().equals(uri.getAuthority())) {
                return chain.proceed(request, scope);
            }
            HttpEntity entity = request.getEntity();
            String body = entity == null ? "" : new String(EntityUtils.toByteArray(entity, LONGEST_BODY), StandardCharsets.UTF_8);
            Answer answer = answers.servers().entrySet().stream().filter(e -> uri.toString().startsWith(e.getKey())).map(Map.Entry::getValue).findFirst().orElse(new Answer(200, ""));
            note(elsewhere, answer.code() + " (not sent) " + request.getMethod() + " " + uri + "  " + body);
            ClassicHttpResponse response = new BasicClassicHttpResponse(answer.code());
            response.setEntity(new StringEntity(answer.text(), StandardCharsets.UTF_8));
            return response;
        } catch (URISyntaxException e) {
            throw new HttpException(e.getMessage(), e);
        }
    }

    /** Something that a route would have sent to an endpoint which is neither a program nor a server. */
    public void notSent(String uri, String body) {
        note(elsewhere, "(not sent) " + uri + "  " + body.substring(0, Math.min(body.length(), LONGEST_BODY)));
    }

    /** All commands so far, as {@code EXIT WORDS}; what was not run says so. */
    public List<String> commands() {
        return copy(commands);
    }

    /** All that was not sent so far. */
    public List<String> elsewhere() {
        return copy(elsewhere);
    }

    private static void note(List<String> list, String line) {
        synchronized (list) {
            list.add(line);
        }
    }

    private static List<String> copy(List<String> list) {
        synchronized (list) {
            return List.copyOf(list);
        }
    }

    private static String base(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
