package org.waldur.siteagent.route;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Finds the mistakes in a folder of routes, all at once: those that Camel would find when it starts, and those that it would find
 * too late or never (a call to a route that does not exist, an option that is sent to the server, a variable that nobody sets).
 */
public final class RouteCheck {
    private RouteCheck() {
    }

    /** What can be seen in the files alone; quick enough for every start. Sorted by file and line. */
    public static List<Mistake> read(Path folder, Set<String> properties) throws IOException {
        RouteFiles files = new RouteFiles(folder);
        return sorted(lints(files, properties));
    }

    /**
     * Everything, with what Camel says when it builds the routes.
     *
     * @param context everything that routes may name is bound; nothing is loaded or started; it is stopped afterwards
     */
    public static List<Mistake> build(Path folder, Set<String> properties, CamelContext context) throws Exception {
        RouteFiles files = new RouteFiles(folder);
        List<Mistake> mistakes = lints(files, properties);
        mistakes.addAll(Beans.mistakes(files, context));
        Set<String> said = new HashSet<>(mistakes.stream().map(m -> m.file() + ":" + m.line()).toList());
        try (context) {
            for (Mistake mistake : CamelView.mistakes(files, context)) {
                // where a lint has spoken about the same line it was clearer
                if (said.add(mistake.file() + ":" + mistake.line())) {
                    mistakes.add(mistake);
                }
            }
        }
        return sorted(mistakes);
    }

    private static List<Mistake> lints(RouteFiles files, Set<String> properties) {
        List<Mistake> mistakes = new ArrayList<>(files.mistakes);
        mistakes.addAll(Calls.mistakes(files));
        mistakes.addAll(Texts.mistakes(files, properties));
        mistakes.addAll(Variables.mistakes(files));
        // never started, so there is nothing to close
        mistakes.addAll(Endpoints.mistakes(files, new DefaultCamelContext()));
        return mistakes;
    }

    private static List<Mistake> sorted(List<Mistake> mistakes) {
        return mistakes.stream().distinct().sorted(Comparator.comparing(Mistake::file).thenComparing(Mistake::line)).toList();
    }
}
