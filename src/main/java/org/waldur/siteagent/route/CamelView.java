package org.waldur.siteagent.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** What Camel itself says about the files, item after item where it refuses one, so that the first mistake hides no other. */
final class CamelView {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");
    private static final Pattern STEP = Pattern.compile(">>> (.*?) <<<");
    private static final Pattern CONVERSION = Pattern.compile("Error during type conversion from type: \\S+ to the required type: (?:\\w+[.])*(\\w+) with value (.*?) due to .*");
    private static final Pattern VALUE = Pattern.compile("with value (.*?) due to|[(]\\w+=(.*?)[)] with name|For input string: \"(.*?)\"");
    private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^(?=- )");

    private final CamelContext context;
    private final RouteFiles files;
    /** What is known already, and was said more clearly. */
    private final List<Mistake> said;
    private final List<Mistake> mistakes = new ArrayList<>();

    private CamelView(RouteFiles files, List<Mistake> said, CamelContext context) {
        this.said = said;
        this.files = files;
        this.context = context;
    }

    /**
     * @param before what has been found already
     * @param context everything bound, nothing loaded, not started
     */
    static List<Mistake> mistakes(RouteFiles files, List<Mistake> before, CamelContext context) throws Exception {
        CamelView view = new CamelView(files, before, context);
        context.setAutoStartup(false);
        context.start();
        // what holds for all routes first
        List<Path> order = files.files.stream().filter(files.readable::contains)
                .sorted(Comparator.comparing(file -> files.configurations().stream().noneMatch(c -> c.file().equals(file)))).toList();
        for (Path file : order) {
            view.file(file);
        }
        return view.mistakes;
    }

    private void file(Path file) throws IOException {
        Exception refused = load(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
        if (refused == null) {
            return;
        }
        String text = Files.readString(file);
        int before = mistakes.size();
        int line = 0;
        for (String part : FIRST_COLUMN.split(text)) {
            int length = (int) part.lines().count();
            int first = line + 1;
            int last = line + length;
            if (!part.isBlank() && part.startsWith("- ")) {
                Exception e = load(ResourceHelper.fromString("file:" + file, "\n".repeat(line) + part));
                List<Entry> items = files.items.stream().filter(entry -> entry.file().equals(file) && entry.line() >= first && entry.line() <= last).toList();
                if (e != null && !String.valueOf(e.getMessage()).contains("undefined alias")) {
                    refused(file, e, items, first, last);
                }
            }
            line += length;
        }
        if (mistakes.size() == before) {
            refused(file, refused, files.items.stream().filter(entry -> entry.file().equals(file)).toList(), 0, Integer.MAX_VALUE);
        }
    }

    private Exception load(Resource resource) {
        try {
            PluginHelper.getRoutesLoader(context).loadRoutes(resource);
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    private void refused(Path file, Exception caught, List<Entry> items, int first, int last) throws IOException {
        StringBuilder chain = new StringBuilder();
        Throwable root = caught;
        for (Throwable e = caught; e != null; e = e.getCause() == e ? null : e.getCause()) {
            chain.append(e.getMessage()).append('\n');
            // a stray index or cast says less than the exception of Camel around it
            root = e.getClass().getName().startsWith("org.apache.camel.") || root == caught ? e : root;
        }
        List<Mistake> shape = Shape.mistakes(items);
        List<Mistake> here = said.stream().filter(m -> m.file().equals(file) && m.line() >= first && m.line() <= last).toList();
        shape.stream().filter(mistake -> here.stream().noneMatch(m -> m.line() == mistake.line())).forEach(mistakes::add);
        String message = root.getMessage() == null ? "Camel cannot make anything of this (" + root.getClass().getSimpleName() + ")"
                : plain(root.getMessage().lines().findFirst().orElse(root.toString()));
        int line = line(chain.toString(), items, first);
        if (shape.isEmpty() && here.stream().noneMatch(m -> m.line() == line || isTheSame(m.message(), message))) {
            mistakes.add(new Mistake(file, line, message, ""));
        }
    }

    private static String plain(String message) {
        return CONVERSION.matcher(message).replaceAll("'$2' is no $1").replaceAll("^java[.]\\S+: | in file:.*| on: org[.]apache.*", "");
    }

    /** Whether two messages are about the same: one has the word that the other ends with, or both are about a value. */
    private static boolean isTheSame(String ours, String ofCamel) {
        String[] words = ofCamel.replaceAll(" (of type: .*|not found in .*)|[.] Please .*|[\\[\\]]", "").split(":? ");
        String last = words[words.length - 1];
        return ours.contains(last) || ofCamel.startsWith("No type converter") || ofCamel.contains("Unsupported definition: null") || ofCamel.contains(" is null")
                || ofCamel.contains("must be ") || ofCamel.startsWith("Method with name:") || ofCamel.contains("couldn't be set on the endpoint") || ofCamel.startsWith("'") && ours.contains(ofCamel.substring(0, ofCamel.indexOf('\'', 1) + 1));
    }

    private static int line(String chain, List<Entry> items, int first) {
        Matcher line = LINE.matcher(chain);
        if (line.find()) {
            return Integer.parseInt(line.group(1));
        }
        Matcher value = VALUE.matcher(chain);
        if (value.find()) {
            String text = value.group(1) != null ? value.group(1) : value.group(2) != null ? value.group(2) : value.group(3);
            Optional<Entry> entry = items.stream().flatMap(Entry::all).filter(one -> one.text().equals(text)).findFirst();
            if (entry.isPresent()) {
                return entry.get().line();
            }
        }
        Matcher step = STEP.matcher(chain);
        String place = step.find() ? step.group(1) : chain;
        return items.stream().mapToInt(entry -> find(entry, place)).filter(l -> l > 0).max().orElse(first);
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
