package org.waldur.siteagent.route;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Finds the mistakes in a folder of routes, all at once: those that Camel would find when it starts, and those that it would find
 * too late or never (a call to a route that does not exist, an option that is sent to the server, a variable that nobody sets).
 */
public final class RouteCheck {
    /** How the names of route files end. */
    public static final String EXTENSION = RouteFiles.EXTENSION;

    private RouteCheck() {
    }

    /**
     * What can be seen in the files and by the beans that they name; quick enough for every start. Camel has not loaded a route for it.
     * Sorted by file and line.
     *
     * @param context everything that routes may name is bound
     */
    public static List<Mistake> read(Path folder, Needs needs, CamelContext context) throws IOException {
        RouteFiles files = new RouteFiles(folder);
        List<Mistake> mistakes = ofFiles(files, needs);
        if (files.closed.isEmpty()) {
            mistakes.addAll(ofBeans(files, mistakes, context));
        }
        return sorted(mistakes);
    }

    /**
     * Everything, with what Camel says when it builds the routes.
     *
     * @param context everything that routes may name is bound; nothing is loaded or started; it is stopped afterwards
     */
    public static List<Mistake> build(Path folder, Needs needs, CamelContext context) throws Exception {
        RouteFiles files = new RouteFiles(folder);
        List<Mistake> mistakes = ofFiles(files, needs);
        try (context) {
            if (files.closed.isEmpty()) {
                mistakes.addAll(ofBeans(files, mistakes, context));
                mistakes.addAll(CamelView.mistakes(files, mistakes, context));
            }
        }
        return sorted(mistakes);
    }

    private static List<Mistake> ofFiles(RouteFiles files, Needs needs) {
        List<Mistake> mistakes = new ArrayList<>(files.mistakes);
        if (!files.closed.isEmpty()) {
            // whatever another file wants of them is no mistake of its own
            return mistakes;
        }
        mistakes.addAll(Calls.mistakes(files, needs));
        mistakes.addAll(Texts.mistakes(files, needs.properties()));
        mistakes.addAll(Commands.mistakes(files));
        mistakes.addAll(Required.mistakes(files));
        // what a route that is not found would have set is missing everywhere behind it: one misspelt name would be a page of mistakes
        if (files.lost.isEmpty() && !callsNowhere(mistakes)) {
            mistakes.addAll(Variables.mistakes(files));
        }
        // never started, so there is nothing to close
        mistakes.addAll(Endpoints.mistakes(files, new DefaultCamelContext()));
        return mistakes;
    }

    /** Whether one of them is a call to nowhere. */
    private static boolean callsNowhere(List<Mistake> mistakes) {
        return mistakes.stream().anyMatch(mistake -> mistake.message().startsWith(Calls.NO_ROUTE));
    }

    private static List<Mistake> ofBeans(RouteFiles files, List<Mistake> before, CamelContext context) {
        boolean incomplete = !files.lost.isEmpty() || files.readable.size() < files.files.size() || callsNowhere(before);
        List<Mistake> mistakes = new ArrayList<>(Beans.mistakes(files, context));
        mistakes.addAll(Kinds.mistakes(files, context, incomplete));
        mistakes.addAll(Values.mistakes(files, context));
        mistakes.addAll(Expressions.mistakes(files, context));
        return mistakes;
    }

    private static List<Mistake> sorted(List<Mistake> mistakes) {
        return mistakes.stream().distinct().sorted(Comparator.comparing(Mistake::file).thenComparing(Mistake::line)).toList();
    }
}
