package org.waldur.siteagent.route;

import org.waldur.siteagent.exec.CommandComponent;
import org.waldur.siteagent.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;

/** Whether the options of endpoints exist. Camel would send those of http that it does not know to the server, and say nothing. */
final class Endpoints {
    /** Options of http that its component takes from an address before the endpoint sees it. */
    private static final Set<String> OF_HTTP = Set.of("connectTimeout", "connectionRequestTimeout", "responseTimeout");

    private Endpoints() {
    }

    static List<Mistake> mistakes(RouteFiles files, CamelContext context) {
        List<Mistake> mistakes = new ArrayList<>();
        files.top.forEach(entry -> look(entry, context, mistakes));
        return mistakes;
    }

    private static void look(Entry entry, CamelContext context, List<Mistake> mistakes) {
        entry.get("uri").ifPresent(uri -> endpoint(entry, uri, context, mistakes));
        entry.children().forEach(child -> look(child, context, mistakes));
    }

    private static void endpoint(Entry step, Entry uri, CamelContext context, List<Mistake> mistakes) {
        String text = uri.text();
        int colon = text.indexOf(':');
        String scheme = colon < 0 || text.startsWith("$") || text.startsWith("{") ? "" : text.substring(0, colon);
        boolean http = scheme.isEmpty() || scheme.startsWith("http");
        List<Entry> options = new ArrayList<>(step.get("parameters").map(Entry::children).orElse(List.of()));
        List<String> names = new ArrayList<>(options.stream().map(Entry::key).toList());
        int question = text.replaceAll("\\{\\{[^}]*}}", "x").indexOf('?');
        if (question >= 0) {
            for (String option : text.substring(text.indexOf('?') + 1).split("&")) {
                names.add(option.split("=", 2)[0]);
                options.add(uri);
            }
        }
        if (scheme.equals("exec") && !text.replaceAll("\\?.*", "").equals("exec:command")) {
            mistakes.add(uri.mistake(text + " is not allowed", "exec:command, with the command in the body by the language argv"));
            return;
        }
        EndpointUriFactory factory = context.getCamelContextExtension().getEndpointUriFactory(http ? "http" : scheme);
        if (factory == null) {
            mistakes.add(uri.mistake("there is no component " + scheme, ""));
            return;
        }
        Set<String> known = new TreeSet<>(scheme.equals("exec") ? CommandComponent.OPTIONS : factory.propertyNames());
        if (http) {
            known.addAll(OF_HTTP);
            if (text.matches("https?://[^/]*@.*")) {
                mistakes.add(uri.mistake("a password in an address ends in logs", "a script of yours that reads it from a file"));
            }
            if (text.matches("\\S*\\s.*") && !text.contains("${")) {
                mistakes.add(uri.mistake("'" + text + "' has a blank in it", "%20, or no blank"));
            }
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.equals("followRedirects")) {
                mistakes.add(options.get(i).mistake("followRedirects is not allowed: the token would go wherever a server says", "the address itself"));
            } else if (!known.contains(name) && factory.multiValuePrefixes().values().stream().noneMatch(name::startsWith)) {
                mistakes.add(options.get(i).mistake("there is no option " + name + " of " + (scheme.isEmpty() ? "http" : scheme),
                        "the nearest is " + Nearest.of(name, known) + (http ? "; what the server shall get goes into the header CamelHttpQuery" : "")));
            }
        }
    }
}
