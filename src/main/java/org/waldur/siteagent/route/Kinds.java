package org.waldur.siteagent.route;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.waldur.siteagent.text.Nearest;

/**
 * Calls of beans, and parts of what variables hold ({@code ${variable.change.account}}). What a variable holds is known as far as
 * it comes from a method of a bean; of what a site makes itself nothing is known, and nothing is said.
 */
final class Kinds {
    private static final Pattern VALUE = Pattern.compile("\\$\\{(variable\\.\\w+|body)((?:[.?]|\\[)[^{}]*)?}");
    private static final Pattern PART = Pattern.compile("\\??\\.(\\w+)(\\([^()]*\\))?|(\\[[^]]*])");
    private static final Set<String> BODY_STAYS = Set.of("log", "setHeader", "setHeaders", "setVariables", "setProperty", "removeHeader", "removeHeaders", "removeVariable",
            "delay", "stop", "throwException", "wireTap", "validate");
    private static final Set<String> INNER = Set.of("steps", "when", "otherwise", "doCatch", "doFinally", "onFallback", "onException");
    /** What is learned in one round is used in the next; the shipped routes need three. */
    private static final int ROUNDS = 6;

    private final CamelContext context;
    private final Map<String, Kind> variables = new HashMap<>();
    /** What the body can be where a route begins. */
    private final Map<String, Kind> bodies = new HashMap<>();
    private final Set<Mistake> mistakes = new LinkedHashSet<>();
    private boolean saying;
    /** Not all is there that could set a variable. */
    private final boolean incomplete;

    private Kinds(CamelContext context, boolean incomplete) {
        this.incomplete = incomplete;
        this.context = context;
    }

    /** @param incomplete routes are missing, so that of variables nothing is known */
    static List<Mistake> mistakes(RouteFiles files, CamelContext context, boolean incomplete) {
        Kinds kinds = new Kinds(context, incomplete);
        Map<String, Kind> before;
        int round = 0;
        do {
            before = Map.copyOf(kinds.variables);
            files.top.forEach(kinds::route);
        } while (!before.equals(kinds.variables) && ++round < ROUNDS);
        kinds.saying = true;
        files.top.forEach(kinds::route);
        return List.copyOf(kinds.mistakes);
    }

    private void route(Entry route) {
        Optional<Entry> from = route.get("from");
        String entrance = from.flatMap(f -> f.get("uri")).map(Entry::direct).orElse("");
        from.flatMap(f -> f.get("steps")).ifPresent(steps -> steps(steps, bodies.getOrDefault(entrance, saying ? Kind.ANY : Kind.NONE)));
        route.children().stream().filter(child -> !child.key().equals("from")).forEach(child -> step(child, Kind.ANY));
    }

    private Kind steps(Entry list, Kind body) {
        Kind now = body;
        for (Entry item : list.children()) {
            for (Entry step : item.key().isEmpty() ? item.children() : List.of(item)) {
                now = step(step, now);
            }
        }
        return now;
    }

    /** Gives what the body can be after the step. */
    private Kind step(Entry step, Kind body) {
        Kind value = step.get("expression").map(expression -> expression(expression, body)).orElse(Kind.ANY);
        texts(step, body);
        switch (step.key()) {
            case "setVariable":
                variables.merge(step.text("name"), value, Kind::or);
                return body;
            case "setVariables":
                step.all().filter(entry -> !entry.text("name").isEmpty()).forEach(entry -> variables.put(entry.text("name"), Kind.ANY));
                return body;
            case "setBody", "transform":
                return value;
            case "split":
                step.get("steps").ifPresent(steps -> steps(steps, value.elements()));
                return step.get("aggregationStrategy").isPresent() ? Kind.ANY : body;
            case "bean":
                call(step, step, body);
                return Kind.ANY;
            default:
                return other(step, body);
        }
    }

    private Kind other(Entry step, Kind body) {
        if (step.value() instanceof SequenceNode) {
            return steps(step, body);
        }
        step.get("variableReceive").ifPresent(name -> variables.put(name.text(), Kind.ANY));
        Optional<Entry> uri = step.text().isEmpty() ? step.get("uri") : Optional.of(step);
        uri.map(Entry::direct).filter(name -> !name.isEmpty()).ifPresent(name -> bodies.merge(name, step.get("variableSend").isPresent() ? Kind.ANY : body, Kind::or));
        step.children().stream().filter(child -> child.key().equals("steps")).forEach(steps -> steps(steps, body));
        step.children().stream().filter(child -> INNER.contains(child.key()) && !child.key().equals("steps"))
                .forEach(way -> (way.get("steps").isPresent() ? List.of(way) : way.children()).forEach(one -> step(one, body)));
        return BODY_STAYS.contains(step.key()) ? body : Kind.ANY;
    }

    private Kind expression(Entry expression, Kind body) {
        for (Entry language : expression.children()) {
            String text = language.text().isEmpty() ? language.text("expression") : language.text();
            switch (language.key()) {
                case "method":
                    return call(language, expression, body);
                case "constant":
                    return language.get("resultType").isPresent() ? Kind.ANY : Kind.of(String.class);
                case "simple":
                    Matcher whole = VALUE.matcher(text);
                    return language.get("resultType").isPresent() ? Kind.ANY : whole.matches() ? value(whole, body, null) : Kind.of(String.class);
                default:
                    return Kind.ANY;
            }
        }
        return Kind.ANY;
    }

    /** @param where null: only look */
    private Kind value(Matcher found, Kind body, Entry where) {
        if (incomplete) {
            return Kind.ANY;
        }
        Kind kind = found.group(1).equals("body") ? body : variables.getOrDefault(found.group(1).substring("variable.".length()), saying ? Kind.ANY : Kind.NONE);
        String path = found.group(2) == null ? "" : found.group(2);
        Matcher part = PART.matcher(path);
        while (part.find()) {
            Kind before = kind;
            kind = part.group(3) != null ? kind.elements() : kind.part(part.group(1));
            if (part.group(3) == null && before.isKnown() && kind.equals(Kind.NONE)) {
                if (where != null) {
                    mistakes.add(where.mistake(found.group() + ": " + before.text() + " has no '" + part.group(1) + "'",
                            "the nearest is " + Nearest.of(part.group(1), before.parts())));
                }
                // while kinds are learned, a later round may know of more that has such a part
                return saying ? Kind.ANY : Kind.NONE;
            }
        }
        return kind;
    }

    private void texts(Entry step, Kind body) {
        if (!saying) {
            return;
        }
        beside(step).filter(entry -> entry.key().equals("method") && !entry.children().isEmpty()).forEach(method -> call(method, method, body));
        beside(step).forEach(text -> {
            Matcher value = VALUE.matcher(text.text());
            while (value.find()) {
                value(value, body, text);
            }
        });
    }

    /** A step and what belongs to it, without the steps in it. */
    private static Stream<Entry> beside(Entry step) {
        return Stream.concat(Stream.of(step), step.children().stream().filter(child -> !INNER.contains(child.key()) && !child.key().equals("description")).flatMap(Kinds::beside));
    }

    private Kind call(Entry call, Entry step, Kind body) {
        String ref = call.text("ref").replaceFirst("^#(bean:)?", "");
        Object bean = ref.isEmpty() || ref.contains("{") ? null : context.getRegistry().lookupByName(ref);
        Entry method = call.get("method").orElse(call);
        if (bean == null) {
            if (saying && !ref.isEmpty() && !ref.contains("{") && !ref.startsWith("class:")) {
                mistakes.add(call.get("ref").orElse(call).mistake("there is no bean " + ref, "the nearest is " + Nearest.of(ref, beans())));
            } else if (saying && ref.isEmpty() && call.text("beanType").isEmpty()) {
                mistakes.add(call.mistake("no bean is named", "ref: with the name of a bean"));
            }
            return Kind.ANY;
        }
        try {
            MethodCall parsed = MethodCall.parse(context.resolvePropertyPlaceholders(call.text("method")));
            List<Method> methods = parsed.of(bean.getClass());
            if (saying && !parsed.name().isEmpty()) {
                check(ref, bean.getClass(), parsed, methods, method, body);
            }
            return methods.isEmpty() ? Kind.ANY : Kind.of(methods);
        } catch (IllegalArgumentException e) {
            // a property that is missing is told elsewhere
            if (saying && !e.getMessage().startsWith("Property with key")) {
                mistakes.add(method.mistake(e.getMessage(), "name(${variable.one}, 'text', 3)"));
            }
            return Kind.ANY;
        }
    }

    private Set<String> beans() {
        return context.getRegistry().findByTypeWithName(Object.class).keySet();
    }

    private void check(String ref, Class<?> bean, MethodCall call, List<Method> methods, Entry where, Kind body) {
        if (call.named(bean).isEmpty()) {
            Set<String> names = Arrays.stream(bean.getMethods()).filter(m -> m.getDeclaringClass() != Object.class).map(Method::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            mistakes.add(where.mistake("the bean " + ref + " has no method " + call.name(), "the nearest is " + Nearest.of(call.name(), names)));
        } else if (call.arguments() != null && call.arguments().stream().anyMatch(argument -> !MethodCall.isArgument(argument))) {
            call.arguments().stream().filter(argument -> !MethodCall.isArgument(argument)).forEach(argument -> mistakes.add(where.mistake(
                    "'" + argument + "' is no argument of a method", "${...}, a text in quotes, a number, or a comma that is missing")));
        } else if (methods.isEmpty()) {
            mistakes.add(where.mistake(ref + "." + call.name() + " is called with " + (call.arguments() == null ? "no" : call.arguments().size()) + " argument(s)",
                    "it takes " + call.named(bean).stream().map(Kinds::parameters).collect(Collectors.joining(" or "))));
        } else if (call.arguments() != null && methods.stream().noneMatch(method -> wrong(call, method, body) < 0)) {
            int wrong = wrong(call, methods.get(0), body);
            mistakes.add(where.mistake("argument " + (wrong + 1) + " of " + ref + "." + call.name() + " is " + call.arguments().get(wrong) + ", a "
                    + argument(call.arguments().get(wrong), body).text(), "it takes " + parameters(methods.get(0))));
        }
    }

    private static String parameters(Method method) {
        return method.getName() + "(" + Arrays.stream(method.getGenericParameterTypes()).map(type -> type.getTypeName().replaceAll("[\\w.]+[.$]", ""))
                .collect(Collectors.joining(", ")) + ")";
    }

    private int wrong(MethodCall call, Method method, Kind body) {
        for (int i = 0; i < call.arguments().size(); i++) {
            if (!argument(call.arguments().get(i), body).fits(method.getGenericParameterTypes()[i])) {
                return i;
            }
        }
        return -1;
    }

    private Kind argument(String argument, Kind body) {
        Matcher whole = VALUE.matcher(argument);
        return whole.matches() ? value(whole, body, null) : Kind.ANY;
    }
}
