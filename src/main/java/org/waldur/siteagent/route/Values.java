package org.waldur.siteagent.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.waldur.siteagent.text.Nearest;

/** Classes, numbers, booleans and levels that Camel looks at only when something has failed, or when a step is reached. */
final class Values {
    private static final Set<String> NUMBERS = Set.of("maximumRedeliveries", "redeliveryDelay", "maximumRedeliveryDelay", "backOffMultiplier", "collisionAvoidanceFactor");
    private static final Set<String> BOOLEANS = Set.of("useExponentialBackOff", "useCollisionAvoidance", "asyncDelayedRedelivery", "disableRedelivery", "logStackTrace",
            "logRetryStackTrace", "logHandled", "logNewException", "logContinued", "logExhausted", "logRetryAttempted", "logExhaustedMessageHistory",
            "logExhaustedMessageBody", "allowRedeliveryWhileStopping", "doWhile", "breakOnShutdown", "copy", "stopOnException", "parallelProcessing", "streaming",
            "asyncDelayed", "disabled", "autoStartup", "logMask", "trace", "streamCache");
    private static final Set<String> LEVELS = Set.of("retriesExhaustedLogLevel", "retryAttemptedLogLevel", "loggingLevel");

    private final CamelContext context;
    private final List<Mistake> mistakes = new ArrayList<>();

    private Values(CamelContext context) {
        this.context = context;
    }

    static List<Mistake> mistakes(RouteFiles files, CamelContext context) {
        Values values = new Values(context);
        files.top.stream().flatMap(Entry::all).forEach(values::look);
        return values.mistakes;
    }

    private void look(Entry entry) {
        for (Entry child : entry.children()) {
            String text = resolved(child.text());
            if (entry.key().equals("exception")) {
                throwable(child, text);
            } else if (child.key().equals("exception") && child.children().isEmpty()) {
                mistakes.add(child.mistake("exception is not a list of classes", "each on a line of its own, with '- '"));
            } else if (child.key().equals("exceptionType")) {
                throwable(child, text);
                throwing(child, text);
            } else if (Set.of("resultType", "beanType", "type").contains(child.key()) && text.contains(".") && !entry.key().equals("beans") && type(text) == null) {
                mistakes.add(child.mistake("there is no class " + text, "a class with its package"));
            }
            if (!text.isEmpty() && NUMBERS.contains(child.key()) && !text.matches("-?\\d+(\\.\\d+)?|\\d+(ms|s|m|h)")) {
                mistakes.add(child.mistake(child.key() + " is '" + text + "'", "a number" + (child.key().endsWith("Delay") ? " of milliseconds" : "")));
            } else if (!text.isEmpty() && BOOLEANS.contains(child.key()) && !text.matches("true|false") && !entry.key().equals("parameters")) {
                mistakes.add(child.mistake(child.key() + " is '" + text + "'", "true or false"));
            } else if (!text.isEmpty() && LEVELS.contains(child.key()) && Arrays.stream(LoggingLevel.values()).noneMatch(level -> level.name().equalsIgnoreCase(text))) {
                mistakes.add(child.mistake(child.key() + " is '" + text + "'", "the nearest is " + Nearest.of(text, Arrays.stream(LoggingLevel.values()).map(Enum::name).toList())));
            }
        }
        constant(entry);
        entry.get("period").map(Entry::text).filter(period -> entry.key().equals("parameters") && resolved(period).matches("0|-.*")).ifPresent(
                period -> mistakes.add(entry.get("period").get().mistake("the period is " + period, "a number of milliseconds above 0, or such as 2m")));
    }

    private String resolved(String text) {
        try {
            String resolved = text.contains("{{") ? context.resolvePropertyPlaceholders(text) : text;
            return resolved == null ? "" : resolved;
        } catch (RuntimeException e) {
            // a property that is not there is told elsewhere
            return "";
        }
    }

    private Class<?> type(String name) {
        return context.getClassResolver().resolveClass(name);
    }

    private void throwable(Entry entry, String name) {
        Class<?> type = type(name);
        if (type == null) {
            mistakes.add(entry.mistake("there is no exception " + name, "a class with its package, such as java.io.IOException"));
        } else if (!Throwable.class.isAssignableFrom(type)) {
            mistakes.add(entry.mistake(name + " is no exception", "a class such as java.io.IOException"));
        }
    }

    private void throwing(Entry entry, String name) {
        Class<?> type = type(name);
        if (type != null && Throwable.class.isAssignableFrom(type)
                && Arrays.stream(type.getConstructors()).noneMatch(c -> Arrays.equals(c.getParameterTypes(), new Class<?>[] {String.class}))) {
            mistakes.add(entry.mistake(name + " cannot be thrown with a message only", "an exception such as java.lang.IllegalStateException"));
        }
    }

    private void constant(Entry step) {
        if (step.key().equals("delay") || step.key().equals("loop") && !step.text("doWhile").equals("true")) {
            step.get("expression").flatMap(e -> e.get("constant")).flatMap(c -> c.get("expression")).ifPresent(value -> {
                if (!resolved(value.text()).matches("\\d+|")) {
                    mistakes.add(value.mistake("the " + (step.key().equals("delay") ? "milliseconds" : "times") + " of this " + step.key() + " are '" + value.text() + "'", "a number"));
                }
            });
        }
    }
}
