package org.waldur.siteagent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The way of an order as a picture in the README (Mermaid, which GitHub and GitLab draw), made of the route files. */
final class OrderPicture {
    static final String BEGIN = "<!-- made of routes/order-process.camel.yaml by src/build/refresh-docs -->\n";
    private static final String PAGE = "process-orders";
    private static final Map<String, String> TOUCHES = Map.of("direct:waldur-send", "Waldur", "exec:command", "Slurm");
    private final Map<String, Map<?, ?>> routes = new LinkedHashMap<>();

    private OrderPicture(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (Object item : (List<?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file))) {
                    if (((Map<?, ?>) item).get("route") instanceof Map<?, ?> route) {
                        routes.put((String) route.get("id"), route);
                    }
                }
            }
        }
    }

    /** A fenced block, with an empty line before and after it. */
    static String text() throws IOException {
        return new OrderPicture(Path.of("routes")).draw();
    }

    private String draw() {
        List<String> lines = new ArrayList<>(List.of("", "```mermaid", "flowchart TD", "    order([A customer orders in Waldur])"));
        String before = "order";
        for (String step : calls(routes.get(PAGE))) {
            String route = step.replace("direct:", "");
            lines.add("    " + route + "[\"<b>" + route + "</b>" + touched(route) + "<br>" + said(route) + "\"]");
            lines.add("    " + before + " --> " + route);
            before = route;
        }
        lines.add("    dead-letter[/\"<b>dead-letter</b><br>" + said("dead-letter") + "\"/]");
        lines.add("    " + before + " --> done([The customer computes])");
        lines.add("    " + PAGE + "-fails{{a step fails}} -.-> dead-letter");
        lines.addAll(List.of("```", ""));
        return String.join("\n", lines) + "\n";
    }

    /** The first sentence of a route's description. */
    private String said(String route) {
        return String.valueOf(routes.get(route).get("description")).replaceFirst("\\. .*", "").replace("\"", "'");
    }

    private String touched(String route) {
        List<String> reached = new ArrayList<>();
        reach(route, new ArrayList<>(), reached);
        return reached.isEmpty() ? "" : " (" + String.join(", ", reached.stream().sorted().toList()) + ")";
    }

    private void reach(String route, List<String> seen, List<String> reached) {
        if (seen.contains(route) || !routes.containsKey(route)) {
            return;
        }
        seen.add(route);
        for (String call : calls(routes.get(route))) {
            String touches = TOUCHES.get(call);
            if (touches != null && !reached.contains(touches)) {
                reached.add(touches);
            }
            reach(call.replace("direct:", ""), seen, reached);
        }
    }

    /** Where a route leads to, in its order; what its steps hold included. */
    private static List<String> calls(Object part) {
        List<String> found = new ArrayList<>();
        if (part instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("to") && value instanceof Map<?, ?> to) {
                    found.add(String.valueOf(to.get("uri")));
                } else {
                    found.addAll(calls(value));
                }
            });
        } else if (part instanceof List<?> list) {
            list.forEach(each -> found.addAll(calls(each)));
        }
        return found;
    }
}
