package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Keys that a step cannot do without. Camel tells it of the first such step, and not where that is. */
final class Required {
    private static final Map<String, String> KEYS = Map.ofEntries(Map.entry("to", "uri"), Map.entry("toD", "uri"), Map.entry("wireTap", "uri"), Map.entry("from", "uri"),
            Map.entry("log", "message"), Map.entry("setVariable", "name"), Map.entry("setHeader", "name"), Map.entry("setProperty", "name"),
            Map.entry("throwException", "exceptionType"), Map.entry("onException", "exception"), Map.entry("language", "language"), Map.entry("convertBodyTo", "type"),
            Map.entry("bean", "method"), Map.entry("method", "method"));
    private static final Set<String> WITH_STEPS = Set.of("filter", "split", "loop", "doTry", "multicast", "from");
    private static final Set<String> WITH_EXPRESSION = Set.of("filter", "split", "loop", "delay", "setBody", "setVariable", "setHeader", "setProperty", "transform", "validate",
            "enrich", "recipientList", "handled", "continued", "onWhen");
    private static final Set<String> LANGUAGES = Set.of("simple", "constant", "method", "language", "variable", "header", "exchangeProperty", "tokenize", "ref", "jq", "jsonpath",
            "xpath", "xtokenize", "csimple", "groovy", "js", "java", "joor", "mvel", "ognl", "python", "spel", "datasonnet", "xquery", "hl7terser", "wasm", "jactl");

    private final List<Mistake> mistakes = new ArrayList<>();

    private Required() {
    }

    static List<Mistake> mistakes(RouteFiles files) {
        Required required = new Required();
        files.top.stream().flatMap(Entry::all).forEach(required::look);
        return required.mistakes;
    }

    private void look(Entry entry) {
        String key = KEYS.get(entry.key());
        if (key != null && !entry.children().isEmpty() && entry.children().stream().noneMatch(child -> child.key().isEmpty())
                && (entry.get(key).isEmpty() || isNothing(entry.get(key).get()))) {
            missing(entry, key);
        }
        if (WITH_STEPS.contains(entry.key()) && !entry.children().isEmpty() && entry.get("steps").isEmpty()) {
            missing(entry, "steps");
        }
        if (entry.key().equals("steps") && entry.children().isEmpty()) {
            mistakes.add(entry.mistake("steps has no step", "at least one"));
        }
        if (entry.key().equals("when") || entry.key().equals("doCatch")) {
            entry.children().stream().filter(item -> item.key().isEmpty()).forEach(item -> {
                if (entry.key().equals("when")) {
                    expression(item, "when");
                } else if (item.get("exception").isEmpty()) {
                    missing(item, "exception");
                }
            });
        }
        if (WITH_EXPRESSION.contains(entry.key()) && !entry.children().isEmpty()) {
            expression(entry, entry.key());
        }
        language(entry);
        if (entry.key().equals("loop") && !entry.text("doWhile").equals("true")
                && entry.all().anyMatch(text -> text.key().equals("expression") && text.text().matches(".*}\\s*(==|!=|[<>]=?)\\s.*"))) {
            mistakes.add(entry.mistake("this loop has a condition, but is not told to go on while it holds", "doWhile: true"));
        }
    }

    private void missing(Entry entry, String key) {
        mistakes.add(entry.mistake((entry.key().isEmpty() ? "this item" : entry.key()) + " has no " + key, key + ": and what it is"));
    }

    private void expression(Entry step, String name) {
        Entry expression = step.get("expression").orElse(step);
        List<String> languages = expression.children().stream().map(Entry::key).filter(LANGUAGES::contains).toList();
        if (languages.isEmpty()) {
            String nearest = expression == step || expression.children().isEmpty() ? "" : " (" + expression.children().get(0).key() + " is none)";
            mistakes.add(step.mistake(name + " has no expression" + nearest, "expression: and in it simple:, method: or constant:"));
        } else if (languages.size() > 1) {
            mistakes.add(expression.mistake("the expression of " + name + " is in several languages at once: " + languages, "one; ref and method belong into a 'method:'"));
        }
    }

    /** An expression without a text is empty, which is not meant. */
    private void language(Entry entry) {
        boolean language = Set.of("simple", "constant", "variable", "language").contains(entry.key());
        boolean nothing = entry.children().isEmpty() ? isNothing(entry) : entry.get("expression").isEmpty() || isNothing(entry.get("expression").get());
        if (language && nothing) {
            mistakes.add(entry.mistake(entry.key() + " has no expression", "expression: with its text; \"\" for an empty one"));
        }
    }

    /** A line with nothing after the colon. */
    private static boolean isNothing(Entry entry) {
        return entry.text().isEmpty() && entry.value() instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN;
    }
}
