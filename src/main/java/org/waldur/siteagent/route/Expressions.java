package org.waldur.siteagent.route;

import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.spi.Language;

/** Whether Camel understands each expression and each condition. It is asked about one after the other, so that none hides another. */
final class Expressions {
    private static final Set<String> CONDITIONS = Set.of("filter", "when", "onWhen", "validate", "retryWhile", "completionPredicate");
    private static final Set<String> TEXTS = Set.of("message");
    private static final Pattern DATE = Pattern.compile("\\$\\{date(-with-timezone)?:([^}]*)}");
    private static final Pattern REGEX = Pattern.compile("\\s!?regex\\s+'([^']*)'");
    private static final Pattern RANGE = Pattern.compile("\\s!?range\\s+'([^']*)'");
    private static final Pattern WORD = Pattern.compile("\\$\\{[^{}]*}\\s+([A-Za-z=!<>~&|-]+)(?=\\s|$)");
    private static final Set<String> OPERATORS = Set.of("==", "=~", "!=", "!=~", ">", ">=", "<", "<=", "~~", "!~~", "contains", "!contains", "not", "regex", "!regex", "in", "!in", "is", "!is",
            "range", "!range", "startsWith", "!startsWith", "endsWith", "!endsWith", "starts", "ends", "&&", "||");

    private final CamelContext context;
    private final List<Mistake> mistakes = new ArrayList<>();

    private Expressions(CamelContext context) {
        this.context = context;
    }

    static List<Mistake> mistakes(RouteFiles files, CamelContext context) {
        Expressions expressions = new Expressions(context);
        files.top.forEach(entry -> expressions.look(entry, entry.key(), false));
        return expressions.mistakes;
    }

    /** @param step the key of the step that an expression belongs to */
    private void look(Entry entry, String step, boolean condition) {
        boolean loop = entry.key().equals("loop") && entry.text("doWhile").equals("true");
        for (Entry child : entry.children()) {
            boolean inStep = child.key().isEmpty() || child.key().equals("expression");
            String owner = inStep ? step : child.key();
            boolean asks = inStep ? condition || loop : CONDITIONS.contains(owner) || child.key().equals("loop") && child.text("doWhile").equals("true");
            String text = child.text().isEmpty() ? child.text("expression") : child.text();
            Entry where = child.get("expression").orElse(child);
            if (child.key().equals("simple")) {
                simple(where, text, condition || loop);
            } else if (child.key().equals("language")) {
                language(where, child.text("language"), text);
            } else if (child.key().equals("uri") && entry.key().equals("toD") || TEXTS.contains(child.key()) || child.key().equals("method") && !child.text().isEmpty()) {
                ask(child, "simple", child.text(), false);
            } else if (child.key().equals("uri") && Set.of("to", "wireTap", "from").contains(entry.key()) && child.text().contains("${") && !child.text().startsWith("file:")) {
                if (!entry.key().equals("wireTap")) {
                    mistakes.add(child.mistake("'" + child.text() + "' in " + entry.key() + " is not replaced by a value", "toD, which does that"));
                }
            }
            look(child, owner, asks);
        }
    }

    private void simple(Entry where, String text, boolean condition) {
        if (condition && text.isBlank()) {
            mistakes.add(where.mistake("this condition is empty", "such as ${variable.name} == 'text'"));
        } else if (ask(where, "simple", text, condition) && condition) {
            condition(where, context.resolvePropertyPlaceholders(text));
        }
    }

    private void condition(Entry where, String text) {
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            if (!range.group(1).matches("[^.]+\\.\\.[^.]+") && !range.group(1).contains("$")) {
                mistakes.add(where.mistake("'" + range.group(1) + "' is no range", "such as '08..17'"));
            }
        }
        Matcher regex = REGEX.matcher(text);
        while (regex.find()) {
            try {
                Pattern.compile(regex.group(1));
            } catch (PatternSyntaxException e) {
                mistakes.add(where.mistake("'" + regex.group(1) + "' is no regular expression: " + e.getDescription(), ""));
            }
        }
        Matcher word = WORD.matcher(text.replaceAll("\\{\\{[^}]*}}", "x"));
        while (word.find()) {
            if (!OPERATORS.contains(word.group(1))) {
                mistakes.add(where.mistake("'" + word.group(1) + "' compares nothing in '" + text + "'", "such as ==, !=, >, contains, in, range, regex, startsWith"));
            }
        }
    }

    private void language(Entry where, String name, String text) {
        if (!name.isEmpty() && language(name).isEmpty()) {
            mistakes.add(where.mistake("there is no language " + name, "argv for a command, simple for a text"));
        } else if (name.equals("argv") && !text.isBlank()) {
            ask(where, name, text, false);
        }
    }

    private Optional<Language> language(String name) {
        try {
            return Optional.ofNullable(context.resolveLanguage(name));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean ask(Entry where, String language, String text, boolean condition) {
        try {
            String resolved = context.resolvePropertyPlaceholders(text);
            if (resolved == null) {
                return false;
            }
            if (condition) {
                Predicate predicate = context.resolveLanguage(language).createPredicate(resolved);
                predicate.init(context);
            } else {
                Expression expression = context.resolveLanguage(language).createExpression(resolved);
                expression.init(context);
            }
            Matcher date = DATE.matcher(resolved);
            while (date.find()) {
                date(where, date.group(1) != null, date.group(2));
            }
            return true;
        } catch (Exception e) {
            String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            if (!said.startsWith("Property with key") && !said.contains("No bean could be found")) {
                mistakes.add(where.mistake(said + " in '" + text.strip().lines().findFirst().orElse("") + "'", condition ? "such as ${variable.name} == 'text'" : ""));
            }
            return false;
        }
    }

    private void date(Entry where, boolean zone, String command) {
        String[] parts = command.split(":", zone ? 3 : 2);
        if (!parts[0].matches("(now|millis|exchangeCreated|file|header[.].+|variable[.].+|exchangeProperty[.].+|property[.].+)([+-].*)?")) {
            mistakes.add(where.mistake("there is no date '" + parts[0] + "'", "now"));
        } else if (parts.length > 1) {
            try {
                new SimpleDateFormat(parts[parts.length - 1]);
            } catch (IllegalArgumentException e) {
                mistakes.add(where.mistake("'" + parts[parts.length - 1] + "' is no format of a date: " + e.getMessage(), "such as yyyy-MM-dd HH:mm"));
            }
        }
    }
}
