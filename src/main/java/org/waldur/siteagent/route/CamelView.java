package org.waldur.siteagent.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** What Camel itself says about the files, one after the other, so that the first mistake hides no other file's. */
final class CamelView {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");
    private static final Pattern STEP = Pattern.compile(">>> (.*?) <<<");

    private CamelView() {
    }

    /** @param context everything bound, nothing loaded, not started */
    static List<Mistake> mistakes(RouteFiles files, CamelContext context) throws Exception {
        List<Mistake> mistakes = new ArrayList<>();
        context.setAutoStartup(false);
        context.start();
        // what holds for all routes first
        List<Path> order = files.files.stream().sorted(Comparator.comparing(file -> files.configurations().stream().noneMatch(c -> c.file().equals(file)))).toList();
        for (Path file : order) {
            try {
                PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
            } catch (Exception e) {
                mistakes.add(mistake(file, e, files));
            }
        }
        return mistakes;
    }

    private static Mistake mistake(Path file, Exception caught, RouteFiles files) {
        StringBuilder chain = new StringBuilder();
        Throwable root = caught;
        for (Throwable e = caught; e != null; e = e.getCause() == e ? null : e.getCause()) {
            chain.append(e.getMessage()).append('\n');
            // a stray index or cast says less than the exception of Camel around it
            root = e.getClass().getName().startsWith("org.apache.camel.") || root == caught ? e : root;
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString()).replaceAll(" in file:.*", "");
        return new Mistake(file, line(chain.toString(), file, files), message, "");
    }

    private static int line(String chain, Path file, RouteFiles files) {
        Matcher line = LINE.matcher(chain);
        if (line.find()) {
            return Integer.parseInt(line.group(1));
        }
        Matcher step = STEP.matcher(chain);
        String place = step.find() ? step.group(1) : chain;
        return files.top.stream().filter(entry -> entry.file().equals(file)).mapToInt(entry -> find(entry, place)).filter(l -> l > 0).max().orElse(0);
    }

    /** The line of the last text of an entry that is part of what Camel says. */
    private static int find(Entry entry, String place) {
        int found = 0;
        for (Entry child : entry.children()) {
            boolean tells = List.of("expression", "ref", "method", "uri", "name", "exceptionType", "aggregationStrategy", "onExceptionOccurredRef").contains(child.key());
            if (tells && child.text().length() > 2 && place.contains(child.text())) {
                found = Math.max(found, child.line());
            }
            found = Math.max(found, find(child, place));
        }
        return found;
    }
}
