package org.waldur.siteagent.exec;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Refuses, in a dry run, whatever would change Slurm, the machine, or Waldur, should a route ever come to it. The routes end before that; this
 * holds for edited ones, too. What a site's own hooks run and send is theirs.
 */
public final class DryRun implements CommandListener, HttpRequestInterceptor {
    /** The header by which a request gets the token of an offering, see the route waldur-send. */
    private static final String WALDUR = "waldur-offering";
    private static final List<String> WRITERS = List.of("scancel", "mkhomedir_helper");

    @Override
    public void before(Exchange exchange, Argv argv) {
        List<String> words = argv.words();
        for (int i = 0; i < words.size(); i++) {
            String program = words.get(i).substring(words.get(i).lastIndexOf('/') + 1);
            if (WRITERS.contains(program) || program.equals("sacctmgr") && !words.subList(i, words.size()).contains("--readonly")) {
                throw new IllegalStateException("nothing is written in a dry run, and this was to be run: " + argv);
            }
        }
    }

    @Override
    public void after(Exchange exchange, Argv argv, int exit, double seconds, String stderr) {
        // what only looks may look
    }

    /** Right before a request leaves for a Waldur. */
    @Override
    public void process(HttpRequest request, EntityDetails entity, HttpContext context) {
        if (request.containsHeader(WALDUR) && !List.of("GET", "HEAD").contains(request.getMethod())) {
            throw new IllegalStateException("nothing is written in a dry run, and this was to be sent: " + request.getMethod() + " " + request.getPath());
        }
    }
}
