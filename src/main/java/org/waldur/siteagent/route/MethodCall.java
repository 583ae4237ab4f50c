package org.waldur.siteagent.route;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/**
 * A call of a bean's method as it is written in a route, {@code name(argument, ...)}.
 *
 * @param arguments null: no brackets are written, and Camel finds the arguments itself
 */
record MethodCall(String name, List<String> arguments) {

    /** Throws {@link IllegalArgumentException} if brackets, braces or quotes are not closed. */
    static MethodCall parse(String text) {
        int open = text.indexOf('(');
        if (open < 0) {
            return new MethodCall(text.strip(), null);
        }
        if (!text.strip().endsWith(")")) {
            throw new IllegalArgumentException("'" + text + "' has a bracket that is not closed");
        }
        List<String> arguments = new ArrayList<>();
        String inside = text.strip().substring(open + 1, text.strip().length() - 1);
        int depth = 0;
        char quote = 0;
        int from = 0;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '{' || c == '(') {
                depth++;
            } else if (c == '}' || c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                arguments.add(inside.substring(from, i).strip());
                from = i + 1;
            }
        }
        if (depth != 0 || quote != 0) {
            throw new IllegalArgumentException("'" + text + "' has a " + (quote != 0 ? "quote" : "bracket or brace") + " that is not closed");
        }
        if (!inside.isBlank()) {
            arguments.add(inside.substring(from).strip());
        }
        return new MethodCall(text.substring(0, open).strip(), arguments);
    }

    List<Method> named(Class<?> bean) {
        return Arrays.stream(bean.getMethods()).filter(method -> method.getName().equals(name)).toList();
    }

    /** The methods of a bean that this may call. */
    List<Method> of(Class<?> bean) {
        return named(bean).stream().filter(this::takes).toList();
    }

    private boolean takes(Method method) {
        long ofItself = Arrays.stream(method.getParameterTypes()).filter(type -> type == Exchange.class || type == CamelContext.class).count();
        return arguments == null ? method.getParameterCount() - ofItself <= 1 : arguments.size() == method.getParameterCount();
    }

    /** Whether an argument is one that Camel understands: an expression, a quoted text, a number, true, false, null, or {@code *}. */
    static boolean isArgument(String argument) {
        return argument.matches("\\$\\{.*}|'.*'|\".*\"|-?\\d+(\\.\\d+)?|true|false|null|\\*|[\\w.$]+\\.class(\\s.*)?") && !argument.matches("\\$\\{[^{}]*}\\s*\\$\\{.*");
    }
}
