package org.waldur.siteagent.exec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.spi.Language;

/** One line of a command: literal text and {@code ${...}} parts, which together become one argument, or with {@code *} several. */
final class ArgvLine {
    /** In bytes, see MAX_ARG_STRLEN in execve(2); its last byte is the zero that ends it. */
    private static final int LONGEST_ARGUMENT = (128 << 10) - 1;

    private enum Kind { NEEDED, OPTIONAL, EACH }

    /** Either text or expression is null. */
    private record Part(String text, Expression expression) {
    }

    private final String source;
    private final Kind kind;
    private final List<Part> parts = new ArrayList<>();

    ArgvLine(String line, CamelContext context) {
        source = line;
        // a property that is empty leaves nothing but the mark
        kind = line.equals("?") || line.startsWith("? ") ? Kind.OPTIONAL : line.startsWith("* ") ? Kind.EACH : Kind.NEEDED;
        parse(kind == Kind.NEEDED ? line : line.substring(1).strip(), context);
        if (kind == Kind.EACH && (parts.size() != 1 || parts.get(0).expression() == null)) {
            throw new IllegalArgumentException("the line '" + line + "' must be '* ${...}' and nothing else");
        }
    }

    private void parse(String text, CamelContext context) {
        Language simple = context.resolveLanguage("simple");
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("${", at);
            if (open != at) {
                String literal = text.substring(at, open < 0 ? text.length() : open);
                parts.add(new Part(literal, null));
                at += literal.length();
            } else {
                int close = closing(text, open);
                Expression expression = simple.createExpression(text.substring(open, close + 1));
                expression.init(context);
                parts.add(new Part(null, expression));
                at = close + 1;
            }
        }
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open + 1; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("the line '" + text + "' has a '${' that is not closed");
    }

    /** The arguments that this line stands for: one, none if it is optional and blank, or one for each value of a list. */
    List<String> evaluate(Exchange exchange) {
        if (kind == Kind.EACH) {
            Object value = value(parts.get(0).expression(), exchange);
            List<?> values = value instanceof Collection<?> all ? List.copyOf(all) : List.of(value);
            if (values.isEmpty()) {
                throw new BlankArgument(source);
            }
            return values.stream().map(v -> checked(v.toString(), true)).toList();
        }
        if (parts.isEmpty()) {
            return List.of();
        }
        StringBuilder argument = new StringBuilder();
        for (Part part : parts) {
            String text = part.text() != null ? part.text() : text(value(part.expression(), exchange));
            if (part.text() == null && text.isBlank()) {
                if (kind == Kind.OPTIONAL) {
                    return List.of();
                }
                throw new BlankArgument(source);
            }
            argument.append(text);
        }
        return List.of(checked(argument.toString(), parts.get(0).text() == null));
    }

    private static Object value(Expression expression, Exchange exchange) {
        Object value = expression.evaluate(exchange, Object.class);
        return value instanceof Optional<?> optional ? optional.orElse(null) == null ? "" : optional.get() : value == null ? "" : value;
    }

    private static String text(Object value) {
        return value instanceof Collection<?> all ? String.join(",", all.stream().map(Object::toString).toList()) : value.toString();
    }

    /** A value must not become an option, and nothing may end a line of what a program prints. */
    private String checked(String argument, boolean beginsWithValue) {
        if (argument.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the line '" + source + "' of a command became an argument with a control character");
        }
        int bytes = argument.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_ARGUMENT) {
            throw new IllegalArgumentException("the line '" + source + "' of a command became an argument of " + bytes + " bytes, and Linux takes at most "
                    + LONGEST_ARGUMENT + "; give its list to several commands, or each value a line of its own with '* '");
        }
        if (beginsWithValue && (argument.startsWith("-") || argument.isBlank())) {
            throw new IllegalArgumentException("the line '" + source + "' of a command became '" + argument + "', which a program could take"
                    + " for an option or for nothing");
        }
        return argument;
    }
}
